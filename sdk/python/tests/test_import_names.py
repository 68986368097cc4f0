"""The names of other products under which job files import ours."""

import pytest

import host as host_side
from windlass import jobs

IMPORTS = {
    "nautobot.apps.jobs": """BaseJob Job JobHookReceiver JobButtonReceiver RunJobTaskFailed ScriptVariable
        StringVar TextVar IntegerVar BooleanVar DryRunVar ChoiceVar register_jobs get_task_logger get_job
        get_jobs get_celery_queues is_job is_variable enqueue_job_hooks GitRepositorySync
        GitRepositoryDryRun DatabaseFileField NautobotKombuJSONEncoder""",
    "nautobot.apps": """NautobotAppConfig WindlassAppConfig ConstanceConfigItem jobs
        nautobot_database_ready""",
    "nautobot.core.celery": "register_jobs app nautobot_task",
    "nautobot.core.jobs": "GitRepositorySync GitRepositoryDryRun",
    "nautobot.core.signals": "nautobot_database_ready",
    "nautobot.extras.models": "FileProxy GitRepository Job JobQueue JobResult",
    "nautobot.extras.plugins": "NautobotAppConfig PluginConfig",
    "windlass.apps": "NautobotAppConfig WindlassAppConfig",
    "nautobot.extras.choices": """JobResultStatusChoices LogLevelChoices JobExecutionType
        JobQueueTypeChoices ObjectChangeActionChoices""",
    "django.conf": "settings",
    "django.core.exceptions": "ValidationError ObjectDoesNotExist MultipleObjectsReturned PermissionDenied",
    "celery": "shared_task Task",
    "celery.exceptions": """SoftTimeLimitExceeded TimeLimitExceeded Retry MaxRetriesExceededError Ignore
        Reject""",
    "celery.utils.log": "get_task_logger",
    "celery.states": "PENDING STARTED SUCCESS FAILURE REVOKED RETRY READY_STATES ALL_STATES",
    "celery.result": "AsyncResult",
    "billiard.exceptions": "SoftTimeLimitExceeded",
    "billiard.einfo": "ExceptionInfo",
}
IMPORTS["nautobot.extras.jobs"] = IMPORTS["nautobot.apps.jobs"]


def imports_of(module):
    return "from %s import %s" % (module, ", ".join(IMPORTS[module].split()))


@pytest.fixture
def value_of(zygote):
    """value_of(source) → what a job returns whose run() ends `return value()` after that source."""

    def run(source, **options):
        job = (
            "%s\nfrom windlass import jobs\nclass J(jobs.Job):\n    def run(self): return value(self)\n"
            "jobs.register_jobs(J)\n" % source
        )
        made = zygote({"mod.py": job}, **options)
        report = made.module("mod")
        assert report["error"] is None, report["error"]["traceback"]
        child = made.fork()
        child.run("mod.J")
        result = child.result()
        assert result["status"] == "SUCCESS", result["traceback"]
        return result["result"]

    return run


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_every_listed_name_can_be_imported(zygote, module):
    one = zygote(
        {
            "celery/data.txt": "a folder is no package",
            "a.py": imports_of(module),
            "b.py": "from %s import *\nimport %s" % (module, module),
        }
    )
    assert [report["error"] for report in one.manifest["modules"]] == [None, None]
    assert one.manifest["installed_modules"] == []


