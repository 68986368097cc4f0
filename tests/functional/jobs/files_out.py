"""create_file keeps a file with the result, logs a link, and refuses what is too large."""

from nautobot.apps import jobs


class Files(jobs.Job):
    def run(self):
        record = self.create_file("report.txt", "text")
        self.create_file("data.bin", b"\x00\x01")
        try:
            self.create_file("large.bin", b"x" * (10 * 1024 * 1024 + 1))
        except ValueError as refusal:
            return {"name": record.name, "refused": str(refusal)}


jobs.register_jobs(Files)
