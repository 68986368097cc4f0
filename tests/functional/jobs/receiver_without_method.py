"""A receiver that does not say what to do is refused."""

from nautobot.apps.jobs import JobHookReceiver, register_jobs


class Silent(JobHookReceiver):
    pass


register_jobs(Silent)
