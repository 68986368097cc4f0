"""Importing a version: what the manifest says, and that no module can hurt another."""

import os
import subprocess
import sys

import pytest

import host as host_side

GOOD = """
from windlass import jobs

class Good(jobs.Job):
    def run(self):
        return "good"

jobs.register_jobs(Good)
"""


def class_paths(report):
    return [declared["class_path"] for declared in report["classes"]]


def test_the_manifest_of_the_seeds_example(zygote):
    one = zygote(
        {
            "my_group.py": """
            from nautobot.apps import jobs

            name = "My Group Of Jobs"

            class MyNewJob(jobs.Job):
                class Meta:
                    name = "My New Job"

                some_text_input = jobs.StringVar(description="Some text")

                def run(self, *, some_text_input):
                    self.logger.info("some_text_input: %s", some_text_input)

            jobs.register_jobs(MyNewJob)
            """
        },
        root="/home/author/jobs",
    )
    assert one.imported == ["my_group"]
    assert (one.manifest["version"], one.manifest["threads"], one.manifest["warnings"]) == (
        "v1",
        1,
        [],
    )
    assert one.manifest["modules"] == [
        {
            "name": "my_group",
            "source": "jobs_root",
            "file_path": "/home/author/jobs/my_group.py",
            "error": None,
            "classes": [
                {
                    "class_path": "my_group.MyNewJob",
                    "module_name": "my_group",
                    "job_class_name": "MyNewJob",
                    "grouping": "My Group Of Jobs",
                    "file_path": "/home/author/jobs/my_group.py",
                    "line": 6,
                    "is_job_hook_receiver": False,
                    "is_job_button_receiver": False,
                    "supports_dryrun": False,
                    "meta": {
                        "name": "My New Job",
                        "description": "",
                        "approval_required": False,
                        "console_log_default": False,
                        "dryrun_default": False,
                        "field_order": [],
                        "has_sensitive_variables": True,
                        "hidden": False,
                        "is_singleton": False,
                        "max_retries": None,
                        "read_only": False,
                        "retry_backoff": 1.0,
                        "retry_delay": 10.0,
                        "soft_time_limit": 0.0,
                        "time_limit": 0.0,
                        "task_queues": [],
                        "template_name": "",
                    },
                    "variables": [
                        {
                            "name": "some_text_input",
                            "type": "StringVar",
                            "label": "",
                            "description": "Some text",
                            "required": True,
                            "has_default": False,
                            "default": None,
                            "widget": None,
                            "visible_if": None,
                            "min_length": None,
                            "max_length": None,
                            "regex": None,
                            "sensitive": False,
                        }
                    ],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    "source, kind, told",
    [
        ("import nope", "ModuleNotFoundError", "No module named 'nope'"),
        ("import sys; sys.exit(3)", "SystemExit", "sys.exit(3)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("def f(:", "SyntaxError", "invalid syntax"),
        ("x = '\\xff'".encode("latin-1") + b"\xff", "SyntaxError", ""),
        (
            "import sys; sys.stdout.close(); sys.stderr = None; 1 / 0",
            "ZeroDivisionError",
            "division by zero",
        ),
        ("import os; os.chdir('/'); raise OSError(2, 'x')", "FileNotFoundError", "x"),
    ],
)
def test_a_module_that_does_not_import_hurts_no_other(zygote, source, kind, told):
    one = zygote({"broken.py": source, "good.py": GOOD}, root="/r")
    assert one.imported == ["broken", "good"]
    error = one.module("broken")["error"]
    assert error["type"] == kind
    assert told in error["message"]
    assert "windlass/_" not in error["traceback"]
    assert "importlib" not in error["traceback"]
    if kind != "SyntaxError":
        assert 'File "/r/broken.py", line 1, in <module>' in error["traceback"]
    assert one.module("broken")["classes"] == []
    assert one.module("broken")["file_path"] == "/r/broken.py"
    child = one.fork()
    child.run("good.Good")
    assert child.result()["result"] == "good"


def test_a_syntax_error_deeper_in_is_told_without_what_reads_the_file(zygote):
    one = zygote(
        {"broken/__init__.py": "from . import inner", "broken/inner.py": "def f(:"}, root="/r"
    )
    traceback = one.module("broken")["error"]["traceback"]
    assert (
        'File "/r/broken/__init__.py", line 1, in <module>\n    from . import inner\n' in traceback
    )
    assert 'File "/r/broken/inner.py", line 1\n    def f(:\n' in traceback
    assert "windlass/_" not in traceback and "importlib" not in traceback


def test_what_modules_print_at_import_breaks_nothing(zygote):
    one = zygote(
        {
            "loud.py": "import os\nprint('x' * 100_000)\nprint('\\ud800')\nos.write(1, b'\\xff')\n"
            + GOOD
        }
    )
    assert class_paths(one.module("loud")) == ["loud.Good"]


def test_a_module_that_failed_half_way_leaves_no_class(zygote):
    one = zygote({"half.py": GOOD + "raise RuntimeError('after all')", "other.py": GOOD})
    assert one.module("half")["classes"] == []
    assert class_paths(one.module("other")) == ["other.Good"]
    child = one.fork()
    child.run("half.Good")
    assert child.result()["reason"] == "unknown_class"


def test_a_submodule_that_failed_half_way_leaves_no_class(zygote):
    package = "try:\n    from . import sub\nexcept RuntimeError:\n    pass\n" + GOOD
    one = zygote({"pkg/__init__.py": package, "pkg/sub.py": GOOD + "raise RuntimeError"})
    assert class_paths(one.module("pkg")) == ["pkg.Good"]


def test_classes_stand_under_the_module_that_defines_them_once(zygote):
    one = zygote(
        {
            "a_first.py": "import shared\nfrom windlass import jobs\njobs.register_jobs(shared.Good)\n",
            "shared.py": GOOD,
            "pkg/__init__.py": "from . import inner\n",
            "pkg/inner.py": "name = 'Inner group'\n" + GOOD,
            "unregistered.py": GOOD.replace("jobs.register_jobs(Good)", ""),
        }
    )
    assert class_paths(one.module("a_first")) == []
    assert class_paths(one.module("shared")) == ["shared.Good"]
    assert class_paths(one.module("pkg")) == ["pkg.inner.Good"]
    assert one.module("pkg")["classes"][0]["grouping"] == "Inner group"
    assert one.module("pkg")["classes"][0]["file_path"].endswith("/pkg/inner.py")
    assert one.module("pkg")["file_path"].endswith("/pkg/__init__.py")
    assert one.module("shared")["classes"][0]["grouping"] == "shared"
    assert one.module("unregistered")["classes"] == []


def test_a_class_of_an_installed_library_stands_under_the_module_that_registers_it(zygote, vendor):
    (vendor / "joblib_of_ours.py").write_text(GOOD.replace("jobs.register_jobs(Good)", ""))
    one = zygote(
        {
            "uses.py": "import joblib_of_ours as l\nfrom windlass import jobs\njobs.register_jobs(l.Good)"
        }
    )
    assert class_paths(one.module("uses")) == ["joblib_of_ours.Good"]
    assert one.module("uses")["classes"][0]["file_path"] == str(vendor / "joblib_of_ours.py")
    assert one.manifest["installed_modules"] == []


@pytest.mark.parametrize(
    "name", ["json", "sys", "windlass", "nautobot", "yaml", "tabnanny", "select"]
)
def test_a_name_that_is_taken_is_refused(zygote, name):
    one = zygote({name + ".py": GOOD, "good.py": GOOD})
    error = one.module(name)["error"]
    assert error["type"] == "ImportError"
    assert error["message"].startswith("The name %s is taken by the module " % name)
    assert error["message"].endswith("Rename the file.")
    child = one.fork()
    child.run("good.Good")
    assert child.result()["result"] == "good"


def test_installed_modules_win_over_job_files_of_their_name(zygote):
    one = zygote(
        {
            "tabnanny.py": "raise SystemError",
            "uses.py": "import tabnanny\nassert tabnanny.check\n" + GOOD,
        }
    )
    assert one.module("uses")["error"] is None


def test_modules_import_one_another_by_plain_name(zygote):
    one = zygote(
        {
            "a.py": "import b\nfrom b import Good as Base\n",
            "b.py": GOOD,
            "pkg/__init__.py": "from b import Good",
        }
    )
    assert [module["error"] for module in one.manifest["modules"]] == [None, None, None]


def test_a_module_to_be_skipped_is_not_imported(zygote):
    one = zygote(
        {"crash.py": "import os; os._exit(1)", "good.py": GOOD},
        skip={"crash": "It ended the interpreter."},
    )
    assert one.imported == ["good"]
    assert one.module("crash")["error"] == {
        "type": "ImportError",
        "message": "It ended the interpreter.",
        "traceback": "",
    }


def test_a_module_that_ends_the_interpreter_is_known_by_name(shared_host, write):
    zygote = shared_host.describe(
        host_side.jobs_root(write({"a.py": "", "crash.py": "import os; os._exit(9)"})), "dies"
    )
    pid = shared_host.base.receive_type("forked")["pid"]
    assert [zygote.receive()["module"], zygote.receive()["module"]] == ["a", "crash"]
    with pytest.raises(host_side.Ended):
        zygote.receive()
    ended = shared_host.exited("zygote", "dies")
    assert (ended["pid"], ended["status"]) == (pid, 9 << 8)


def test_a_copy_of_the_zygote_that_a_module_forked_does_not_go_on(zygote):
    one = zygote(
        {
            "forks.py": "import os, sys\npid = os.fork()\nif pid == 0: sys.exit(0)\nos.waitpid(pid, 0)\n"
            + GOOD,
            "good.py": GOOD,
        }
    )
    assert one.imported == ["forks", "good"]
    assert one.module("forks")["error"] is None


def test_threads_left_by_imports_are_counted_and_forking_is_refused(zygote):
    one = zygote(
        {
            "threaded.py": """
            import threading
            import wave
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            """
        }
    )
    assert one.manifest["threads"] == 2
    assert one.manifest["installed_modules"] == []
    one.host.ask_for_child(one, "c9")
    assert one.receive() == {
        "type": "fork_failed",
        "child": "c9",
        "message": "the imports left threads behind; ask the base instead",
    }


def test_a_fresh_child_imports_the_version_itself(shared_host, write):
    version = host_side.jobs_root(
        write(
            {
                "threaded.py": """
                import threading
                from windlass import jobs
                threading.Thread(target=threading.Event().wait, daemon=True).start()
                class J(jobs.Job):
                    def run(self): return threading.active_count()
                jobs.register_jobs(J)
                """
            }
        )
    )
    child = shared_host.fork(shared_host.base, "fresh", version)
    child.run("threaded.J")
    result = child.result()
    assert (result["result"], result["reusable"]) == (2, False)
    os.kill(child.pid, 9)
    assert shared_host.exited("child", "fresh")["status"] == 9


def test_no_bytecode_is_written_and_the_file_is_the_versions(zygote, tmp_path):
    one = zygote(
        {
            "pkg/__init__.py": "from . import sub\n",
            "pkg/sub.py": GOOD.replace('"good"', "__file__, __name__"),
            "pkg/data.txt": "x",
        }
    )
    child = one.fork()
    child.run("pkg.sub.Good")
    assert child.result()["result"] == [str(tmp_path / "version" / "pkg" / "sub.py"), "pkg.sub"]
    assert not list(tmp_path.rglob("__pycache__"))


def test_tracebacks_show_the_lines_that_ran_though_the_author_edited_them(zygote, tmp_path):
    root = tmp_path / "edited"
    root.mkdir()
    (root / "mod.py").write_text("# something\n" * 20)
    one = zygote(
        {"mod.py": GOOD.replace('return "good"', 'return {}["gone"]  # \x0c')}, root=str(root)
    )
    child = one.fork()
    child.run("mod.Good")
    trace = child.result()["traceback"]
    assert 'File "%s/mod.py", line 6, in run' % root in trace
    assert 'return {}["gone"]' in trace


def test_a_file_in_another_encoding_is_shown_rightly(zygote):
    source = "# -*- coding: latin-1 -*-\n%s\n" % GOOD.replace(
        'return "good"', 'raise ValueError("é")'
    )
    one = zygote({"mod.py": source.encode("latin-1")})
    child = one.fork()
    child.run("mod.Good")
    assert 'raise ValueError("é")' in child.result()["traceback"]


def test_the_database_model_is_refused_as_a_base(zygote):
    one = zygote(
        {
            "m.py": "from nautobot.extras.models import Job\nclass Mine(Job):\n    def run(self): pass\n"
        }
    )
    error = one.module("m")["error"]
    assert error["type"] == "TypeError"
    for part in (
        "Mine",
        "nautobot.extras.models.Job",
        "nautobot.apps.jobs.Job",
        "windlass.jobs.Job",
    ):
        assert part in error["message"]
    assert "line 2" in error["traceback"]


def test_registering_the_database_model_is_refused(zygote):
    source = "from nautobot.extras.models import Job\nfrom nautobot.apps.jobs import register_jobs\nregister_jobs(Job)"
    assert "windlass.jobs.Job" in zygote({"m.py": source}).module("m")["error"]["message"]


@pytest.mark.parametrize(
    "line",
    [
        "from nautobot.apps import jobs; jobs.Job",
        "import nautobot.apps.jobs; nautobot.apps.jobs.Job",
        "from nautobot.apps.jobs import *; StringVar, register_jobs",
        "from nautobot.extras.jobs import BaseJob, RunJobTaskFailed, get_task_logger",
        "from nautobot.core.celery import register_jobs",
        "from nautobot.extras.choices import JobResultStatusChoices, LogLevelChoices, ObjectChangeActionChoices",
        "from windlass import jobs; jobs.Job",
        "import windlass; windlass.jobs.Job",
        "import nautobot; assert not hasattr(nautobot, '__path__') or not list(nautobot.__path__)",
    ],
)
def test_the_import_names_of_job_files(zygote, line):
    assert zygote({"m.py": line}).module("m")["error"] is None


@pytest.mark.parametrize(
    "line, told",
    [
        ("import nautobot.dcim.models", "nautobot.dcim does not exist in Windlass"),
        ("from nautobot.dcim import models", "nautobot.dcim does not exist in Windlass"),
        (
            "from nautobot.extras import datasources",
            "nautobot.extras.datasources does not exist in Windlass",
        ),
        (
            "from nautobot.apps.jobs import NoSuchThing",
            "nautobot.apps.jobs.NoSuchThing does not exist",
        ),
        (
            "from nautobot.extras.models import Secret",
            "nautobot.extras.models.Secret does not exist",
        ),
    ],
)
def test_other_nautobot_names_fail_with_a_sentence(zygote, line, told):
    error = zygote({"m.py": line}).module("m")["error"]
    assert told in error["message"]
    assert "windlass.jobs" in error["message"]


def test_the_nautobot_names_are_ours_though_one_is_installed(zygote, vendor):
    (vendor / "nautobot").mkdir()
    (vendor / "nautobot" / "__init__.py").write_text("raise RuntimeError('the installed one')")
    one = zygote({"m.py": "import nautobot\nfrom nautobot.apps import jobs\n"})
    assert one.module("m")["error"] is None


def test_the_nautobot_names_do_not_exist_outside_of_zygotes():
    code = "import windlass.jobs, nautobot"
    done = subprocess.run(
        [sys.executable, "-c", code], stderr=-1, cwd=str(host_side.SDK), check=False
    )
    assert b"No module named 'nautobot'" in done.stderr


def test_preloaded_modules_are_there_and_errors_do_not_matter(own_host, write):
    folder = write({"m.py": "import sys\nassert 'wave' in sys.modules\n"})
    own_host.describe(
        host_side.jobs_root(folder), preload=("wave", "no_such_module", "antigravity_not")
    )
    zygote = own_host.zygote_of(host_side.jobs_root(folder), "z2")
    assert zygote.module("m")["error"] is None


def test_two_sources_are_imported_into_one_zygote(shared_host, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / (name + "_jobs.py")).write_text(GOOD)
    versions = [host_side.jobs_root(tmp_path / name) for name in ("one", "two")]
    both = {"id": "both", "sources": [version["sources"][0] for version in versions]}
    zygote = shared_host.zygote_of(both)
    assert [class_paths(module) for module in zygote.manifest["modules"]] == [
        ["one_jobs.Good"],
        ["two_jobs.Good"],
    ]


def test_declarations_that_are_wrong_are_import_errors_of_their_module(zygote):
    one = zygote(
        {"m.py": GOOD.replace("def run", "class Meta:\n        hidden = 'yes'\n\n    def run")}
    )
    assert one.module("m")["error"]["message"] == "m.Good: Meta.hidden wants bool, got str ('yes')"


def test_warnings_tell_of_what_has_no_effect(zygote):
    one = zygote(
        {"m.py": GOOD.replace("def run", "class Meta:\n        hiden = True\n\n    def run")}
    )
    warning = dict(one.manifest["warnings"][0])
    assert warning.pop("file_path").endswith("/m.py") and warning.pop("line") > 0
    assert warning == {
        "class_path": "m.Good",
        "code": "meta.unknown",
        "message": "Meta.hiden is not known and has no effect; did you mean hidden?",
    }
