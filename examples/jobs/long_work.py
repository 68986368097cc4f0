"""Work that takes a while: progress, a log by levels, a clean end when it is cancelled."""

from __future__ import annotations

import time
from typing import Any

from windlass import jobs

name = "Examples"


class LongWork(jobs.Job):
    class Meta:
        name = "Long Work"
        description = "Inspects a number of made-up devices, one after another."
        has_sensitive_variables = False
        soft_time_limit = 120
        time_limit = 150

    devices = jobs.IntegerVar(
        label="Devices", default=20, min_value=1, max_value=1000, description="How many"
    )
    seconds_each = jobs.IntegerVar(
        label="Seconds each", default=0, min_value=0, max_value=10, description="Pause after each"
    )

    def run(self, *, devices: int, seconds_each: int) -> dict[str, Any]:
        faulty: list[str] = []
        for number in jobs.track(range(1, devices + 1), message="Inspecting"):
            device = f"switch-{number:03}"
            if number % 7 == 0:
                faulty.append(device)
                self.logger.warning("Port down", extra={"grouping": "ports", "object": device})
            else:
                self.logger.debug("All ports up", extra={"grouping": "ports", "object": device})
            time.sleep(seconds_each or 0.05)
        self.logger.success("Inspected %d devices, %d with a port down", devices, len(faulty))
        return {"devices": devices, "faulty": faulty}


jobs.register_jobs(LongWork)
