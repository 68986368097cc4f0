"""A report that can be downloaded from the run's page."""

import csv
import io

from windlass import jobs

name = "Examples"


class WriteReport(jobs.Job):
    class Meta:
        name = "Write Report"
        description = "Writes squares into a CSV file."
        has_sensitive_variables = False

    rows = jobs.IntegerVar(label="Rows", default=10, min_value=1, max_value=10_000)

    def run(self, *, rows: int) -> int:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["number", "square"])
        writer.writerows((number, number * number) for number in range(1, rows + 1))
        self.create_file("squares.csv", text.getvalue())
        return rows


jobs.register_jobs(WriteReport)
