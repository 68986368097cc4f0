"""Log entries as the host gets them."""

import json
import logging
import subprocess
import sys

import pytest

import host as host_side
from windlass import jobs

JOB = """
import logging, os, sys, threading
from windlass import jobs
from windlass.jobs import get_task_logger

module_logger = get_task_logger(__name__)

class Call(jobs.Job):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self, log=self.logger)
        exec(code, scope)
        return scope.get("value")

def helper():
    module_logger.info("from helper")

class Unprintable:
    def __str__(self): raise RuntimeError("no")
    __repr__ = __str__

class Place:
    def __init__(self, **attributes): self.__dict__.update(attributes)
    def __str__(self): return "Paris"

class Found(Place):
    def get_absolute_url(self): return "/places/paris/"

class Broken(Place):
    def get_absolute_url(self): raise RuntimeError("no")

def spoken(): standard.warning("by the standard logger")
standard = logging.getLogger(__name__)

jobs.register_jobs(Call)
"""


@pytest.fixture
def entries(child):
    """entries(code) → the log frames of a run of that code, without their times."""
    one = child(JOB)

    def run(code):
        one.run("mod.Call", code=code)
        frames = one.frames()
        assert frames[-1]["status"] == "SUCCESS", frames[-1]["traceback"]
        logs = [frame for frame in frames if frame["type"] == "log"]
        for frame in logs:
            assert frame.pop("type") == "log"
            assert isinstance(frame.pop("time"), int)
        return logs

    run.child = one
    return run


def entry(level, message, grouping="<module>", **more):
    return {"level": level, "message": message, "grouping": grouping, **more}


def test_all_levels(entries):
    levels = ["debug", "info", "success", "warning", "failure", "error", "critical"]
    assert entries("for name in %r: getattr(log, name)('at %%s', name)" % levels) == [
        entry(level, "at " + level) for level in levels
    ]


@pytest.mark.parametrize(
    "configuration",
    [
        "import logging.config; logging.config.dictConfig({'version': 1, 'root': {'level': 'INFO'}})",
        "logging.getLogger().handlers.clear()",
        "logging.basicConfig(force=True, stream=sys.stderr)",
    ],
)
def test_a_job_that_configures_logging_keeps_its_log(entries, configuration):
    code = "%s\nlog.info('a')\nlog.failure('b')\nlogging.getLogger('lib').warning('c')"
    assert entries(code % configuration) == [
        entry("info", "a"),
        entry("failure", "b"),
        entry("warning", "c"),
    ]


def test_grouping_is_the_calling_functions_name_or_the_given_one(entries):
    assert entries(
        "helper()\nlog.info('x', extra={'grouping': 'mine'})\nlog.info('y', extra={'grouping': 5})"
    ) == [
        entry("info", "from helper", "helper"),
        entry("info", "x", "mine"),
        entry("info", "y", "5"),
    ]


def test_objects_become_text_and_url(entries):
    code = "for thing in (Found(), 7, Unprintable(), None): log.info('x', extra={'object': thing})"
    assert entries(code) == [
        entry("info", "x", object="Paris", url="/places/paris/"),
        entry("info", "x", object="7", url=""),
        entry("info", "x", object="<unprintable Unprintable>", url=""),
        entry("info", "x"),
    ]


@pytest.mark.parametrize(
    "thing, url",
    [
        ("Found(url='/other/')", "/places/paris/"),
        ("Place(absolute_url='/a/', url='/b/')", "/a/"),
        ("Place(url='https://example.org/')", "https://example.org/"),
        ("Broken(url='/b/')", "/b/"),
        ("Broken()", ""),
        ("Place(url=5)", ""),
        ("Place(get_absolute_url='/text/')", "/text/"),
        ("self.job_result", "/api/extras/job-results/01900000-0000-7000-8000-000000000001/"),
    ],
)
def test_the_address_of_an_object(entries, thing, url):
    (found,) = entries("log.info('x', extra={'object': %s})" % thing)
    assert found["url"] == url


@pytest.mark.parametrize("logger", ["log", "logging.getLogger('mod')", "logging.getLogger('lib')"])
def test_skip_db_logging_keeps_an_entry_on_the_console(entries, logger):
    code = "%s.warning('x %%s', 1, extra={'skip_db_logging': True}); log.info('y')" % logger
    assert entries(code) == [entry("info", "y")]
    assert entries.child.read_err() == b"warning: <module>: x 1\n"
    assert entries("log.info('x', extra={'skip_db_logging': False})") == [entry("info", "x")]


def test_skip_db_logging_fails_no_run_whose_stderr_is_gone(entries):
    code = "sys.stderr.close(); log.info('x', extra={'skip_db_logging': True}); log.info('y')"
    assert entries(code) == [entry("info", "y")]


