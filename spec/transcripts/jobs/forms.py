"""Jobs with every kind of input, and what jobs ask of the host."""

from nautobot.extras.models import JobResult
from windlass import jobs


class Takes(jobs.Job):
    """Says what it got."""

    secret = jobs.StringVar(sensitive=True)
    days = jobs.MultiChoiceVar(choices=[("mo", "Monday"), ("tu", "Tuesday")], default=["mo"])
    job = jobs.ObjectVar(model="extras.Job", display_field="name", query_params={"enabled": True})
    results = jobs.MultiObjectVar(model=JobResult, query_params={"job_model": "$job"})
    hosts = jobs.FileVar()
    keys = jobs.FileVar(required=False, sensitive=True, visible_if={"days": ["mo", "tu"]})
    settings = jobs.JSONVar(default={"a": [1]})
    address = jobs.IPAddressVar()
    interface = jobs.IPAddressWithMaskVar(required=False)
    network = jobs.IPNetworkVar(min_prefix_length=8, max_prefix_length=30)

    class Meta:
        max_retries = 2
        retry_backoff = True
        retry_delay = 5

    def before_start(self, task_id, args, kwargs):
        self.logger.info("%s %s", kwargs["hosts"], kwargs["results"])

    def run(self, *, hosts, keys, address, interface, network, results, job, **others):
        lines = [line.decode().strip() for line in hosts]
        sizes = [hosts.name, hosts.size, keys.name, keys.read(2).decode()]
        addresses = [str(address + 1), interface, network.prefixlen]
        return {**others, "lines": lines, "sizes": sizes, "addresses": addresses, "job": job.id}


class Asks(jobs.Job):
    """Asks for records, and whether inputs are right."""

    def run(self):
        failed = JobResult.objects.filter(status="FAILURE", name__icontains="back")
        first = failed.order_by("-date_created").first()
        self.logger.info("%s: %s of %d", first, first.user.username, failed.count())
        try:
            Takes.validate_data({"days": "we"})
        except jobs.ValidationError as problem:
            self.logger.warning("%s", problem.message_dict["days"][0])
        return first


class Chooses(jobs.Job):
    region = jobs.ChoiceVar(choices=[("emea", "EMEA")])
    site = jobs.ChoiceVar(choices="site_choices")

    @classmethod
    def site_choices(cls, form):
        print("nobody sees this")
        return [("", "None"), (form["region"].upper(), [(1, "Paris"), (2, "Rome")])]

    def run(self, *, region, site):
        return site


class Retries(jobs.Job):
    def run(self):
        try:
            raise ValueError("no answer")
        except ValueError as problem:
            raise self.retry(exc=problem, countdown=5) from None

    def on_retry(self, exc, task_id, args, kwargs, einfo):
        self.logger.info("again after %s", type(exc).__name__)

    def after_return(self, *args):
        self.logger.info("never")


jobs.register_jobs(Takes, Asks, Chooses, Retries)
