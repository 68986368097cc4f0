"""A submodule that nobody imports registers nothing."""

from nautobot.apps.jobs import Job, register_jobs


class NotImported(Job):
    def run(self):
        pass


register_jobs(NotImported)