def test_every_entry_point_groups_by_the_calling_function(entries):
    code = """
def through_self(): log.info("1")
def through_exception():
    try: 1 / 0
    except ZeroDivisionError: log.exception("2")
def through_module(): module_logger.warning("3")
def through_standard(): standard.debug("4")
def through_library(): logging.getLogger("lib.inner").error("5")
def through_root(): logging.warning("6")
def through_log(): log.log(25, "7")
def with_handler():
    handler = logging.NullHandler()
    log.addHandler(handler); log.failure("8"); log.removeHandler(handler)
def with_extra(): log.info("9", extra={"object": 1})
class Thing:
    def method(self): log.info("10")
def in_lambda(): (lambda: log.info("11"))()
for call in (through_self, through_exception, through_module, through_standard, through_library,
             through_root, through_log, with_handler, with_extra, Thing().method, in_lambda): call()
spoken()
"""
    found = [(one["message"].split("\n")[0], one["grouping"]) for one in entries(code)]
    assert found == [
        ("1", "through_self"),
        ("2", "through_exception"),
        ("3", "through_module"),
        ("4", "through_standard"),
        ("5", "through_library"),
        ("6", "through_root"),
        ("7", "through_log"),
        ("8", "with_handler"),
        ("9", "with_extra"),
        ("10", "method"),
        ("11", "<lambda>"),
        ("by the standard logger", "spoken"),
    ]


def test_the_standard_logger_of_a_jobs_module_has_all_levels_but_what_the_job_sets(entries):
    code = (
        "one = logging.getLogger('mod.sub'); one.debug('a'); one.setLevel('ERROR'); one.info('b')"
    )
    assert entries(code) == [entry("debug", "a")]


def test_lone_surrogates_megabytes_and_extras_through_every_path(entries):
    code = """
for logger in (log, standard, logging.getLogger("lib")):
    logger.warning("\\ud800 %s", "\\udfff", extra={"grouping": "g\\ud800", "object": "o\\udfff"})
    logger.warning("x" * 3_000_000)
"""
    found = entries(code)
    odd = entry("warning", "\ufffd \ufffd", "g\ufffd", object="o\ufffd", url="")
    assert found[0::2] == [odd] * 3
    assert [len(one["message"]) for one in found[1::2]] == [3_000_000] * 3


@pytest.mark.parametrize(
    "call, message",
    [
        ("log.info('%d apples', 'no')", "%d apples 'no'"),
        ("log.info('%s')", "%s"),
        ("log.info('%s %s', 1)", "%s %s 1"),
        ("log.info('100%')", "100%"),
        ("log.info('100%', 1)", "100% 1"),
        ("log.info('%(a)s', {'a': 1})", "1"),
        ("log.info({'a': 1})", "{'a': 1}"),
        ("log.info(None)", "None"),
        ("log.info('%s', Unprintable())", "%s <unprintable Unprintable>"),
        ("log.info(Unprintable())", "<unprintable Unprintable>"),
        ("log.info('\\ud800 \\udcff')", "\ufffd \ufffd"),
        ("log.info('\\0 \\x1b \\u2028 \"')", '\0 \x1b \u2028 "'),
        ("log.info('x', extra=5)", "x"),
        ("log.info('x', extra={'message': 1, 'name': 2})", "x"),
        ("log.info('x', stack_info=False, extra={'message': 1, 'name': 2})", "x"),
        ("log.info('')", ""),
        ("logging.getLogger('lib').warning('%d', 'no')", "%d 'no'"),
    ],
)
def test_whatever_is_logged_is_logged_somehow(entries, call, message):
    assert entries(call)[0]["message"] == message


def test_exception_and_exc_info_add_the_traceback(entries):
    found = entries("try: 1 / 0\nexcept ZeroDivisionError: log.exception('oops %s', 1)\n")
    assert found[0]["level"] == "error"
    assert found[0]["message"].startswith("oops 1\n\nTraceback (most recent call last):\n")
    assert found[0]["message"].endswith("ZeroDivisionError: division by zero")
    assert found[0]["grouping"] == "<module>"
    assert "Stack (most recent" in entries("log.info('x', stack_info=True)")[0]["message"]


def test_stacklevel_names_the_callers_caller(entries):
    code = "def inner(): log.info('x', stacklevel=2)\ndef outer(): inner()\nouter()"
    assert entries(code)[0]["grouping"] == "outer"


def test_other_loggers_reach_the_log_from_info_on(entries):
    code = """
lib = logging.getLogger('some.library')
lib.debug('no'); lib.info('yes %s', 1); logging.error('root')
lib.log(35, 'between'); lib.log(99, 'high')
"""
    assert entries(code) == [
        entry("info", "yes 1"),
        entry("error", "root"),
        entry("failure", "between"),
        entry("critical", "high"),
    ]


