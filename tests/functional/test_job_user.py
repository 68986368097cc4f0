"""Jobs under an account of their own: they read all job code, and nothing else of the home."""

import os
import pathlib
import pwd
import shutil
import tempfile
import textwrap

import pytest

from tests.support.remote import Remote
from tests.support.server import Windlass, wait_until
from tests.support.wheels import build_wheel

ACCOUNT = "nobody"
PYTHON = "/usr/bin/python3"
REPOSITORIES = "/api/extras/git-repositories/"

IS_ROOT = os.geteuid() == 0

# Tells what the account can do with each path of the home.
LOOKS = """
    import os
    from nautobot.apps.jobs import Job, StringVar, register_jobs

    def can(path):
        try:
            if os.path.isdir(path):
                return os.listdir(path) and "list"
            with open(path, "rb") as file:
                return file.read() and "read"
        except PermissionError:
            return "no"

    class Looks(Job):
        home = StringVar()
        class Meta:
            has_sensitive_variables = False
        def run(self, *, home):
            return [os.getuid(), [can(os.path.join(home, name)) for name in %r]]

    register_jobs(Looks)
"""
SHOWN = "git/net/current/net/jobs.py"
SECRET = [
    "windlass.sqlite3",
    "secret.key",
    "windlass.toml",
    "files",
    "run",
    "sources",
    "git",
    "git/net",
    "git/net/mirror.git",
    "git/net/mirror.git/config",
    "git/net/sync.lock",
    "venvs",
]
IMPORTS = """
    from net.jobs import can
    from nautobot.apps.jobs import Job, register_jobs

    class Imports(Job):
        class Meta:
            has_sensitive_variables = False
        def run(self):
            import net.late
            return net.late.VALUE

    register_jobs(Imports)
"""


@pytest.fixture
def place():
    """A folder that other accounts get through, as pytest's own are closed to them."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="windlass-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def other(place):
    instance = Windlass(place / "home", python=PYTHON)
    yield instance
    instance.close()


def add_and_sync(windlass, remote, **fields):
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url, **fields})
    done = windlass.wait(windlass.post(REPOSITORIES + "net/sync/", {}, 200)["job_result"])
    assert done["status"]["value"] == "SUCCESS", (done, windlass.messages(done))


def expect_refusal(windlass):
    """Who is not root cannot run jobs as another account, and is told."""
    windlass.environment["WINDLASS_JOB_USER"] = ACCOUNT
    process = windlass.spawn("start")
    wait_until(lambda: "Only root may run jobs" in windlass.log_of(process), 20, "why not is told")


def test_job_code_is_all_that_the_account_can_read(other, place):
    if not IS_ROOT:
        return expect_refusal(other)
    remote = Remote(place / "remote")
    remote.commit(
        {
            "__init__.py": "",
            "jobs.py": "import dependency\n" + textwrap.dedent(LOOKS % [SHOWN, *SECRET]),
            "requirements.txt": "dependency==1.0\n",
        }
    )
    build_wheel(place / "wheels", "dependency", "1.0", {"dependency.py": ""})
    other.environment.update(
        WINDLASS_GIT_REQUIREMENTS="yes", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(place / "wheels")
    )
    # A home that was in use before the setting was made.
    other.write_job("here.py", "")
    process = other.start()
    assert other.stop(process) == 0
    other.environment["WINDLASS_JOB_USER"] = ACCOUNT
    other.home.chmod(0o700)
    process = other.spawn("start")
    wait_until(lambda: f"chmod o+x {other.home}" in other.log_of(process), 10, "what to do is told")
    assert other.stop(process) == 0
    other.home.chmod(0o711)
    other.spawn("start")
    add_and_sync(other, remote)
    other.write_job("here.py", LOOKS % [SHOWN])
    for class_path in ("net.jobs.Looks", "here.Looks"):
        other.wait_for_job(class_path, installed=True)
        other.enable(class_path)
    for class_path in ("net.jobs.Looks", "here.Looks"):
        done = other.wait(other.submit(class_path, {"home": str(other.home)}))
        assert done["status"]["value"] == "SUCCESS", (done, other.messages(done))
        account, (shown, *secret) = done["result"]
        assert (account, shown) == (pwd.getpwnam(ACCOUNT).pw_uid, "read")
        assert set(secret) <= {"no"}, list(zip(SECRET, secret))


def test_sources_import_one_another_under_the_account(other, place):
    if not IS_ROOT:
        return expect_refusal(other)
    remote = Remote(place / "remote")
    remote.commit({"__init__.py": "", "jobs.py": LOOKS % [], "late.py": "VALUE = 7"})
    other.environment["WINDLASS_JOB_USER"] = ACCOUNT
    other.home.chmod(0o711)
    other.start()
    add_and_sync(other, remote)
    other.write_job("here.py", IMPORTS)
    other.wait_for_job("here.Imports", installed=True)
    other.enable("here.Imports")
    done = other.wait(other.submit("here.Imports"))
    assert (done["status"]["value"], done["result"]) == ("SUCCESS", 7), (done, other.messages(done))
