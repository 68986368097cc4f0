"""Starts the real binary in a temporary home and speaks HTTP to it."""

import json
import os
import pathlib
import selectors
import signal
import subprocess
import sys
import textwrap
import time

import requests

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("WINDLASS_BINARY", REPOSITORY / "build/release/windlass"))
TOKEN = "0123456789abcdef0123456789abcdef01234567"
FINAL = ("SUCCESS", "FAILURE", "REVOKED")


class Windlass:
    """One home and the processes on it.

    `home` is a folder; `python` the interpreter of jobs (default: the one that runs the tests). Settings go into the
    environment as WINDLASS_NAME. Everything is stopped by close().
    """

    def __init__(self, home, python=sys.executable, **settings):
        self.home = pathlib.Path(home)
        self.jobs = self.home / "jobs"
        self.jobs.mkdir(parents=True, exist_ok=True)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WINDLASS_")
        }
        self.environment["WINDLASS_HOME"] = str(self.home)
        self.environment["WINDLASS_PYTHON"] = str(python)
        self.environment["WINDLASS_LISTEN"] = "127.0.0.1:0"
        for name, value in settings.items():
            self.environment["WINDLASS_" + name.upper()] = str(value)
        self.processes = []
        self.url = None
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Token " + TOKEN

    # Files

    def write_job(self, name, source):
        """Writes jobs/<name> in one step, as editors do; source is dedented."""
        target = self.jobs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name("." + target.name + ".tmp")
        temporary.write_text(textwrap.dedent(source))
        temporary.replace(target)
        return target

    # Processes

    def command(self, *arguments, input=None, timeout=60, check=None, environment=()):
        """Runs one command to its end; check is the wanted exit status."""
        done = subprocess.run(
            [str(BINARY), *map(str, arguments)],
            env={**self.environment, **dict(environment)},
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check is not None:
            assert done.returncode == check, (done.returncode, done.stdout, done.stderr)
        return done

    def spawn(self, *arguments):
        """Starts a long-lived command and returns it once it says that it is ready."""
        log = open(self.home / f"{arguments[0]}-{len(self.processes)}.log", "w+b")
        process = subprocess.Popen(
            [str(BINARY), *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        process.log = log
        self.processes.append(process)
        line = read_line(process.stdout, 20, "windlass: ready on", "windlass: worker ready")
        if line is None:
            raise AssertionError(f"{arguments[0]} did not get ready: {self.log_of(process)}")
        if "http://" in line:
            self.url = line.split()[-1]
        return process

    def log_of(self, process):
        process.log.seek(0)
        return process.log.read().decode(errors="replace")

    def start(self, *arguments):
        """`windlass start` with an account that has TOKEN."""
        process = self.spawn("start", *arguments)
        self.create_superuser()
        return process

    def create_superuser(self, username="admin", token=TOKEN):
        done = self.command(
            "createsuperuser",
            "--noinput",
            "--username",
            username,
            environment={"WINDLASS_SUPERUSER_API_TOKEN": token}.items(),
        )
        assert done.returncode == 0 or "already" in done.stderr, done.stderr

    def stop(self, process, how=signal.SIGTERM, timeout=60):
        if process.poll() is None:
            process.send_signal(how)
        status = process.wait(timeout)
        return status

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
            process.log.close()
        self.session.close()

    # REST

    def request(self, method, path, **options):
        return self.session.request(method, self.url + path, timeout=60, **options)

    def get(self, path, status=200, **options):
        answer = self.request("GET", path, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    def post(self, path, body=None, status=201, **options):
        answer = self.request("POST", path, json=body, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    def job(self, class_path):
        """The job's record, or None."""
        answer = self.request("GET", f"/api/extras/jobs/{class_path}/")
        return answer.json() if answer.status_code == 200 else None

    def wait_for_job(self, class_path, timeout=15, **fields):
        """Waits until the record exists and has these values."""

        def found():
            job = self.job(class_path)
            return job if job and all(job[name] == value for name, value in fields.items()) else None

        return wait_until(found, timeout, f"{class_path} with {fields}")

    def enable(self, class_path):
        job = self.wait_for_job(class_path)
        answer = self.request("PATCH", f"/api/extras/jobs/{job['id']}/", json={"enabled": True})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def submit(self, class_path, data=None, **body):
        """Queues a run and returns its result as answered."""
        answer = self.post(f"/api/extras/jobs/{class_path}/run/", {"data": data or {}, **body})
        return answer["job_result"]

    def result(self, result):
        return self.get(f"/api/extras/job-results/{result['id']}/")

    def events(self, result, last_event_id=None, timeout=60):
        """Yields (event, id, data) of a result's stream until its end."""
        headers = {"Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        with self.session.get(
            f"{self.url}/api/extras/job-results/{result['id']}/events/",
            headers=headers,
            stream=True,
            timeout=timeout,
        ) as answer:
            assert answer.status_code == 200, answer.text
            yield from read_events(answer)

    def wait(self, result, timeout=60):
        """Follows the stream to the final status and returns the result."""
        for _ in self.events(result, timeout=timeout):
            pass
        done = self.result(result)
        assert done["status"]["value"] in FINAL, done
        return done

    def run(self, class_path, data=None, timeout=60, **body):
        """Enables, submits and waits."""
        self.enable(class_path)
        return self.wait(self.submit(class_path, data, **body), timeout)

    def logs(self, result):
        return self.get(f"/api/extras/job-results/{result['id']}/logs/")

    def messages(self, result):
        return [entry["message"] for entry in self.logs(result)]

    def console(self, result):
        entries = self.get(f"/api/extras/job-console-entries/?job_result={result['id']}&limit=1000")[
            "results"
        ]
        return [entry["text"] for entry in entries]


def read_events(answer):
    """Parses a Server-Sent Events answer."""
    event, identifier, data = "message", None, []
    for raw in answer.iter_lines(chunk_size=None):
        line = raw.decode()
        if not line:
            if data:
                yield event, identifier, json.loads("\n".join(data))
            event, data = "message", []
        elif line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("id:"):
            identifier = line[3:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].lstrip())


def read_line(stream, timeout, *wanted):
    """The first line that begins with one of the wanted texts, or None at the end or after the time."""
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        pending = b""
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                return None
            piece = os.read(stream.fileno(), 4096)
            if not piece:
                return None
            pending += piece
            *lines, pending = pending.split(b"\n")
            for line in lines:
                if line.decode().startswith(wanted):
                    return line.decode()
    return None


def wait_until(condition, timeout, what):
    """Asks again until the answer is true; each question is a round trip of its own."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
    raise AssertionError(f"not within {timeout} s: {what}")


def processes_with(text):
    """Pids of live processes (zombies aside) whose command line or environment holds the text."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            content = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if state != "Z" and text.encode() in content:
            found.append(int(entry.name))
    return found
