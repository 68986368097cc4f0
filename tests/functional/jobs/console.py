"""Standard output and error become console entries, sanitised."""

import os
import sys

from nautobot.apps import jobs


class Prints(jobs.Job):
    def run(self):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        os.write(1, b"past Python\n")
        print("token: abcdef0123456789")
        sys.stdout.write("no newline at the end")


jobs.register_jobs(Prints)
