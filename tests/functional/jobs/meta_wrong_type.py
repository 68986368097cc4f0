"""A wrong type in Meta is a clear error at registration."""

from nautobot.apps import jobs


class Wrong(jobs.Job):
    class Meta:
        soft_time_limit = "soon"

    def run(self):
        pass


jobs.register_jobs(Wrong)
