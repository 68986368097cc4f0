"""Commands that dropped what they were told, or named commands that did not help."""

import re
import shlex
import subprocess

from tests.support.server import BINARY

JOB = """
from windlass import jobs
class Work(jobs.Job):
    class Meta:
        task_queues = {queues}
    def run(self):
        return "done"
jobs.register_jobs(Work)
"""
BROKEN = "x = 1\ndef broken():\n    raise KeyError('deep')\nbroken()\n"


def work(queues=()):
    return JOB.format(queues=list(queues))


# runjob --local FILE


def test_a_broken_file_is_not_run_as_it_was_before(windlass):
    file = windlass.write_job("mine.py", work())
    windlass.command("runjob", "--local", file, check=0)
    file.write_text(BROKEN)
    refused = windlass.command("runjob", "--local", file, check=2)
    assert "line 4, in <module>" in refused.stderr
    assert "line 3, in broken" in refused.stderr
    assert "KeyError: 'deep'" in refused.stderr
    assert refused.stdout == ""


def test_a_broken_file_elsewhere_is_refused_with_its_traceback(windlass, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(BROKEN)
    refused = windlass.command("runjob", "--local", file, check=2)
    assert "line 3, in broken" in refused.stderr


def test_a_file_elsewhere_is_told_what_concerns_it(windlass, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("x = 1\n")
    refused = windlass.command("runjob", "--local", file, check=2)
    assert "register_jobs" in refused.stderr
    assert "jobs_root" not in refused.stderr
    file.write_text(work())
    done = windlass.command("runjob", "--local", file, check=0)
    assert "jobs enable" not in done.stderr


# Options that were dropped


def test_options_that_mean_nothing_are_refused(windlass):
    windlass.write_job("mine.py", work())
    both = windlass.command("runjob", "--local", "-u", "ada", "--queue", "fast", "mine.Work", check=2)
    assert "--username: ada" in both.stderr
    assert "--queue: fast" in both.stderr
    windlass.command("migrate", check=0)
    named = windlass.command("jobs", "enable", "--all", "mine.Work", check=2)
    assert "mine.Work" in named.stderr
    assert "disabled" in windlass.command("jobs", check=0).stdout


# Mistakes in the settings


def test_a_mistake_in_the_settings_does_not_hide_them(windlass):
    (windlass.home / "windlass.toml").write_text("time_limit = 7\nwokers = 3\n\nlog_level = 'loud'\n")
    assert windlass.command("version", check=0).stdout.startswith("windlass ")
    shown = windlass.command("config", check=1)
    assert re.search(r"^time_limit +7 +# windlass.toml$", shown.stdout, re.MULTILINE)
    assert f"{windlass.home}/windlass.toml, line 2: there is no setting" in shown.stderr
    assert f"{windlass.home}/windlass.toml, line 4: log_level" in shown.stderr
    refused = windlass.command("jobs", check=2)
    assert "line 2" in refused.stderr and "line 4" in refused.stderr


# Queues


def test_beside_a_running_start_the_refusal_names_what_helps(windlass):
    windlass.write_job("mine.py", work(["night"]))
    windlass.start()
    windlass.enable("mine.Work")
    refused = windlass.command("runjob", "mine.Work", check=2)
    assert "`windlass start --queue default --queue night`" in refused.stderr
    assert "windlass worker" not in refused.stderr
    by_rest = windlass.post("/api/extras/jobs/mine.Work/run/", {"data": {}}, 503)
    assert "windlass start --queue default --queue" in by_rest["detail"]


def test_a_queue_that_is_none_of_the_jobs_is_answered_with_those(windlass):
    windlass.write_job("mine.py", work(["slow", "fast"]))
    windlass.start()
    windlass.enable("mine.Work")
    refused = windlass.command("runjob", "--queue", "nope", "mine.Work", check=2)
    assert "slow, fast" in refused.stderr


# Commands to paste


def test_a_command_that_is_named_can_be_pasted(windlass, tmp_path):
    home = tmp_path / "another home"
    environment = {**windlass.environment}
    del environment["WINDLASS_HOME"]

    def run(*arguments):
        return subprocess.run(
            [BINARY, *arguments], env=environment, capture_output=True, text=True, check=False
        )

    made = run("--home", home, "jobs", "new", "My Report")
    assert made.returncode == 0, made.stderr
    run("--home", home, "migrate")
    run("--home", home, "createsuperuser", "--noinput")
    refused = run("--home", home, "runjob", "my_report.MyReport")
    (hint,) = re.findall(r"`(windlass .*jobs enable .*)`", refused.stderr)
    enabled = run(*shlex.split(hint)[1:])
    assert enabled.stdout.split() == ["enabled", "my_report.MyReport"], enabled.stderr
    (local,) = re.findall(r"windlass .*runjob --local \S+", made.stdout)
    assert run(*shlex.split(local)[1:]).returncode == 0


def test_every_commands_help_says_where_the_settings_are(windlass):
    for command in (["runjob"], ["jobs", "enable"], ["start"]):
        assert "`windlass --help` shows --home" in windlass.command(*command, "--help", check=0).stdout
    assert "--time-limit" in windlass.command("--help", check=0).stdout


# Homes and defaults


def test_a_home_made_by_hand_is_closed_to_others(windlass):
    windlass.home.chmod(0o755)
    first = windlass.command("jobs", check=0)
    assert windlass.home.stat().st_mode & 0o777 == 0o700
    assert "closed" in first.stderr
    windlass.home.chmod(0o750)  # its owner's decision
    windlass.command("jobs", check=0)
    assert windlass.home.stat().st_mode & 0o777 == 0o750


def test_a_home_that_holds_other_things_keeps_its_mode(windlass):
    (windlass.home / "thesis.tex").write_text("")
    windlass.home.chmod(0o755)
    first = windlass.command("jobs", check=0)
    assert windlass.home.stat().st_mode & 0o777 == 0o755
    assert f"chmod 0700 {windlass.home}" in first.stderr


def test_the_job_user_gets_through_the_home(windlass):
    windlass.home.chmod(0o755)
    windlass.command("--job_user", "nobody", "jobs", check=0)
    assert windlass.home.stat().st_mode & 0o777 == 0o711


def test_a_default_against_its_own_rules_is_told(windlass):
    file = windlass.write_job(
        "mine.py",
        """
        from windlass import jobs
        class Work(jobs.Job):
            copies = jobs.IntegerVar(default=12, max_value=9)
            def run(self, *, copies):
                return copies
        jobs.register_jobs(Work)
        """,
    )
    checked = windlass.command("jobs", "check", file, check=1)
    assert re.search(r"mine.py:3: variable.rules: .* copies .*less than or equal to 9", checked.stdout)
    refreshed = windlass.command("migrate", check=0)
    assert "The default of the variable copies" in refreshed.stderr
    assert "The default of the variable copies" in windlass.command("jobs", "show", "mine.Work").stdout


def test_an_exception_ends_the_log_in_the_reasons_words(windlass):
    windlass.write_job(
        "mine.py",
        """
        from windlass import jobs
        class Work(jobs.Job):
            def run(self):
                raise ValueError("bad")
        jobs.register_jobs(Work)
        """,
    )
    windlass.start()
    done = windlass.run("mine.Work")
    last = windlass.logs(done)[-1]
    assert (last["log_level"], last["message"]) == ("failure", "The job raised ValueError: bad")
    assert done["reason"] == last["message"]
