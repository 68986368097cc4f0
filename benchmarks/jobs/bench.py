"""The jobs that the benchmarks run."""

import time

from windlass import jobs

name = "Benchmarks"


class Base(jobs.Job):
    class Meta:
        has_sensitive_variables = False


class NoOp(Base):
    """Does nothing."""

    def run(self):
        pass


class FirstLine(Base):
    """Returns the time of its first line, in seconds since 1970."""

    def run(self):
        return time.time()


class Logs(Base):
    """Logs n lines."""

    n = jobs.IntegerVar(default=1000, min_value=0)

    def run(self, *, n):
        for number in range(n):
            self.logger.info("line %s of the benchmark's log", number)


jobs.register_jobs(NoOp, FirstLine, Logs)
