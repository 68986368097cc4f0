"""Modules of the folder import one another by plain name."""

import shared_helper

from nautobot.apps import jobs


class Uses(jobs.Job):
    def run(self):
        return shared_helper.answer()


jobs.register_jobs(Uses)
