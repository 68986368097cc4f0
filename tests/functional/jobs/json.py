"""A module name that collides with an installed one is refused."""

from nautobot.apps import jobs


class Collides(jobs.Job):
    def run(self):
        pass


jobs.register_jobs(Collides)
