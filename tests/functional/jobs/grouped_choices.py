"""Choices may stand in groups, beside ones that do not; a choice arrives as a string."""

from nautobot.apps import jobs


class Grouped(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    colour = jobs.ChoiceVar(
        choices=(
            ("none", "No colour"),
            ("Warm", (("red", "Red"), ("orange", "Orange"))),
            ("Cold", ((1, "Blue"), (2, "Green"))),
        )
    )

    def run(self, *, colour):
        return colour


jobs.register_jobs(Grouped)
