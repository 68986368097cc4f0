"""Apps: installed packages that bring jobs."""

import textwrap

import pytest

import host as host_side
from windlass import apps
from windlass._django import Settings
from windlass.jobs import testing

JOB = """
from nautobot.apps.jobs import Job, register_jobs

class Good(Job):
    def run(self):
        return "good"

register_jobs(Good)
"""
CONFIG = """
from nautobot.apps import NautobotAppConfig

class Config(NautobotAppConfig):
    name = "my_app"
    verbose_name = "My Own App"
    base_url = "my-app"
    version = "1.2.3"
    author = "Ada"
    middleware = ["anything.else"]
    default_settings = {"colour": "red"}

    def ready(self):
        raise RuntimeError("called")

config = Config
"""


@pytest.fixture
def load(tmp_path, write):
    """load({"my_app/…": source, "jobs/…": source}, *apps) → a zygote of an interpreter that has all
    but `jobs` installed; `jobs` is JOBS_ROOT.
    """
    hosts = []

    def make(files, *packages, git=(), **more):
        folder = write(files)
        installed = tmp_path / "installed"
        installed.mkdir()
        for entry in folder.iterdir():
            if entry.name not in ("jobs", *git):
                entry.rename(installed / entry.name)
        hosts.append(host_side.Host(vendor=str(installed)))
        sources = [host_side.app(package, more.pop("skip", None)) for package in packages]
        sources += [host_side.git(folder, slug) for slug in git]
        if (folder / "jobs").exists():
            sources.append(host_side.jobs_root(folder / "jobs"))
        make.installed, make.version = installed, host_side.version_of(*sources, **more)
        return hosts[-1].zygote_of(make.version)

    yield make
    for host in hosts:
        host.close()


def class_paths(report):
    assert report["error"] is None, report["error"]["traceback"] or report["error"]["message"]
    return [declared["class_path"] for declared in report["classes"]]


def tops(zygote):
    return {name.partition(".")[0] for name in zygote.manifest["installed_modules"]}


def test_an_app(load):
    zygote = load({"my_app/__init__.py": CONFIG, "my_app/jobs.py": JOB}, "my_app")
    assert zygote.imported == ["my_app"]
    (report,) = zygote.manifest["modules"]
    folder = str(load.installed / "my_app")
    assert class_paths(report) == ["my_app.jobs.Good"]
    assert report["classes"][0]["file_path"] == report["file_path"] == folder + "/jobs.py"
    assert (report["name"], report["source"]) == ("my_app", "app:my_app")
    assert report["app"] == {
        "name": "my_app",
        "verbose_name": "My Own App",
        "base_url": "my-app",
        "version": "1.2.3",
        "jobs": "my_app.jobs",
        "path": folder,
    }
    assert "importlib.metadata" in zygote.manifest["installed_modules"]
    assert not tops(zygote) & {"my_app", "nautobot", "windlass"}
    assert zygote.manifest["warnings"] == []
    child = zygote.fork()
    child.run("my_app.jobs.Good")
    assert child.result()["result"] == "good"


def test_what_a_config_need_not_say(load):
    config = """
    from windlass.apps import WindlassAppConfig
    class Config(WindlassAppConfig):
        jobs = "automation.nightly"
    config = Config
    """
    zygote = load(
        {
            "my_app/__init__.py": config,
            "my_app/automation/__init__.py": "",
            "my_app/automation/nightly/__init__.py": "from . import one",
            "my_app/automation/nightly/one.py": JOB,
        },
        "my_app",
    )
    report = zygote.module("my_app")
    assert class_paths(report) == ["my_app.automation.nightly.one.Good"]
    assert report["app"] == {
        "name": "my_app",
        "verbose_name": "My App",
        "base_url": "my_app",
        "version": "",
        "jobs": "my_app.automation.nightly",
        "path": str(load.installed / "my_app"),
    }


