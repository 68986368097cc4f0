"""Progress shows while the job runs."""

from windlass import jobs


class Counts(jobs.Job):
    def run(self):
        self.progress(1, 4, "one of four")
        return [number for number in jobs.track(range(3))]


jobs.register_jobs(Counts)
