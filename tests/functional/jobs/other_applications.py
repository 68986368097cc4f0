"""Importing what belongs to other applications says what is missing and what to use instead."""

from nautobot.apps import jobs
from nautobot.dcim.models import Device


class Devices(jobs.Job):
    def run(self):
        return Device.objects.count()


jobs.register_jobs(Devices)
