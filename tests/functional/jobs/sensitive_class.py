"""The default: no input of the job is ever stored in clear or shown."""

from nautobot.apps import jobs


class AllSecret(jobs.Job):
    words = jobs.StringVar()

    def run(self, *, words):
        return len(words)


jobs.register_jobs(AllSecret)