def test_levels_handlers_and_filters_of_the_standard_library_work(entries):
    code = """
seen = []
class Keep(logging.Handler):
    def emit(self, record): seen.append((record.levelname, record.getMessage(), record.funcName))
keep = Keep()
logging.getLogger().addHandler(keep)
log.success('one')
logging.getLogger().removeHandler(keep)
log.addHandler(keep)
log.failure('two', extra={'grouping': 'g'})
log.removeHandler(keep)
log.setLevel(logging.WARNING)
log.info('no'); log.warning('three')
log.setLevel(logging.DEBUG)
logging.disable(logging.ERROR)
log.error('no'); log.critical('four')
logging.disable(logging.NOTSET)
drop = lambda record: False
log.addFilter(drop); log.error('no'); log.removeFilter(drop)
assert log.isEnabledFor(10) and not log.isEnabledFor(5)
log.log(25, 'five')
import pickle
assert pickle.loads(pickle.dumps(log)) is log
assert seen == [('SUCCESS', 'one', '<module>'), ('FAILURE', 'two', '<module>')], seen
"""
    assert [found["message"] for found in entries(code)] == ["one", "two", "three", "four", "five"]


def test_a_job_that_configures_logging_anew_keeps_its_log(entries):
    entries(
        "import logging.config; logging.config.dictConfig({'version': 1, 'root': {'handlers': [], 'level': 'INFO'}})"
    )
    assert entries("log.info('x'); logging.info('y')") == [entry("info", "x"), entry("info", "y")]


def test_threads_log_whole_entries(entries):
    code = """
def work(n):
    for _ in range(50): log.info(str(n) * 100_000)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
"""
    assert sorted(found["message"] for found in entries(code)) == sorted(
        str(n) * 100_000 for n in range(4) for _ in range(50)
    )


def test_an_enormous_message_is_cut(entries):
    message = entries("log.info('x' * (20 * 1024 * 1024))")[0]["message"]
    assert message.endswith("x… (12582912 more characters left out)")


def test_messages_of_every_length_around_the_limit_of_a_frame(entries):
    found = entries("for n in range(59_800, 60_010): log.info('é' * (n // 2))")
    assert [len(one["message"]) for one in found] == [n // 2 for n in range(59_800, 60_010)]


def test_what_is_logged_at_import_goes_to_standard_error(write, vendor):
    folder = write(
        {"m.py": "from windlass import jobs\njobs.get_task_logger('m').info('at import')\n"}
    )
    host = host_side.Host(vendor=str(vendor), stderr=subprocess.PIPE)
    host.zygote_of(host_side.jobs_root(folder))
    host.close()
    assert host.process.stderr.read() == b"info: <module>: at import\n"
    host.process.stderr.close()


def test_warnings_of_python_are_not_lost(child):
    one = child(JOB)
    one.run("mod.Call", code="import warnings; warnings.warn('careful')")
    one.result()
    assert b"careful" in one.read_err()


def test_a_logger_outside_of_a_run_goes_the_way_of_the_standard_library(caplog):
    jobs.get_task_logger("outside").warning("x %s", 1, extra={"grouping": "g"})
    assert [
        (record.name, record.levelname, record.getMessage(), record.grouping)
        for record in caplog.records
    ] == [("outside", "WARNING", "x 1", "g")]


def test_importing_the_package_leaves_the_root_logger_alone():
    code = "import logging; from windlass import jobs; print(logging.getLogger().handlers, logging.getLogger().level)"
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=-1, check=True, cwd=str(host_side.SDK)
    )
    assert done.stdout == b"[] 30\n"


def test_one_logger_a_name():
    assert jobs.get_task_logger("a") is jobs.get_task_logger("a")
    assert isinstance(jobs.get_task_logger("a"), logging.Logger)
    assert json.dumps(jobs.get_task_logger("a").name) == '"a"'


@pytest.mark.parametrize(
    "setting_up",
    [
        "import logging.config; logging.config.dictConfig({'version': 1, 'root': {'level': 'INFO'}, 'disable_existing_loggers': False})",
        "logging.getLogger().handlers.clear()",
        "logging.basicConfig(force=True)",
        "logging.getLogger().handlers[:] = [logging.NullHandler()]",
    ],
)
def test_a_run_that_configures_logging_anew_keeps_the_rest_of_its_log(entries, setting_up):
    code = "%s\nself.fail('no'); log.info('x'); logging.getLogger('lib').warning('y')" % setting_up
    entries.child.run("mod.Call", code=code)
    frames = entries.child.frames()
    told = [(frame["level"], frame["message"]) for frame in frames if frame["type"] == "log"]
    assert told == [("failure", "no"), ("info", "x"), ("warning", "y")]


def test_a_handler_of_the_jobs_own_on_the_root_gets_its_entries_as_well(entries):
    code = "logging.basicConfig(force=True); log.info('x')"
    assert entries(code) == [entry("info", "x")]
    assert entries.child.read_err() == b"INFO:mod:x\n"
