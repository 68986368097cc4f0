"""Metadata may be set as plain class attributes beside Meta; without `name` the grouping is the module's name."""

from windlass import jobs


class Plain(jobs.Job):
    description = "Set beside Meta"
    has_sensitive_variables = False

    def run(self):
        return self.description


jobs.register_jobs(Plain)
