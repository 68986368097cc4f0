"""dryrun = DryRunVar() begins as Meta.dryrun_default says; a dry run needs no approval."""

from nautobot.apps import jobs


class Careful(jobs.Job):
    class Meta:
        approval_required = True
        dryrun_default = True
        has_sensitive_variables = False

    dryrun = jobs.DryRunVar()

    def run(self, *, dryrun):
        return {"dryrun": dryrun, "supports": self.supports_dryrun, "default": self.dryrun_default}


jobs.register_jobs(Careful)