@pytest.mark.parametrize(
    "use, told",
    [
        (
            "enqueue_job_hooks(None)",
            "enqueue_job_hooks does not exist in Windlass: the server starts",
        ),
        (
            "GitRepositorySync()",
            "GitRepositorySync is a job that Windlass runs itself: start it with `windlass "
            "repositories sync` or over REST, at /api/extras/git-repositories/{id}/sync/",
        ),
        (
            "GitRepositoryDryRun().run()",
            "GitRepositoryDryRun is a job that Windlass runs itself: start it with `windlass "
            "repositories sync --dry-run` or over REST, at /api/extras/git-repositories/{id}/dry-run/",
        ),
        ("GitRepositorySync.run()", "GitRepositorySync is a job that Windlass runs itself"),
        (
            "register_jobs(GitRepositorySync)",
            "GitRepositorySync is a job that Windlass runs itself",
        ),
        ("DatabaseFileField(1)", "DatabaseFileField does not exist in Windlass: use FileVar"),
        ("type('Mine', (GitRepositorySync,), {})", "GitRepositorySync is a job that Windlass"),
        ("DatabaseFileField.objects", "DatabaseFileField does not exist in Windlass: use FileVar"),
        ("AsyncResult('x')", "celery.result.AsyncResult does not exist in Windlass: read results"),
        ("shared_task(print).delay(1)", "builtins.print cannot be sent by Windlass: there is no"),
        ("app.control", "The Celery application has no control in Windlass: there is no"),
        ("settings.DATABASES", "settings.DATABASES does not exist in Windlass, which has"),
        ("setattr(settings, 'DEBUG', True)", "settings.DEBUG cannot be set from a job"),
    ],
)
def test_what_has_no_counterpart_fails_with_a_sentence_when_used(value_of, use, told):
    imports = "\n".join(map(imports_of, ("nautobot.apps.jobs", "nautobot.core.celery")))
    message = value_of(
        imports
        + "\nfrom celery.result import AsyncResult\nfrom celery import shared_task\n"
        + "from django.conf import settings\ndef value(job):\n    try: %s\n" % use
        + "    except (NotImplementedError, AttributeError, TypeError) as problem: return str(problem)\n"
    )
    assert message.startswith(told)


def test_tasks_are_functions(value_of):
    source = """
from celery import shared_task
from nautobot.core.celery import app, nautobot_task

@shared_task
def plain(x): return x + 1
@shared_task(bind=True, name="mine")
def bound(self, x): return [self.name, x]
@nautobot_task
def ours(x): return x * 2
@app.task(ignore_result=True)
def with_options(x): return -x

def value(job): return [plain(1), bound(2), ours(3), with_options(4), plain.name]
"""
    assert value_of(source) == [2, ["mine", 2], 6, -4, "mod.plain"]


@pytest.mark.parametrize(
    "line",
    [
        "from celery.exceptions import S",
        "from billiard.exceptions import S",
        "from windlass.jobs import S",
    ],
)
def test_the_soft_time_limit_is_caught_by_every_name_of_it(child, line):
    one = child(
        line.replace("import S", "import SoftTimeLimitExceeded")
        + """
import time
import celery.exceptions
from windlass import jobs
class J(jobs.Job):
    def run(self):
        try:
            self.logger.info("begun")
            while True: time.sleep(0.01)
        except SoftTimeLimitExceeded as problem:
            return [type(problem).__name__, isinstance(problem, jobs.SoftTimeLimitExceeded)]
jobs.register_jobs(J)
"""
    )
    one.run("mod.J")
    one.receive_type("log")
    one.cancel("soft_time_limit")
    assert one.result()["result"] == ["SoftTimeLimitExceeded", True]


def test_exception_info_is_that_of_billiard(child):
    one = child(
        """
from billiard.einfo import ExceptionInfo
from windlass import jobs
class J(jobs.Job):
    def run(self): 1 / 0
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.logger.info("%s %s", type(einfo) is ExceptionInfo, "ZeroDivisionError" in str(einfo))
jobs.register_jobs(J)
"""
    )
    one.run("mod.J")
    assert one.receive_type("log")["message"] == "True True"


def test_settings(value_of, tmp_path):
    source = """
from django.conf import settings
ROOT = settings.JOBS_ROOT
def value(job):
    return [ROOT, settings.JOB_CREATE_FILE_MAX_SIZE, settings.TIME_ZONE, settings.PLUGINS_CONFIG,
            getattr(settings, "MISSING", "none"), settings.configured]
"""
    found = value_of(source, root="/home/author/jobs")
    assert found == ["/home/author/jobs", 10485760, found[2], {}, "none", True]
    assert isinstance(found[2], str) and found[2]


def test_validation_errors(value_of):
    source = """
from django.core.exceptions import ValidationError
def value(job):
    one = ValidationError("%(n)d wrong", code="c", params={"n": 2})
    many = ValidationError(["a", ValidationError(["b", one])])
    fields = ValidationError({"f": ["x", "y"], "g": "z"})
    return [one.message, one.messages, one.code, many.messages, fields.message_dict, fields.messages,
            ValidationError(fields).message_dict, str(one), str(fields), hasattr(one, "message_dict")]
"""
    fields = {"f": ["x", "y"], "g": ["z"]}
    assert value_of(source) == [
        "%(n)d wrong",
        ["2 wrong"],
        "c",
        ["a", "b", "2 wrong"],
        fields,
        ["x", "y", "z"],
        fields,
        "['2 wrong']",
        str(fields),
        False,
    ]


