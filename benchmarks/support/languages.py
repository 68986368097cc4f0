"""Runs the examples that are there in both languages on the same work, and prints how long the runs took.

Usage: languages.py ROUNDS WORK   (a folder for the homes)
"""

import pathlib
import shutil
import statistics
import sys

from client import REPOSITORY, seconds

from tests.support.server import Windlass

CLASSES = {"log_analysis": "AnalyseLog", "reachability": "Sweep", "address_plan": "PlanAddresses"}
LANGUAGES = {"python": ("jobs", "py"), "cpp": ("cpp", "cpp")}
LOG_BYTES = 50 << 20
LEVELS = ("INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR")


def write_log(path):
    """A log of LOG_BYTES bytes, as a web service writes it."""
    with open(path, "w", encoding="utf-8") as file:
        number = 0
        while file.tell() < LOG_BYTES:
            for _ in range(10_000):
                number += 1
                file.write(
                    f"2026-01-31T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z "
                    f"{LEVELS[number % 6]} Served /devices/{number * 7919 % 100_003}/ports/{number % 48} "
                    f"to client-{number % 17} in {number * 31 % 2003} ms\n"
                )


class Both:
    """One server with each example in both languages."""

    def __init__(self, home):
        self.windlass = Windlass(home, request_body_limit="100MiB", workers=1)
        for module in CLASSES:
            for language, (folder, ending) in LANGUAGES.items():
                source = REPOSITORY / "examples" / folder / f"{module}.{ending}"
                shutil.copy(source, self.windlass.jobs / f"{language}_{module}.{ending}")
        self.windlass.start()
        for module in CLASSES:
            for language in LANGUAGES:
                self.windlass.wait_for_job(self.path(language, module), timeout=120)
        self.windlass.command("jobs", "enable", "--all", check=0)

    @staticmethod
    def path(language, module):
        return f"{language}_{module}.{CLASSES[module]}"

    def took(self, language, module, data=None, upload=None):
        """Seconds from the start of one run to its end, and its result."""
        if upload is None:
            submitted = self.windlass.submit(self.path(language, module), data)
        else:
            with open(upload, "rb") as file:
                answer = self.windlass.request(
                    "POST",
                    f"/api/extras/jobs/{self.path(language, module)}/run/",
                    data=data,
                    files={"log": (upload.name, file)},
                )
            assert answer.status_code == 201, answer.text
            submitted = answer.json()["job_result"]
        done = self.windlass.wait(submitted, timeout=300)
        assert done["status"]["value"] == "SUCCESS", done
        return seconds(done["date_done"]) - seconds(done["date_started"]), done["result"]

    def row(self, what, module, rounds, data, upload=None):
        figures, results = {}, []
        for language in LANGUAGES:
            runs = [self.took(language, module, data, upload) for _ in range(rounds)]
            figures[language] = statistics.median(time for time, _ in runs)
            results += [result for _, result in runs]
        assert all(result == results[0] for result in results), f"the results of {module} differ"
        python, cpp = figures["python"], figures["cpp"]
        print(f"| {what} | {python:.3f} s | {cpp:.3f} s | {python / cpp:.1f} × |", flush=True)


def main(rounds, work):
    log = pathlib.Path(work) / "service.log"
    write_log(log)
    both = Both(pathlib.Path(work) / "languages")
    print("\n| one run of an example | Python | C++ | Python to C++ |\n|---|---|---|---|", flush=True)
    try:
        both.row("log_analysis: a file of 50 MiB", "log_analysis", rounds, {"top": "10"}, log)
        plan = {"network": "10.0.0.0/8", "prefix_length": 25}
        both.row("address_plan: a report of 131,072 rows", "address_plan", rounds, plan)
        sweep = {"network": "127.0.0.0/20", "ports": "1-16"}
        both.row("reachability: 65,504 ports that refuse", "reachability", rounds, sweep)
    finally:
        both.windlass.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
