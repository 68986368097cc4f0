"""What is read from YAML beside the module."""

from nautobot.apps import jobs

name = "Documents"


class Loads(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    files = jobs.JSONVar(description="Names of files")

    def run(self, *, files):
        return {file: self.load_yaml(file) for file in files}


jobs.register_jobs(Loads)