def test_the_encoder_takes_what_run_may_return(value_of):
    source = """
import datetime, decimal, json, uuid
from nautobot.apps.jobs import NautobotKombuJSONEncoder as Encoder
def value(job):
    try: json.dumps([object], cls=Encoder)
    except TypeError as problem: told = str(problem)
    return [told, json.loads(json.dumps({
        "set": {1}, "date": datetime.date(2024, 2, 29), "delta": datetime.timedelta(minutes=1),
        "decimal": decimal.Decimal("1.50"), "uuid": uuid.UUID(int=1), "bytes": b"x",
        "error": ValueError("no"), "user": job.user}, cls=Encoder))]
"""
    told, encoded = value_of(source)
    assert told == "Object of type type is not JSON serializable"
    assert encoded.pop("user")["username"] == "admin"
    assert encoded == {
        **{"set": [1], "date": "2024-02-29", "delta": "60.0", "decimal": "1.50", "bytes": "x"},
        **{"uuid": "00000000-0000-0000-0000-000000000001", "error": "ValueError: no"},
    }


def test_queues_are_those_that_the_run_can_know_of(value_of):
    source = (
        "from nautobot.extras.jobs import get_celery_queues as queues\nBEFORE = queues()\n"
        "def value(job): return [BEFORE, queues()]"
    )
    assert value_of(source) == [{}, {"default": 1}]


@pytest.mark.parametrize(
    "line, told",
    [
        ("from django.db import models", "django.db does not exist here: django is not installed"),
        ("from django.conf import urls", "django.conf.urls does not exist here"),
        ("import celery.app", "celery.app does not exist here: celery is not installed"),
        ("from celery import Celery", "celery.Celery does not exist here"),
        ("import billiard.pool", "billiard.pool does not exist here"),
        ("import nautobot.ipam.models", "nautobot.ipam does not exist in Windlass"),
        (
            "from nautobot.core.celery import NautobotTask",
            "nautobot.core.celery.NautobotTask does not",
        ),
    ],
)
def test_names_that_nobody_has_fail_with_a_sentence(zygote, line, told):
    error = zygote({"m.py": line}).module("m")["error"]
    assert error["message"].startswith(told)
    assert "windlass.jobs" in error["message"]


@pytest.fixture
def installed(tmp_path):
    """A host whose interpreter has stand-ins for the real packages installed."""
    vendor = tmp_path / "vendor"
    sources = {
        "nautobot/__init__.py": "raise RuntimeError('the installed one')",
        "nautobot/apps/__init__.py": "",
        "django/__init__.py": "VERSION = (4, 2)",
        "django/conf.py": "settings = 'real settings'",
        "celery/__init__.py": "real = True",
        "celery/exceptions.py": "from billiard.exceptions import SoftTimeLimitExceeded",
        "billiard/__init__.py": "",
        "billiard/exceptions.py": "class SoftTimeLimitExceeded(Exception): real = True",
    }
    for name, source in sources.items():
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        (vendor / name).write_text(source)
    host = host_side.Host(vendor=str(vendor))
    yield host
    host.close()


def test_installed_packages_are_used_and_left_alone_but_for_nautobot(installed, write):
    folder = write(
        {
            "good.py": """
            import time
            import celery, celery.exceptions, django
            from django.conf import settings
            from nautobot.apps.jobs import Job, register_jobs
            from nautobot.core.celery import nautobot_task
            assert celery.real and settings == "real settings" and django.VERSION == (4, 2)
            class J(Job):
                def run(self):
                    try:
                        self.logger.info("begun")
                        while True: time.sleep(0.01)
                    except celery.exceptions.SoftTimeLimitExceeded as problem:
                        return problem.real
            register_jobs(J)
            """,
            "missing.py": "import celery.states",
            "unknown.py": "from django.core.exceptions import ValidationError",
        }
    )
    zygote = installed.zygote_of(host_side.jobs_root(folder))
    assert zygote.module("good")["error"] is None, zygote.module("good")["error"]["traceback"]
    assert zygote.module("missing")["error"]["message"] == "No module named 'celery.states'"
    assert zygote.module("unknown")["error"]["message"] == "No module named 'django.core'"
    assert "celery" in zygote.manifest["installed_modules"]
    child = zygote.fork()
    child.run("good.J")
    child.receive_type("log")
    child.cancel("soft_time_limit")
    assert child.result()["result"] is True


