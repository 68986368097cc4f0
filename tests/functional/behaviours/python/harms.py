"""What no job should do, each by its name."""

import ctypes
import os
import signal
import subprocess
import threading
import time

from nautobot.apps import jobs


class Harms(jobs.Job):
    class Meta:
        has_sensitive_variables = False
        soft_time_limit = 60
        time_limit = 90

    how = jobs.StringVar()
    mark = jobs.StringVar(required=False)

    def run(self, *, how, mark):
        return getattr(self, how)(mark)

    def segfault(self, mark):
        ctypes.string_at(0)

    def aborts(self, mark):
        os.abort()

    def kills_itself(self, mark):
        os.kill(os.getpid(), signal.SIGKILL)

    def leaves(self, mark):
        os._exit(3)

    def closes_all(self, mark):
        os.closerange(0, 1000)
        time.sleep(600)

    def closes_output(self, mark):
        os.close(1)
        os.close(2)
        return "fine"

    def eats(self, mark):
        hoard = []
        while True:
            hoard.append(bytearray(10_000_000))

    def copies_itself(self, mark):
        pid = os.fork()
        if pid == 0:
            raise LookupError("in the copy")
        return os.waitpid(pid, 0)[1] >> 8

    def spawns(self, mark):
        if os.fork() == 0:
            os.setsid()
            os.execlp("sleep", "sleep-" + mark, "600")
        subprocess.Popen(["sleep", "601"], env={**os.environ, "MARK": mark}, start_new_session=True)

    def fork_bomb(self, mark):
        main = os.getpid()
        for _ in range(6):
            os.fork()
        if os.getpid() != main:
            os.execlp("sleep", "sleep-" + mark, "600")
        time.sleep(600)

    def leaves_threads(self, mark):
        for _ in range(3):
            threading.Thread(target=lambda: time.sleep(600)).start()
        return "main is done"

    def prints_much(self, mark):
        for _ in range(20):
            os.write(1, b"y" * 1_000_000)

    def logs_much(self, mark):
        text = "x" * 10_000
        for _ in range(10_000):
            self.logger.info(text)

    def no_text(self, mark):
        os.write(1, b"caf\xe9 \xff\xfe\n")
        self.logger.info("half \udce9 and NUL \x00")

    def garbage(self, mark):
        import socket

        for entry in os.listdir("/proc/self/fd"):
            try:
                if os.readlink("/proc/self/fd/" + entry).startswith("socket:"):
                    other = socket.socket(fileno=os.dup(int(entry)))
                    for data in (b"\xff no json", b'{"type": "log", "level": 7}', b"[" * 50_000):
                        other.send(data)
            except OSError:
                pass
        return "still here"

    def ignores_everything(self, mark):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(60)


class Hangs(Harms):
    class Meta(Harms.Meta):
        soft_time_limit = 0.5
        time_limit = 1.5


jobs.register_jobs(Harms, Hangs)
