"""A submodule counts when the top level imports it."""

from nautobot.apps.jobs import Job, register_jobs


class MyJob(Job):
    def run(self):
        return self.load_yaml("beside.yaml")["answer"] + self.load_json("beside.json")["answer"]


register_jobs(MyJob)
