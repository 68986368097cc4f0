"""What a job knows of itself, its files and the server; and receivers."""

from nautobot.apps import jobs
from nautobot.extras.models import JobQueue, JobResult
from nautobot.users.models import User

name = "Questions"


class Knows(jobs.Job):
    class Meta:
        name = "It knows"
        has_sensitive_variables = False

    word = jobs.StringVar(default="a word")
    address = jobs.IPAddressVar(required=False)

    def run(self, *, word, address):
        return {
            "task": self.request.id,
            "attempt": self.request.retries + 1,
            "queue": self.celery_kwargs["queue"],
            "user": self.user.username,
            "job": self.job_model.name,
            "path": self.class_path,
            "inputs": self.request.kwargs,
        }


class Reads(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    file = jobs.StringVar(default="limits.json")

    def run(self, *, file):
        return self.load_json(file)["disk"]


class Asks(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    def run(self):
        queues = JobQueue.objects.filter(name="default")
        mine = JobResult.objects.get(id=self.request.id)
        wrong = "none"
        try:
            JobQueue.objects.filter(nonsense=1).count()
        except ValueError:
            wrong = "refused"
        return {
            "count": queues.count(),
            "exists": JobQueue.objects.filter(name="nowhere").exists(),
            "name": queues.order_by("-name").first().name,
            "status": mine.status,
            "user": mine.user.username,
            "who": User.objects.get(id=self.user.id).username,
            "wrong": wrong,
        }


class Validates(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    def run(self):
        good = Knows.validate_data({"word": " trimmed ", "address": "192.0.2.1"})
        try:
            Knows.validate_data({"address": "nowhere"})
        except jobs.ValidationError as problem:
            return [good["word"], str(good["address"]), sorted(problem.message_dict)]


class Hook(jobs.JobHookReceiver):
    class Meta:
        description = "Told of changes"

    def receive_job_hook(self, change, action, changed_object):
        self.logger.info("%s: %s", action, changed_object)


class Button(jobs.JobButtonReceiver):
    def receive_job_button(self, obj):
        self.logger.info("pressed on %s", obj)


jobs.register_jobs(Knows, Reads, Asks, Validates, Hook, Button)
