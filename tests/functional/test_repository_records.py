"""Git repositories as records: added, shown, changed and removed by REST and on the command line, their secrets sealed."""

import hashlib
import hmac
import json

REPOSITORIES = "/api/extras/git-repositories/"


def add(windlass, *arguments, **options):
    return windlass.command("repositories", "add", *arguments, **options)


def listed(windlass):
    return json.loads(windlass.command("repositories", "--json", "list", check=0).stdout)


def test_the_command_line_adds_shows_and_removes(windlass, tmp_path):
    assert "repositories add" in windlass.command("repositories", check=0).stdout
    added = add(
        windlass,
        "Net Jobs",
        "https://example.org/net.git",
        "--branch",
        "v2",
        "--poll",
        "60",
        "--username",
        "ada",
        "--python",
        "/opt/venv/bin/python",
        "--token-file",
        "-",
        input="hunter2\n",
        check=0,
    )
    assert "repositories sync net_jobs" in added.stdout
    (repository,) = listed(windlass)
    assert (repository["slug"], repository["branch"], repository["poll_interval"]) == ("net_jobs", "v2", 60)
    assert (repository["has_secret"], repository["secret_kind"], repository["username"]) == (
        True,
        "token",
        "ada",
    )
    shown = windlass.command("repositories", "show", "Net Jobs", check=0).stdout
    assert "https://example.org/net.git" in shown and "hunter2" not in shown
    assert b"hunter2" not in (windlass.home / "windlass.sqlite3").read_bytes()

    wrong = add(windlass, "Net Jobs", "nonsense", "--branch", "a b", check=2)
    for text in ("name", "slug", "remote_url", "Enter a valid URL.", "branch"):
        assert text in wrong.stderr, wrong.stderr
    empty = tmp_path / "empty"
    empty.touch()
    assert "is empty" in add(windlass, "X", "https://example.org/x", "--token-file", empty, check=2).stderr
    assert "There is no Git repository" in windlass.command("repositories", "show", "other", check=2).stderr
    windlass.command("repositories", "remove", "net_jobs", check=0)
    assert listed(windlass) == []


def test_what_is_added_and_removed_is_told_as_json(windlass):
    def told(*arguments):
        return json.loads(windlass.command("repositories", "--json", *arguments, check=0).stdout)

    added = told("add", "net", "https://example.org/net.git")
    assert [added] == listed(windlass)
    assert told("remove", "net") == added
    assert listed(windlass) == []


def test_text_that_is_no_utf8_gets_nowhere(windlass):
    wrong = "na\udcffme"  # the byte 0xff
    refused = add(windlass, wrong, "https://example.org/net.git", check=2)
    assert "Not a valid string." in refused.stderr
    assert listed(windlass) == []
    assert "is no UTF-8" in windlass.command("worker", "--queue", wrong, check=2).stderr
    assert "text in UTF-8" in windlass.command("--queues", wrong, "worker", check=2).stderr


def test_a_sync_without_an_account_names_what_it_takes(windlass):
    add(windlass, "net", "https://example.org/net.git", check=0)
    refused = windlass.command("repositories", "sync", "net", check=2)
    assert "createsuperuser`." in refused.stderr
    assert "--local" not in refused.stderr


def test_a_secret_may_come_from_the_environment(windlass):
    secrets = {"WINDLASS_REPOSITORY_TOKEN": "t0ken", "WINDLASS_REPOSITORY_WEBHOOK_SECRET": "hook"}
    add(windlass, "net", "https://example.org/net.git", environment=secrets, check=0)
    (repository,) = listed(windlass)
    assert repository["has_secret"] and repository["has_webhook_secret"]


def test_names_of_other_code_are_taken(windlass):
    windlass.write_job("backups.py", "")
    for name in ("json", "nautobot", "backups", "my_app"):
        refused = add(
            windlass, name, "https://example.org/x", environment={"WINDLASS_APPS": "my_app"}, check=2
        )
        assert "slug" in refused.stderr, name
    assert listed(windlass) == []


def test_a_rotated_key_goes_on_opening_their_secrets(windlass):
    windlass.spawn("runserver")
    windlass.create_superuser()
    windlass.post(
        REPOSITORIES,
        {
            "name": "net",
            "remote_url": "https://example.org/net.git",
            "token": "t",
            "webhook_secret": "hook",
        },
    )
    for _ in range(2):
        assert "values sealed anew: 2" in windlass.command("rotate-key", check=0).stdout
    body = json.dumps({"ref": "refs/heads/other"})
    signature = hmac.new(b"hook", body.encode(), hashlib.sha256).hexdigest()
    answer = windlass.session.post(
        windlass.url + REPOSITORIES + "net/webhook/",
        data=body,
        headers={
            "Authorization": None,
            "X-Hub-Signature-256": "sha256=" + signature,
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == 200 and "Ignored" in answer.json()["message"], answer.text


def test_file_urls_are_for_whoever_is_on_this_machine(windlass):
    windlass.spawn("runserver")
    windlass.create_superuser()
    body = {"name": "net", "remote_url": f"file://{windlass.home}/net"}
    refused = windlass.post(REPOSITORIES, body, status=400)
    assert "Enter a valid URL." in refused["remote_url"][0]
    add(windlass, "net", body["remote_url"], check=0)
    assert windlass.get("/api/extras/")["git-repositories"] == windlass.url + REPOSITORIES
