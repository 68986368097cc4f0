"""The soft limit raises in the job, whichever name it is caught by."""

import signal

from celery.exceptions import SoftTimeLimitExceeded

from nautobot.apps import jobs


class Soft(jobs.Job):
    class Meta:
        soft_time_limit = 0.2

    def run(self):
        try:
            while True:
                signal.pause()
        except SoftTimeLimitExceeded as problem:
            return "tidied up after %s" % type(problem).__name__


jobs.register_jobs(Soft)
