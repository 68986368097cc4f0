"""Deriving from the database model is refused with a message that says which class to inherit from."""

from nautobot.apps.jobs import register_jobs
from nautobot.extras.models import Job


class Mistaken(Job):
    def run(self):
        pass


register_jobs(Mistaken)
