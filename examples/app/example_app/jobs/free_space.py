"""A job of an app: helpers of its package, a file beside it, a default setting of the app."""

from example_app import ExampleAppConfig
from example_app.disks import free_percent
from nautobot.apps.jobs import Job, StringVar, register_jobs

name = "Example App"

DEFAULT_PATH = ExampleAppConfig.default_settings["path"]


class FreeSpace(Job):
    class Meta:
        name = "Free space"
        description = "Warns when a file system of this machine fills up."
        has_sensitive_variables = False

    path = StringVar(description="Any folder of the file system", default=DEFAULT_PATH)

    def run(self, *, path: str) -> float:
        limits = self.load_json("limits.json")
        free = round(free_percent(path), 1)
        if free < limits["fail_below_percent"]:
            self.fail("%s has %g %% left", path, free)
        elif free < limits["warn_below_percent"]:
            self.logger.warning("%s has %g %% left", path, free)
        else:
            self.logger.success("%s has %g %% left", path, free)
        return free


register_jobs(FreeSpace)
