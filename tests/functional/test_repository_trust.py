"""What repositories of strangers try: nothing is written outside of their folder, and nothing of theirs is executed."""

import os
import pathlib
import subprocess

import pytest

from tests.support.remote import ENVIRONMENT, Remote

REPOSITORIES = "/api/extras/git-repositories/"
JOB = """
from nautobot.apps.jobs import Job, register_jobs

class Here(Job):
    class Meta:
        has_sensitive_variables = False
    def run(self):
        return "ran"

register_jobs(Here)
"""


class Hostile(Remote):
    """Commits entries that Git itself would not write."""

    def blob(self, text):
        return self.given("hash-object", "-w", "--stdin", text=text)

    def given(self, *arguments, text):
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=ENVIRONMENT, input=text, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tree(self, *entries):
        """(mode, name, id) as they are."""
        kinds = {"040000": "tree", "160000": "commit"}
        lines = [f"{mode} {kinds.get(mode, 'blob')} {which}\t{name}\n" for mode, name, which in entries]
        return self.given("mktree", "--missing", text="".join(lines))

    def commit_entries(self, *entries):
        """On top of what jobs need."""
        jobs = [("100644", "__init__.py", self.blob("")), ("100644", "jobs.py", self.blob(JOB))]
        made = self.git("commit-tree", self.tree(*jobs, *entries), "-m", "Hostile")
        self.git("update-ref", "refs/heads/main", made)
        return made


@pytest.fixture
def remote(tmp_path):
    return Hostile(tmp_path / "remote")


def sync(windlass, remote, status):
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url})
    done = windlass.wait(windlass.post(REPOSITORIES + "net/sync/", {}, 200)["job_result"])
    text = "\n".join(windlass.messages(done))
    assert done["status"]["value"] == status, (done, text)
    return text


def folder_of(windlass):
    return windlass.home / "git/net/current/net"


def test_links_lead_nowhere_outside(windlass, remote, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of another")
    windlass.start()
    remote.commit_entries(
        ("120000", "absolute", remote.blob(str(secret))),
        ("120000", "climbing", remote.blob("../../../../../../../secret")),
        ("120000", "key", remote.blob("../../../../secret.key")),
        ("120000", "inside", remote.blob("jobs.py")),
    )
    text = sync(windlass, remote, "SUCCESS")
    for name in ("absolute", "climbing", "key"):
        assert f'"{name}" is left out: the symbolic link leads out of the repository' in text, text
        assert not os.path.lexists(folder_of(windlass) / name)
    assert not (folder_of(windlass) / "inside").is_symlink()
    assert (folder_of(windlass) / "inside").read_text() == JOB
    assert windlass.run("net.jobs.Here")["result"] == "ran"


def test_hooks_filters_and_submodules_are_not_executed(windlass, remote, tmp_path):
    windlass.start()
    mark = tmp_path / "executed"
    hook = remote.blob(f"#!/bin/sh\ntouch {mark}\n")
    names = ("post-checkout", "post-merge", "pre-commit", "reference-transaction", "fsmonitor-watchman")
    hooks = remote.tree(*(("100755", name, hook) for name in sorted(names)))
    # As if the repository's root were a bare repository, whose hooks and configuration count.
    remote.commit_entries(
        ("100644", ".gitattributes", remote.blob("*.py filter=evil diff=evil merge=evil\n")),
        (
            "100644",
            ".gitmodules",
            remote.blob(
                f'[submodule "sub"]\n\tpath = sub\n\turl = ext::sh -c "touch {mark}"\n\tupdate = !touch {mark}\n'
            ),
        ),
        ("100644", "HEAD", remote.blob("ref: refs/heads/main\n")),
        (
            "100644",
            "config",
            remote.blob(f'[core]\n\tfsmonitor = touch {mark}\n[filter "evil"]\n\tsmudge = touch {mark}\n'),
        ),
        ("040000", "hooks", hooks),
        ("160000", "sub", "1" * 40),
    )
    text = sync(windlass, remote, "SUCCESS")
    assert '"sub" is left out: it is a Git submodule, and submodules are not fetched' in text
    assert not mark.exists()
    mirror = windlass.home / "git/net/mirror.git"
    assert not (mirror / "hooks").exists()
    assert "evil" not in (mirror / "config").read_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".git", "is Git's own folder"),
        (".GIT", "is Git's own folder"),
        ("..", "is no name of a file or folder"),
        ("JOBS.PY", "in upper and lower case alone"),
    ],
)
def test_names_that_play_tricks_refuse_the_commit(windlass, remote, name, told):
    windlass.start()
    evil = remote.tree(("100644", "config", remote.blob("[core]\n\tfsmonitor = false\n")))
    remote.commit_entries(("040000", name, evil))
    assert told in sync(windlass, remote, "FAILURE")
    assert not (windlass.home / "git/net/current").exists()
    assert sorted(path.name for path in (windlass.home / "git").iterdir()) == ["net"]


def test_a_large_file_pointer_is_named(windlass, remote):
    windlass.start()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 123456\n"
    remote.commit_entries(("100644", "model.bin", remote.blob(pointer)))
    assert '"model.bin" is a Git LFS pointer, not the file itself' in sync(windlass, remote, "SUCCESS")


def test_what_a_commit_brings_is_read_only(windlass, remote):
    windlass.start()
    remote.commit_entries()
    sync(windlass, remote, "SUCCESS")
    for path in [folder_of(windlass), *folder_of(windlass).rglob("*")]:
        assert pathlib.Path(path).stat().st_mode & 0o222 == 0, path
