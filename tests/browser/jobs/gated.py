"""A job that writes, waits until the test opens a FIFO, and writes again; and one with a long log."""

import os

from windlass import jobs

name = "Browser"


class Steps(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    gate = jobs.StringVar()
    lines = jobs.IntegerVar(default=60)

    def run(self, *, gate, lines):
        for number in range(lines):
            self.logger.info("before %s", number)
        self.progress(1, 2, "half way")
        os.close(os.open(gate, os.O_RDONLY))
        for number in range(lines):
            self.logger.info("after %s", number)
        print("\x1b[31mred\x1b[0m <b>plain</b>")


class LongLog(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    lines = jobs.IntegerVar(default=400_000)

    def run(self, *, lines):
        for number in range(1, lines + 1):
            level = self.logger.warning if number % 100_000 == 0 else self.logger.info
            level("entry number %s", number, extra={"grouping": f"part {number * 4 // (lines + 1)}"})


jobs.register_jobs(Steps, LongLog)
