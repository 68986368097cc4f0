"""Repositories and JOBS_ROOT side by side: names, imports between them, paths, collisions."""

import pytest

import host as host_side

JOB = """
from windlass import jobs

class Good(jobs.Job):
    def run(self):
        return "good"

jobs.register_jobs(Good)
"""


@pytest.fixture
def load(shared_host, write):
    """load({"netjobs/…": source, "jobs/…": source}) → a zygote. Folders whose names begin with
    `net` are repositories; `jobs` is JOBS_ROOT.
    """
    opened = []

    def make(files, skip=None, **more):
        folder = write(
            {
                name if name.startswith("jobs/") else name.partition("/")[0] + "-c1/" + name: source
                for name, source in files.items()
            }
        )
        slugs = sorted({name.partition("/")[0] for name in files} - {"jobs"})
        sources = [
            host_side.git(folder / (slug + "-c1"), slug, "/home/git/%s/current" % slug, skip)
            for slug in slugs
        ]
        if (folder / "jobs").exists():
            sources.append(host_side.jobs_root(folder / "jobs", root="/jobs"))
        opened.append(shared_host.zygote_of(host_side.version_of(*sources, **more)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def class_paths(report):
    assert report["error"] is None, report["error"]["traceback"] or report["error"]["message"]
    return [declared["class_path"] for declared in report["classes"]]


def test_a_repository_of_one_file(load):
    zygote = load({"netjobs/__init__.py": "", "netjobs/jobs.py": "name = 'Net'\n" + JOB})
    assert zygote.imported == ["netjobs.jobs"]
    report = zygote.module("netjobs.jobs")
    assert (report["source"], "app" in report) == ("git:netjobs", False)
    assert report["file_path"] == "/home/git/netjobs/current/netjobs/jobs.py"
    assert class_paths(report) == ["netjobs.jobs.Good"]
    (declared,) = report["classes"]
    assert (declared["module_name"], declared["grouping"]) == ("netjobs.jobs", "Net")
    assert declared["file_path"] == report["file_path"]
    assert zygote.manifest["installed_modules"] == []
    child = zygote.fork()
    child.run("netjobs.jobs.Good")
    assert child.result()["result"] == "good"


def test_a_repository_with_a_package_of_jobs(load):
    zygote = load(
        {
            "netjobs/__init__.py": "LIMIT = 3",
            "netjobs/shared/__init__.py": "",
            "netjobs/shared/words.py": "WORD = 'absolute'",
            "netjobs/jobs/__init__.py": "from .check import Good\nfrom . import more",
            "netjobs/jobs/check.py": JOB,
            "netjobs/jobs/more.py": """
            import netjobs.shared.words
            from netjobs import LIMIT
            from netjobs.shared import words
            from .. import shared
            from ..shared.words import WORD as relative
            from .check import Good
            from nautobot.apps.jobs import Job, register_jobs
            assert shared is netjobs.shared

            class More(Good):
                def run(self):
                    return [words.WORD, relative, LIMIT, self.load_json("data.json"),
                            self.load_yaml("data.json"), self.class_path]
            register_jobs(More)
            """,
            "netjobs/jobs/data.json": "[1]",
            "netjobs/other.py": "raise RuntimeError('only jobs is imported')",
        }
    )
    report = zygote.module("netjobs.jobs")
    assert class_paths(report) == ["netjobs.jobs.check.Good", "netjobs.jobs.more.More"]
    assert report["file_path"] == "/home/git/netjobs/current/netjobs/jobs/__init__.py"
    assert report["classes"][1]["file_path"].endswith("/current/netjobs/jobs/more.py")
    child = zygote.fork()
    child.run("netjobs.jobs.more.More")
    assert child.result()["result"] == [
        *("absolute", "absolute", 3, [1], [1]),
        "netjobs.jobs.more.More",
    ]


def test_a_traceback_shows_where_the_repository_lies_for_its_readers(load):
    zygote = load(
        {
            "netbad/__init__.py": "",
            "netbad/jobs.py": "from netbad.inner import x",
            "netbad/inner.py": "x = 1\nraise RuntimeError('no')",
            "netrun/__init__.py": "",
            "netrun/jobs.py": JOB.replace('return "good"', "1 / 0"),
        }
    )
    error = zygote.module("netbad.jobs")["error"]
    lines = [line.strip() for line in error["traceback"].splitlines() if "File" in line]
    assert lines == [
        'File "/home/git/netbad/current/netbad/jobs.py", line 1, in <module>',
        'File "/home/git/netbad/current/netbad/inner.py", line 2, in <module>',
    ]
    child = zygote.fork()
    child.run("netrun.jobs.Good")
    traceback = child.result()["traceback"]
    assert 'File "/home/git/netrun/current/netrun/jobs.py", line 6, in run\n    1 / 0' in traceback


@pytest.mark.parametrize("order", ["a to b to root", "root to b to a"])
def test_sources_import_one_another_in_any_order(load, order):
    names = ["neta.jobs", "netb.jobs", "mine"]
    if order.startswith("root"):
        names.reverse()
    wanted = {name: JOB for name in names}
    for one, next_one in zip(names, names[1:]):
        wanted[one] = "from %s import Good as Other\nassert Other.class_path\n" % next_one + JOB
    zygote = load(
        {
            "neta/__init__.py": "",
            "netb/__init__.py": "",
            "neta/jobs.py": wanted["neta.jobs"],
            "netb/jobs.py": wanted["netb.jobs"],
            "jobs/mine.py": wanted["mine"],
        }
    )
    for name in names:
        assert class_paths(zygote.module(name)) == [name + ".Good"]
    assert [module["source"] for module in zygote.manifest["modules"]] == [
        *("git:neta", "git:netb", "jobs_root"),
    ]


def test_a_class_stands_under_the_source_that_defines_it_whoever_registers_it(load):
    defined = JOB.replace("jobs.register_jobs(Good)", "")
    register = "from windlass import jobs\nfrom neta.base import Good\njobs.register_jobs(Good)"
    zygote = load(
        {
            "neta/__init__.py": "",
            "neta/jobs.py": "",
            "neta/base.py": defined,
            "netb/__init__.py": "",
            "netb/jobs.py": register,
        }
    )
    assert class_paths(zygote.module("neta.jobs")) == ["neta.base.Good"]
    assert class_paths(zygote.module("netb.jobs")) == []


def test_a_repository_that_fails_hurts_no_other_and_leaves_no_class(load):
    zygote = load(
        {
            "neta/__init__.py": "",
            "neta/helpers.py": JOB,
            "neta/jobs.py": "import neta.helpers\n" + JOB + "1 / 0",
            "netb/__init__.py": "",
            "netb/jobs.py": JOB,
            "jobs/needs.py": "import neta.jobs",
        }
    )
    assert zygote.module("neta.jobs")["error"]["type"] == "ZeroDivisionError"
    assert zygote.module("needs")["error"]["type"] == "ZeroDivisionError"
    assert zygote.module("neta.jobs")["classes"] == []
    assert class_paths(zygote.module("netb.jobs")) == ["netb.jobs.Good"]
    child = zygote.fork()
    child.run("neta.helpers.Good")
    assert child.result()["reason"] == "unknown_class"


def test_the_first_source_has_the_name(load):
    zygote = load(
        {"netjobs/__init__.py": "", "netjobs/jobs.py": JOB, "jobs/netjobs/__init__.py": JOB}
    )
    assert class_paths(zygote.module("netjobs.jobs")) == ["netjobs.jobs.Good"]
    refused = zygote.module("netjobs")
    assert (refused["source"], refused["classes"]) == ("jobs_root", [])
    assert refused["error"]["message"] == (
        "The name netjobs is taken by the source git:netjobs. Rename the file."
    )


@pytest.mark.parametrize(
    "slug, where",
    [
        ("json", "at "),
        ("sys", "that comes with Python"),
        ("nautobot", "that Windlass provides"),
        ("windlass", "at "),
        ("yaml", "at "),
    ],
)
def test_a_slug_that_is_taken_is_refused(load, slug, where):
    zygote = load({slug + "/__init__.py": "", slug + "/jobs.py": JOB, "jobs/good.py": JOB})
    message = zygote.module(slug + ".jobs")["error"]["message"]
    assert message.startswith("The name %s is taken by the module %s" % (slug, where))
    assert message.endswith(". Add the repository again, with another slug.")
    assert class_paths(zygote.module("good")) == ["good.Good"]


def test_a_repository_without_its_package_file_is_refused(load):
    error = load({"netjobs/jobs.py": JOB}).module("netjobs.jobs")["error"]
    assert error["message"] == (
        "The repository has no __init__.py at its root. Add one; it may be empty."
    )


def test_a_repository_to_be_skipped_is_not_imported(load):
    zygote = load(
        {"netjobs/__init__.py": "", "netjobs/jobs.py": "import os; os._exit(1)"},
        skip={"netjobs.jobs": "It hung."},
    )
    report = zygote.module("netjobs.jobs")
    assert (zygote.imported, report["error"]["message"]) == ([], "It hung.")
    assert report["file_path"] == "/home/git/netjobs/current/netjobs/jobs.py"


def test_all_levels_of_a_repositorys_own_loggers_are_in_the_log(load):
    source = """
    import logging
    from netjobs import helper
    from windlass import jobs
    class J(jobs.Job):
        def run(self): helper.work()
    jobs.register_jobs(J)
    """
    helper = "import logging\ndef work(): logging.getLogger(__name__).debug('deep')"
    zygote = load(
        {"netjobs/__init__.py": "", "netjobs/jobs.py": source, "netjobs/helper.py": helper}
    )
    child = zygote.fork()
    child.run("netjobs.jobs.J")
    assert child.receive_type("log")["message"] == "deep"


def test_a_check_reads_what_belongs_to_the_jobs_of_a_repository(load):
    zygote = load(
        {
            "netjobs/__init__.py": "",
            "netjobs/jobs/__init__.py": "import netjobs.used\n" + JOB,
            "netjobs/jobs/lost.py": JOB,
            "netjobs/used.py": "def later():\n    import nautobot.dcim\n",
            "netjobs/tests/test_it.py": "import nautobot.core.testing\n" + JOB,
            "netone/__init__.py": "",
            "netone/jobs.py": JOB + "def later():\n    import nautobot.ipam\n",
        },
        check=True,
    )
    found = {
        (w["code"], w["file_path"].rpartition("/current/")[2]) for w in zygote.manifest["warnings"]
    }
    assert found == {
        ("class.unregistered", "netjobs/jobs/lost.py"),
        ("import.missing", "netjobs/used.py"),
        ("import.missing", "netone/jobs.py"),
        ("meta.same_name", "netone/jobs.py"),
    }
