"""A class that is not registered is invisible."""

from nautobot.apps import jobs


class Known(jobs.Job):
    def run(self):
        return "known"


class Unknown(jobs.Job):
    def run(self):
        return "unknown"


jobs.register_jobs(Known)
