"""Where repositories are fetched from, and what is shown to whom: tokens, ssh keys and host keys, folders of this machine."""

import base64
import json
import secrets

import asyncssh
import pytest

from tests.support.git_servers import HttpGit, SshGit
from tests.support.remote import Remote

REPOSITORIES = "/api/extras/git-repositories/"
FILES = {
    "__init__.py": "",
    "jobs.py": """
        from nautobot.apps.jobs import Job, register_jobs

        class MyJob(Job):
            class Meta:
                has_sensitive_variables = False
            def run(self):
                return "ran"

        register_jobs(MyJob)
    """,
}


@pytest.fixture
def remote(tmp_path):
    repository = Remote(tmp_path / "remote")
    repository.commit(FILES)
    return repository


def add(windlass, url, **fields):
    return windlass.post(REPOSITORIES, {"name": "net", "remote_url": url, **fields})


def change(windlass, **fields):
    answer = windlass.request("PATCH", REPOSITORIES + "net/", json=fields)
    assert answer.status_code == 200, answer.text


def sync(windlass, status):
    """Syncs, and returns the run's result; what was told of it in `told`."""
    done = windlass.wait(windlass.post(REPOSITORIES + "net/sync/", status=200)["job_result"])
    assert done["status"]["value"] == status, (done, windlass.messages(done))
    shown = windlass.get(REPOSITORIES + "net/")
    assert shown["sync_error"] == done["reason"], "what failed stands on the record, or nothing does"
    return {**done, "told": json.dumps([done, shown, windlass.logs(done), windlass.console(done)])}


def files_with(folder, *texts):
    """Files beneath the folder, logs and database included, that hold one of these."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(text.encode() in path.read_bytes() for text in texts)
    ]


def test_a_token_is_shown_to_the_server_and_nowhere_else(windlass, remote):
    token, wrong = secrets.token_hex(20), secrets.token_hex(20)
    windlass.start()
    with HttpGit(remote.folder, "ada", token) as server:
        add(windlass, server.url, username="ada", token=wrong)
        refused = sync(windlass, "FAILURE")
        assert "refused the repository's user name and token" in refused["reason"]
        assert server.visits == 0
        change(windlass, token=token)
        good = sync(windlass, "SUCCESS")
        assert server.visits > 0
        assert server.shown_by == set(), "processes that show the token"
    assert windlass.run("net.jobs.MyJob")["result"] == "ran"
    basic = base64.b64encode(f"ada:{token}".encode()).decode()
    assert files_with(windlass.home, token, wrong, basic) == []
    assert "[remote" not in (windlass.home / "git/net/mirror.git/config").read_text()
    for told in (refused["told"], good["told"], windlass.command("repositories", "show", "net").stdout):
        assert token not in told and wrong not in told


def test_an_ssh_host_is_trusted_once_its_key_is_given(windlass, remote):
    windlass.start()
    with SshGit(remote.folder) as server:
        key = server.private_key
        add(windlass, server.url, ssh_key=key)
        line = server.known_host(server.host_key)
        unknown = sync(windlass, "FAILURE")
        assert "is not known" in unknown["reason"] and "SHA256:" in unknown["reason"]
        assert line in unknown["reason"], "what to add, if the fingerprint is right"
        change(windlass, known_hosts=server.known_host(server.key))
        other = sync(windlass, "FAILURE")
        assert "is another one than the known hosts have" in other["reason"]
        assert server.visitors == [], "nobody signs in at a host that is not trusted"

        change(windlass, known_hosts=line)
        good = sync(windlass, "SUCCESS")
        assert server.visitors == ["git"]
        change(windlass, ssh_key=asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode())
        refused = sync(windlass, "FAILURE")
        assert "127.0.0.1" in refused["reason"] and "key" in refused["reason"]
    assert windlass.run("net.jobs.MyJob")["result"] == "ran"
    parts = key.splitlines()[1:-1]
    assert files_with(windlass.home, *parts) == []
    for each in (unknown, other, good, refused):
        assert not any(part in each["told"] for part in parts)


def test_the_setting_names_a_file_of_known_hosts(windlass, remote):
    hosts = windlass.home / "hosts"
    windlass.environment["WINDLASS_GIT_KNOWN_HOSTS"] = str(hosts)
    windlass.start()
    with SshGit(remote.folder) as server:
        add(windlass, server.url, ssh_key=server.private_key)
        sync(windlass, "FAILURE")
        hosts.write_text(server.known_host(server.host_key) + "\n")
        sync(windlass, "SUCCESS")


def test_folders_of_this_machine_lie_beneath_the_setting(windlass, remote, tmp_path):
    other = Remote(tmp_path / "other")
    other.commit(FILES)
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    inside = remote.folder.rename(allowed / "net")
    (allowed / "link").symlink_to(other.folder)
    windlass.environment["WINDLASS_GIT_FILE_ROOTS"] = str(allowed)
    windlass.start()
    for outside in (other.folder, f"{allowed}/../other", f"{allowed}/%2e%2e/other", allowed / "link"):
        body = {"name": "net", "remote_url": f"file://{outside}"}
        refused = windlass.post(REPOSITORIES, body, status=400)
        assert "git_file_roots" in json.dumps(refused["remote_url"]), refused
    add(windlass, f"file://{inside}")
    good = sync(windlass, "SUCCESS")["result"]["head"]

    # What was a folder becomes a way out after it was allowed.
    inside.rename(tmp_path / "moved")
    inside.symlink_to(other.folder)
    other.commit({"extra.py": ""})
    assert "git_file_roots" in sync(windlass, "FAILURE")["reason"]
    assert windlass.get(REPOSITORIES + "net/")["current_head"] == good
    assert windlass.run("net.jobs.MyJob")["result"] == "ran"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://ada:hunter2@example.org/net.git", "take them out"),
        ("ssh://ada:hunter2@example.org/net.git", "take them out"),
        ("git://example.org/net.git", "not by"),
        ("ext::sh -c hunter2", "has no place"),
        ("ssh://-oProxyCommand=hunter2/net.git", "names no valid host"),
        ("git@-oProxyCommand=hunter2:net.git", "names no valid host"),
    ],
)
def test_urls_that_hold_secrets_or_commands_are_refused(shared, url, told):
    refused = shared.post(REPOSITORIES, {"name": "net", "remote_url": url}, status=400)
    text = " ".join(refused["remote_url"])
    assert told in text and "hunter2" not in text, refused
