"""The names that job files import, from each place that they import them from."""

from billiard.einfo import ExceptionInfo
from billiard.exceptions import SoftTimeLimitExceeded as BilliardSoftTimeLimitExceeded
from celery.exceptions import SoftTimeLimitExceeded
from celery.utils.log import get_task_logger as celery_get_task_logger
from django.conf import settings

from nautobot.apps.jobs import (
    BaseJob,
    BooleanVar,
    ChoiceVar,
    DatabaseFileField,
    DryRunVar,
    FileVar,
    GitRepositoryDryRun,
    GitRepositorySync,
    IntegerVar,
    IPAddressVar,
    IPAddressWithMaskVar,
    IPNetworkVar,
    Job,
    JobButtonReceiver,
    JobHookReceiver,
    JSONVar,
    MultiChoiceVar,
    MultiObjectVar,
    NautobotKombuJSONEncoder,
    ObjectVar,
    RunJobTaskFailed,
    ScriptVariable,
    StringVar,
    TextVar,
    enqueue_job_hooks,
    get_celery_queues,
    get_job,
    get_jobs,
    get_task_logger,
    is_job,
    is_variable,
    register_jobs,
)
from nautobot.core.celery import app, nautobot_task
from nautobot.core.celery import register_jobs as register_jobs_of_celery
from nautobot.extras.choices import (
    JobExecutionType,
    JobQueueTypeChoices,
    JobResultStatusChoices,
    LogLevelChoices,
    ObjectChangeActionChoices,
)
from nautobot.extras.jobs import Job as JobOfExtras
from nautobot.extras.models import Job as JobModel
from nautobot.extras.models import JobResult

IMPORTED = sorted(name for name in dir() if not name.startswith("_"))


class Names(Job):
    class Meta:
        has_sensitive_variables = False

    def run(self):
        assert JobOfExtras is Job and register_jobs_of_celery is register_jobs
        assert is_job(type(self)) and not is_job(Job) and is_variable(StringVar())
        assert get_job(self.class_path) is type(self) and self.class_path in get_jobs()
        return {
            "imported": len(IMPORTED),
            "runs": JobResult.objects.filter(task_name=self.class_path, status="STARTED").count(),
            "name": JobModel.objects.get(class_path=self.class_path).name,
            "jobs_root": str(settings.JOBS_ROOT),
        }


register_jobs(Names)
