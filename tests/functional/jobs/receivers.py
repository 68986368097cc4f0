"""Receivers register, are marked, and do not run by themselves."""

from nautobot.apps.jobs import JobButtonReceiver, JobHookReceiver, register_jobs


class Hook(JobHookReceiver):
    def receive_job_hook(self, change, action, changed_object):
        pass


class Button(JobButtonReceiver):
    def receive_job_button(self, obj):
        pass


register_jobs(Hook, Button)