def test_what_packages_of_apps_do_at_import(load):
    files = {
        "my_app/__init__.py": """
        from importlib import metadata
        from nautobot.apps import ConstanceConfigItem, NautobotAppConfig, nautobot_database_ready
        from nautobot.core.signals import nautobot_database_ready
        from nautobot.extras.plugins import NautobotAppConfig, PluginConfig

        __version__ = metadata.version(__name__)

        class Config(NautobotAppConfig):
            name = "my_app"
            version = "0.0.0"
            min_version = "2.0.0"
            required_settings = []
            default_settings = {"colour": "red"}
            constance_config = {"SIZE": ConstanceConfigItem(default=3, help_text="", field_type=int)}
            def ready(self):
                super().ready()
                nautobot_database_ready.connect(print, sender=self)

        config = Config
        """,
        "my_app/jobs.py": """
        from django.conf import settings
        from my_app import __version__
        from nautobot.apps import jobs
        COLOUR = settings.PLUGINS_CONFIG["my_app"]["colour"]
        class J(jobs.Job):
            def run(self): return [COLOUR, settings.PLUGINS, __version__]
        jobs.register_jobs(J)
        """,
        "My_App-2.5.dist-info/METADATA": "Metadata-Version: 2.1\nName: My.App\nVersion: 2.5\n",
    }
    zygote = load({name: textwrap.dedent(text) for name, text in files.items()}, "my_app")
    assert class_paths(zygote.module("my_app")) == ["my_app.jobs.J"]
    assert zygote.module("my_app")["app"]["version"] == "2.5"
    child = zygote.fork()
    child.run("my_app.jobs.J")
    assert child.result()["result"] == ["red", ["my_app"], "2.5"]


def test_the_settings_list_the_apps_and_nothing_else_that_is_configured(load):
    job = """
    from django.conf import settings
    import library
    from nautobot.apps import jobs
    class J(jobs.Job):
        def run(self): return [settings.PLUGINS, settings.PLUGINS_CONFIG]
    jobs.register_jobs(J)
    """
    zygote = load(
        {
            "my_app/__init__.py": """
            from library import Base
            class Config(Base):
                default_settings = {"colour": "red"}
            config = Config
            """,
            "my_app/jobs.py": job,
            "library.py": """
            from nautobot.apps import NautobotAppConfig
            class Base(NautobotAppConfig):
                default_settings = {"colour": "blue"}
            """,
        },
        "my_app",
    )
    assert class_paths(zygote.module("my_app")) == ["my_app.jobs.J"]
    child = zygote.fork()
    child.run("my_app.jobs.J")
    assert child.result()["result"] == [["my_app"], {"my_app": {"colour": "red"}}]


DERIVE = "derive a class from NautobotAppConfig of nautobot.apps there, and set config to it."


@pytest.mark.parametrize(
    "files, told",
    [
        ({}, "The app my_app is not installed for "),
        (
            {"my_app/__init__.py": ""},
            "The package my_app has no config in its __init__.py: " + DERIVE,
        ),
        (
            {"my_app/__init__.py": "class config: pass"},
            "config in the __init__.py of my_app is no class derived from NautobotAppConfig but the "
            "class config: " + DERIVE,
        ),
        (
            {"my_app/__init__.py": CONFIG + "config = Config()"},
            "config in the __init__.py of my_app is no class derived from NautobotAppConfig but an "
            "object of type Config: " + DERIVE,
        ),
        (
            {"my_app/__init__.py": "from . import config", "my_app/config.py": ""},
            "config in the __init__.py of my_app is no class derived from NautobotAppConfig but an "
            "object of type module: " + DERIVE,
        ),
        (
            {"my_app/__init__.py": CONFIG + "Config.jobs = 'jobs.jobs'", "my_app/jobs.py": ""},
            "The app my_app has no module my_app.jobs.jobs, which its config names: set jobs to the "
            "module below the package that calls register_jobs(), such as 'jobs'.",
        ),
        (
            {"my_app/__init__.py": CONFIG + "Config.jobs = '.jobs'"},
            "jobs of Config wants the name of a module below the package my_app, such as 'jobs', "
            "got '.jobs'.",
        ),
        ({"my_app/__init__.py": CONFIG, "my_app/jobs.py": "import nope"}, "No module named 'nope'"),
        ({"my_app/__init__.py": "import my_app.nope"}, "No module named 'my_app.nope'"),
    ],
)
def test_what_is_no_app_is_refused_with_a_sentence(load, files, told):
    zygote = load({**files, "jobs/good.py": JOB}, "my_app")
    report = zygote.module("my_app")
    assert report["error"]["message"].startswith(told)
    if not files:
        assert report["error"]["message"].endswith(
            ". Install its package there, or take it out of the setting apps."
        )
        assert report["file_path"] == ""
    has_config = "my_app/jobs.py" in files
    assert (report["app"] is not None, report["classes"]) == (has_config, [])
    assert class_paths(zygote.module("good")) == ["good.Good"]


