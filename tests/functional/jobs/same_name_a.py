"""Two classes of one name: the record that comes second gets a suffix."""

from nautobot.apps import jobs


class Same(jobs.Job):
    class Meta:
        name = "The same name"

    def run(self):
        return "a"


jobs.register_jobs(Same)