def test_the_packages_are_not_loaded_unless_they_are_asked_for(value_of):
    source = (
        "import sys\ndef value(job): return [name for name in sys.modules if name.partition('.')[0] in "
        "('nautobot', 'django', 'celery', 'billiard') or name == 'windlass._django']"
    )
    assert value_of(source) == []


def test_a_job_file_of_such_a_name_is_refused(zygote):
    error = zygote({"celery.py": "x = 1"}).module("celery")["error"]
    assert error["message"] == (
        "The name celery is taken by the module that Windlass provides. Rename the file."
    )


def test_the_jobs_of_the_server_are_known_by_their_class_path(value_of):
    source = """
from nautobot.apps.jobs import GitRepositorySync, is_job
from nautobot.core import jobs as core
from nautobot.extras.jobs import GitRepositoryDryRun
def value(job):
    return [core.GitRepositorySync is GitRepositorySync, is_job(GitRepositorySync),
            GitRepositorySync.class_path, GitRepositoryDryRun.class_path]
"""
    path = "nautobot.core.jobs.GitRepository"
    assert value_of(source) == [True, False, path + "Sync", path + "DryRun"]


def test_choices_stand_for_themselves():
    for choices in (
        jobs.JobResultStatusChoices,
        jobs.LogLevelChoices,
        jobs.JobExecutionType,
        jobs.JobQueueTypeChoices,
        jobs.ObjectChangeActionChoices,
    ):
        assert list(choices) == list(choices()) == list(choices.CHOICES)
        assert choices.values() == list(choices.as_dict())
        assert set(choices.values()) <= {x for x in vars(choices).values() if isinstance(x, str)}
    assert jobs.ChoiceVar(choices=jobs.LogLevelChoices).choices[0] == ["debug", "Debug"]
    kinds = jobs.JobExecutionType
    assert kinds.SCHEDULE_CHOICES[0] == "future"
    assert kinds.SCHEDULE_CHOICES[1:] == kinds.RECURRING_CHOICES
    assert kinds.RECURRING_CHOICES == ("hourly", "daily", "weekly", "custom")
    assert jobs.JobQueueTypeChoices.values() == ["celery", "kubernetes"]
    assert jobs.ObjectChangeActionChoices.values() == ["create", "update", "delete"]


def test_whether_a_name_is_there_can_be_asked(zygote):
    source = """
    import nautobot.apps.jobs, nautobot.apps
    from nautobot.apps import jobs
    assert not hasattr(jobs, "NoSuchVar") and hasattr(jobs, "StringVar")
    assert getattr(nautobot.apps, "models", None) is None
    try: jobs.NoSuchVar
    except AttributeError as problem: told = str(problem)
    assert told.startswith("nautobot.apps.jobs.NoSuchVar does not exist in Windlass"), told
    try: from nautobot.apps import jobs, models
    except ImportError as problem: told = str(problem)
    assert told.startswith("nautobot.apps.models does not exist in Windlass"), told
    """
    error = zygote({"m.py": source}).module("m")["error"]
    assert error is None, error["traceback"]


def test_a_module_that_a_job_file_makes_itself_is_its_own_affair(shared_host, write):
    source = """
    import sys, types
    class OldFinder: pass
    sys.meta_path.append(OldFinder())
    django = sys.modules["django"] = types.ModuleType("django")
    django.db = sys.modules["django.db"] = types.ModuleType("django.db")
    from django import db
    import celery
    """
    version = dict(host_side.jobs_root(write({"m.py": source})), check=True)
    zygote = shared_host.zygote_of(version)
    assert zygote.module("m")["error"] is None, zygote.module("m")["error"]["traceback"]
    assert zygote.manifest["warnings"] == []
    zygote.close()
