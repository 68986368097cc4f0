"""Jobs that make the child say everything that a child can say."""

import select

from windlass import jobs


class Place:
    def __str__(self):
        return "Paris"

    def get_absolute_url(self):
        return "/places/paris/"


class Reports(jobs.Job):
    """Logs, shows progress, creates a file, succeeds."""

    text = jobs.StringVar(min_length=1, max_length=20, regex="^[a-z]+$", default="hi")
    lines = jobs.TextVar(required=False, label="Lines")
    count = jobs.IntegerVar(min_value=0, max_value=9)
    flag = jobs.BooleanVar(default=True)
    choice = jobs.ChoiceVar(choices=(("a", "A"), ("Group", (("b", "B"), ("c", "C")))))
    dryrun = jobs.DryRunVar()

    class Meta:
        description = """
            First line.

            More.
        """
        field_order = ["count"]
        has_sensitive_variables = False
        soft_time_limit = 5
        task_queues = ["default", "slow"]

    def run(self, *, text, lines, count, flag, choice, dryrun):
        for level in ("debug", "info", "success", "warning", "failure", "error", "critical"):
            getattr(self.logger, level)("at %s", level)
        self.logger.info("seen", extra={"grouping": "cities", "object": Place()})
        self.progress(1, 2, "half")
        record = self.create_file("report.txt", "one\n")
        return {"file": record.id, "inputs": [text, lines, count, flag, choice, dryrun]}


class Raises(jobs.Job):
    def run(self):
        raise ValueError("no such device")


class Fails(jobs.Job):
    def run(self):
        self.fail("%d of %d", 1, 3)
        return ["partial"]


class Waits(jobs.Job):
    def run(self):
        self.logger.info("waiting")
        select.select([], [], [])

    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        self.logger.info("%s after %s", status, type(retval).__name__)


class Returns(jobs.Job):
    def run(self):
        return {"rows": [1, {"x": object()}]}


class Adds(jobs.Job):
    first = jobs.IntegerVar()
    second = jobs.IntegerVar()

    def run(self, *, first, second):
        return first + second


jobs.register_jobs(Reports, Raises, Fails, Waits, Returns, Adds)
