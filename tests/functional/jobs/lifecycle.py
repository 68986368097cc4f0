"""The special methods in their order, with a failure in any of them."""

from nautobot.apps import jobs
from nautobot.extras.choices import JobResultStatusChoices

WHERE = ("nowhere", "before_start", "run", "on_success", "on_failure", "after_return")


class Lifecycle(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    raise_in = jobs.MultiChoiceVar(choices=[(name, name) for name in WHERE], required=False)
    fail_in = jobs.MultiChoiceVar(choices=[(name, name) for name in WHERE], required=False)
    base = jobs.BooleanVar(default=False)

    def _at(self, name, kwargs, **seen):
        if name not in getattr(self, "raised", set()):
            self.logger.info("%s %s", name, sorted(seen.items()), extra={"grouping": "order"})
        assert self.request.id == str(self.job_result.id)
        if name in kwargs["fail_in"]:
            self.fail("failed in %s", name)
        self.raised = getattr(self, "raised", set())
        if name in kwargs["raise_in"] and name not in self.raised:
            self.raised.add(name)
            raise KeyboardInterrupt(name) if kwargs["base"] else ValueError(name)

    def before_start(self, task_id, args, kwargs):
        assert task_id == self.request.id and args == ()
        self._at("before_start", kwargs)
        return "from before_start"

    def run(self, **inputs):
        self._at("run", inputs)
        return "from run"

    def on_success(self, retval, task_id, args, kwargs):
        self._at("on_success", kwargs, retval=retval)

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        if einfo is not None:
            assert str(einfo) == einfo.traceback and einfo.exception is exc
        self._at("on_failure", kwargs, exc=str(exc), einfo=einfo is not None)

    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        known = (
            status is JobResultStatusChoices.STATUS_SUCCESS or status is JobResultStatusChoices.STATUS_FAILURE
        )
        self._at(
            "after_return", kwargs, status=status, known=known, retval=str(retval), einfo=einfo is not None
        )


jobs.register_jobs(Lifecycle)
