"""self.retry: RETRY between attempts, on_retry before it, a limit, and the log of each attempt kept apart."""

from windlass import jobs


class Flaky(jobs.Job):
    class Meta:
        has_sensitive_variables = False
        max_retries = 2

    succeed_at = jobs.IntegerVar(default=3)

    def run(self, *, succeed_at):
        self.logger.info("attempt %d", self.request.retries + 1)
        if self.request.retries + 1 < succeed_at:
            raise self.retry(exc=ConnectionError("no answer"), countdown=0)
        return self.request.retries

    def on_retry(self, exc, task_id, args, kwargs, einfo):
        self.logger.warning("again, after %s", exc)

    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        self.logger.info("after_return %s", status)


jobs.register_jobs(Flaky)
