"""How a run ends, and what is called around it."""

import contextlib
import pathlib
import time

from nautobot.apps import jobs

WHERE = ("nowhere", "before_start", "run", "on_success", "on_failure", "after_return")


class Ends(jobs.Job):
    class Meta:
        has_sensitive_variables = False


class Steps(Ends):
    throws_in = jobs.MultiChoiceVar(choices=[(name, name) for name in WHERE], required=False)
    fails_in = jobs.MultiChoiceVar(choices=[(name, name) for name in WHERE], required=False)

    def step(self, name, kwargs, detail=""):
        self.logger.info(("%s %s" % (name, detail)).strip(), extra={"grouping": "order"})
        if name in kwargs["fails_in"]:
            self.fail("failed in %s", name)
        self.thrown = getattr(self, "thrown", set())
        if name in kwargs["throws_in"] and name not in self.thrown:
            self.thrown.add(name)
            raise LookupError(name)

    def before_start(self, task_id, args, kwargs):
        self.step("before_start", kwargs)

    def run(self, **inputs):
        self.step("run", inputs)
        return "from run"

    def on_success(self, retval, task_id, args, kwargs):
        self.step("on_success", kwargs, retval)

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.step("on_failure", kwargs, "" if einfo is None else str(exc).strip("'"))

    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        self.step("after_return", kwargs, status)


class Returns(Ends):
    which = jobs.StringVar()

    def run(self, *, which):
        deep = 1
        for _ in range(60):
            deep = [deep]
        return {
            "null": None,
            "nested": {"list": [1, 2.5, True, None, "text"], "größe": {}},
            "numbers": [-(2**63), 2**64 - 1, 1e300],
            "bytes": "caf\udce9",
            "nan": {"deep": [float("nan")]},
            "deep": deep,
        }[which]


class Throws(Ends):
    def run(self):
        try:
            raise KeyError("the cause")
        except KeyError as cause:
            raise LookupError("no such device: größe") from cause


class Flaky(Ends):
    class Meta(Ends.Meta):
        max_retries = 2
        retry_delay = 0

    succeeds_at = jobs.IntegerVar()

    def run(self, *, succeeds_at):
        self.logger.info("attempt %d", self.request.retries + 1)
        if self.request.retries + 1 < succeeds_at:
            try:
                raise ConnectionError("no answer")
            except ConnectionError as problem:
                raise self.retry(exc=problem) from None
        return self.request.retries

    def on_retry(self, exc, task_id, args, kwargs, einfo):
        self.logger.warning("again, after %s", exc)

    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        self.logger.info("after_return %s", status)


class GivesUp(Ends):
    def run(self):
        raise self.retry(countdown=0, max_retries=1)


class Soft(Ends):
    class Meta(Ends.Meta):
        soft_time_limit = 0.2
        time_limit = 20

    tidies_up = jobs.BooleanVar()

    def run(self, *, tidies_up):
        try:
            while True:
                time.sleep(0.001)
        except jobs.SoftTimeLimitExceeded:
            if tidies_up:
                return "tidied up"
            raise


class Hard(Ends):
    class Meta(Ends.Meta):
        soft_time_limit = 0.2
        time_limit = 0.7

    def run(self):
        while True:
            with contextlib.suppress(jobs.SoftTimeLimitExceeded):
                time.sleep(60)


class Waits(Ends):
    listens = jobs.BooleanVar()

    def run(self, *, listens):
        self.logger.info("begun")
        while True:
            try:
                while True:
                    time.sleep(0.001)
            except jobs.RunCancelled:
                if listens:
                    self.logger.warning("tidied up")
                    raise


class Single(Ends):
    class Meta(Ends.Meta):
        is_singleton = True

    release = jobs.StringVar(required=False)

    def run(self, *, release):
        if release:
            self.logger.info("holding")
            pathlib.Path(release).read_text()
        return "done"


jobs.register_jobs(Steps, Returns, Throws, Flaky, GivesUp, Soft, Hard, Waits, Single)