def test_an_app_without_jobs_is_warned_of(load):
    zygote = load({"my_app/__init__.py": CONFIG}, "my_app")
    report = zygote.module("my_app")
    assert (class_paths(report), report["app"]["jobs"]) == ([], "my_app.jobs")
    assert zygote.manifest["warnings"] == [
        {
            "class_path": "",
            "code": "app.no_jobs",
            "file_path": report["file_path"],
            "line": 0,
            "message": "The app my_app has no module my_app.jobs, so it brings no jobs.",
        }
    ]


@pytest.mark.parametrize("name", ["windlass", "nautobot", "sys"])
def test_no_app_can_have_the_name_of_what_is_there(load, name):
    error = load({"x.py": ""}, name).module(name)["error"]
    assert error["message"].startswith(
        ("The name %s is taken by" % name, "The package %s has no config" % name)
    )


def test_an_app_to_be_skipped_is_not_imported(load):
    zygote = load(
        {"my_app/__init__.py": "import os; os._exit(1)"}, "my_app", skip={"my_app": "It hung."}
    )
    report = zygote.module("my_app")
    assert (zygote.imported, report["app"], report["file_path"]) == ([], None, "")
    assert report["error"]["message"] == "It hung."


def test_names_of_apps_are_taken(load):
    zygote = load(
        {
            "my_app/__init__.py": CONFIG,
            "my_app/jobs.py": JOB,
            "jobs/my_app.py": JOB,
            "jobs/absent.py": JOB,
            "netjobs/__init__.py": "",
            "netjobs/jobs.py": JOB,
        },
        *("my_app", "absent", "netjobs"),
        git=["netjobs"],
    )
    messages = {
        (report["name"], report["source"]): report["error"] and report["error"]["message"]
        for report in zygote.manifest["modules"]
    }
    taken = "The name %s is taken by the source app:%s. %s"
    for name in ("absent", "netjobs"):
        assert "The app %s is not installed" % name in messages.pop((name, "app:" + name))
    again = "Add the repository again, with another slug."
    assert messages == {
        ("my_app", "app:my_app"): None,
        ("netjobs.jobs", "git:netjobs"): taken % ("netjobs", "netjobs", again),
        ("my_app", "jobs_root"): taken % ("my_app", "my_app", "Rename the file."),
        ("absent", "jobs_root"): taken % ("absent", "absent", "Rename the file."),
    }


def test_apps_repositories_and_files_import_one_another(load):
    zygote = load(
        {
            "my_app/__init__.py": CONFIG,
            "my_app/jobs.py": "from netjobs.jobs import Good as Base\n" + JOB,
            "netjobs/__init__.py": "",
            "netjobs/jobs.py": "import mine\n" + JOB,
            "jobs/mine.py": "import my_app\nassert my_app.config\n" + JOB,
        },
        "my_app",
        git=["netjobs"],
    )
    assert {report["name"]: class_paths(report) for report in zygote.manifest["modules"]} == {
        "my_app": ["my_app.jobs.Good"],
        "netjobs.jobs": ["netjobs.jobs.Good"],
        "mine": ["mine.Good"],
    }
    assert not tops(zygote) & {"my_app", "netjobs", "mine"}


def test_a_package_that_registers_jobs_does_not_get_into_the_base(load):
    files = {
        "library/__init__.py": JOB,
        "plain.py": "",
        "jobs/mine.py": "import library, plain\n" + JOB,
    }
    zygote = load(files)
    assert class_paths(zygote.module("mine")) == ["library.Good", "mine.Good"]
    assert zygote.manifest["installed_modules"] == ["plain"]
    again = zygote.host.describe(load.version, "z2", preload=("plain",))
    assert len(again.receive_type("manifest")["modules"][0]["classes"]) == 2


