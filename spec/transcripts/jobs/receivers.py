"""Receivers, and a job that reads a file beside its source and forks a copy of itself."""

import os

from windlass import jobs


class Audit(jobs.JobHookReceiver):
    class Meta:
        name = "Audit changes"

    def receive_job_hook(self, change, action, changed_object):
        self.logger.info("%s: %s", action, changed_object)


class Ping(jobs.JobButtonReceiver):
    def receive_job_button(self, obj):
        self.logger.info("Pinging %s", obj)


class Limits(jobs.Job):
    def run(self):
        pid = os.fork()
        if pid == 0:
            raise LookupError("in the copy")
        status = os.waitpid(pid, 0)[1] >> 8
        return {"copy": status, "disk": self.load_json("limits.json")["disk"]}


jobs.register_jobs(Audit, Ping, Limits)
