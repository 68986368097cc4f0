"""A second simultaneous run fails, unless the lock is overridden."""

import pathlib

from nautobot.apps import jobs


class Single(jobs.Job):
    class Meta:
        has_sensitive_variables = False
        is_singleton = True

    release = jobs.StringVar(
        description="A FIFO: the run ends when somebody has written to it", required=False
    )

    def run(self, *, release):
        if release:
            self.logger.info("holding")
            pathlib.Path(release).read_text()
        return "done"


jobs.register_jobs(Single)
