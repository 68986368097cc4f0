"""Objects by id, name or filters; query_params narrow, also by another field's value."""

from nautobot.apps import jobs
from nautobot.extras.models import Job as JobModel
from nautobot.extras.models import JobResult


class Objects(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    state = jobs.ChoiceVar(choices=(("SUCCESS", "Done"), ("FAILURE", "Failed")), required=False)
    job = jobs.ObjectVar(model=JobModel, query_params={"enabled": True}, required=False)
    run_of = jobs.ObjectVar(
        model=JobResult,
        query_params={"status": "$state"},
        display_field="name",
        null_option="None of them",
        required=False,
    )
    by_text = jobs.MultiObjectVar(model="extras.JobQueue", required=False)

    def run(self, *, state, job, run_of, by_text):
        return {
            "job": job and [job.class_path, job.enabled, str(job)],
            "run_of": run_of and [run_of.name, run_of.status, run_of.job_model.name],
            "queues": [queue.name for queue in by_text],
            "first": by_text.first() and by_text.first().name,
            "default": [queue.name for queue in by_text.filter(name="default")],
            "exists": by_text.exists(),
            "all": by_text.all().count(),
        }


jobs.register_jobs(Objects)
