"""A test of a job, as a type checker sees it."""

from typing import Dict, List, Optional, assert_type

from windlass import jobs
from windlass.jobs import testing


class Hello(jobs.Job):
    who = jobs.StringVar(default="world")

    def run(self, *, who: str) -> str:
        return "hello " + who


jobs.register_jobs(Hello)


def check_hello() -> None:
    assert_type(jobs.testing.run_job(Hello), testing.FinishedRun)
    run = testing.run_job(Hello, who="you", _user="ada")
    assert_type(run, testing.FinishedRun)
    assert_type(run.logs, List[testing.LogEntry])
    assert_type(run.files, Dict[str, bytes])
    assert_type(run.exception, Optional[BaseException])
    assert_type(run.console.stdout, str)
    assert run.result == "hello you" and not run.failed
