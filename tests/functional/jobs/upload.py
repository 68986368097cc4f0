"""A file arrives as a file-like object, and is gone after the run."""

import os

from nautobot.apps import jobs


class Upload(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    table = jobs.FileVar()
    other = jobs.FileVar(required=False, sensitive=True)

    def before_start(self, task_id, args, kwargs):
        self.kwargs_then = dict(kwargs)

    def run(self, *, table, other):
        lines = [line.decode().strip() for line in table]
        table.seek(0)
        return {
            "name": table.name,
            "lines": lines,
            "bytes": len(table.read()),
            "other": other.read().decode() if other else None,
            "kwargs": self.kwargs_then,
            "descriptors": len(os.listdir("/proc/self/fd")),
        }


jobs.register_jobs(Upload)