def test_an_app_may_lie_in_another_package(load):
    inner = CONFIG.replace("my_app", "company.net")
    zygote = load(
        {
            "company/__init__.py": "",
            "company/net/__init__.py": inner,
            "company/net/jobs.py": JOB,
            "company/wan/__init__.py": inner.replace("net", "wan"),
            "company/wan/jobs.py": JOB,
            "jobs/company.py": JOB,
        },
        *("company.net", "company.wan", "company.gone"),
    )
    assert class_paths(zygote.module("company.net")) == ["company.net.jobs.Good"]
    assert class_paths(zygote.module("company.wan")) == ["company.wan.jobs.Good"]
    told = zygote.module("company.gone")["error"]["message"]
    assert told.startswith("The app company.gone is not installed for ")
    told = zygote.module("company")["error"]["message"]
    assert told.startswith("The name company is taken by the module at ")


def test_an_app_may_lie_in_a_namespace_package_that_is_no_installed_one(load):
    """As an editable install's .pth puts it on the path."""
    inner = CONFIG.replace("my_app", "company.net")
    zygote = load(
        {
            "company/net/__init__.py": inner,
            "company/net/jobs.py": JOB,
            "company/wan/__init__.py": inner.replace("net", "wan"),
            "company/wan/jobs.py": JOB,
            "jobs/company/data.txt": "",
            "jobs/mine.py": JOB,
            "jobs/team.py": JOB,
            "team/tool/__init__.py": inner.replace("company.net", "team.tool"),
            "team/tool/jobs.py": JOB,
        },
        *("company.net", "company.wan", "company.gone", "nowhere.net", "team.tool"),
    )
    assert class_paths(zygote.module("company.net")) == ["company.net.jobs.Good"]
    assert class_paths(zygote.module("company.wan")) == ["company.wan.jobs.Good"]
    assert class_paths(zygote.module("team.tool")) == ["team.tool.jobs.Good"]
    assert class_paths(zygote.module("mine")) == ["mine.Good"]
    taken = zygote.module("team")["error"]["message"]
    assert taken.startswith("The name team is taken by the module at %s/team." % load.installed)
    for app in ("company.gone", "nowhere.net"):
        told = zygote.module(app)["error"]["message"]
        assert told.startswith("The app %s is not installed for " % app)


@pytest.mark.parametrize("entry", ["pathlib.Path(__file__).parent / 'lib'", "None"])
def test_what_an_app_puts_on_the_path_that_is_no_text_hurts_nobody(load, entry):
    zygote = load(
        {
            "my_app/__init__.py": "import pathlib, sys\nsys.path.append(%s)\n" % entry + CONFIG,
            "my_app/jobs.py": JOB,
            "netjobs/__init__.py": "",
            "netjobs/jobs.py": JOB,
            "jobs/mine.py": JOB,
        },
        "my_app",
        git=["netjobs"],
    )
    for name in ("my_app", "netjobs.jobs", "mine"):
        assert class_paths(zygote.module(name))


def test_the_public_names_have_docstrings_with_an_example():
    for name in apps.__all__:
        assert ">>>" in getattr(apps, name).__doc__


def test_the_two_names_of_the_configuration_are_one():
    assert apps.NautobotAppConfig is apps.WindlassAppConfig
    assert (apps.WindlassAppConfig.jobs, apps.WindlassAppConfig.name) == ("jobs", "")


def test_a_class_of_an_app_runs_in_a_test(tmp_path, monkeypatch):
    for name, source in (("__init__.py", CONFIG), ("jobs.py", JOB)):
        path = tmp_path / "tested_app" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source.replace("my_app", "tested_app"))
    monkeypatch.syspath_prepend(str(tmp_path))
    from tested_app.jobs import Good

    run = testing.run_job(Good)
    assert (run.status, run.result) == ("SUCCESS", "good"), run.traceback
    assert Settings().PLUGINS_CONFIG["tested_app"] == {"colour": "red"}
