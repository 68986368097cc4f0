"""What a run says while it lasts: log, console, progress, files."""

import sys
import threading

from nautobot.apps import jobs


class Thing:
    def __str__(self):
        return "the thing"

    def get_absolute_url(self):
        return "/things/1/"


class Speaks(jobs.Job):
    class Meta:
        has_sensitive_variables = False


class Logs(Speaks):
    def run(self):
        self.logger.debug("debug")
        self.logger.info("info")
        self.logger.success("success")
        self.logger.warning("warning")
        self.logger.failure("failure")
        self.logger.error("error")
        self.logger.critical("critical")
        self.helper()
        self.logger.info("grouped", extra={"grouping": "my group"})
        self.logger.info("about", extra={"object": Thing()})
        self.logger.info("hidden", extra={"skip_db_logging": True})
        self.logger.info("%d of %d, %s%%", 1, 2, 50.5)
        self.logger.info("no arguments: %s {}")
        self.logger.info("password: hunter22")
        thread = threading.Thread(target=lambda: self.logger.info("from a thread"))
        thread.start()
        thread.join()

    def helper(self):
        self.logger.info("from helper")


class Prints(Speaks):
    def run(self):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        sys.stdout.write("open end")


class Progresses(Speaks):
    def run(self):
        self.progress(1, 4, "begun")
        total = 0
        for number in jobs.track([1, 2, 3], message="adding"):
            total += number
        for number in jobs.track((one for one in (4, 5)), message="more"):
            total += number
        problem = "none"
        try:
            self.progress(-1)
        except ValueError:
            problem = "refused"
        return [total, problem]


class Writes(Speaks):
    def run(self):
        self.create_file("text.txt", "grün\n")
        file = self.create_file("data.bin", b"\x00\xff")
        refused = 0
        for name in ("../x", "a/b", "/etc/passwd", "", ".", "..", "x\ny"):
            try:
                self.create_file(name, "x")
            except ValueError:
                refused += 1
        try:
            self.create_file("big.bin", b"x" * (11 << 20))
        except ValueError:
            refused += 1
        return {"refused": refused, "name": file.name, "url": file.url.endswith("/download/")}


jobs.register_jobs(Logs, Prints, Progresses, Writes)
