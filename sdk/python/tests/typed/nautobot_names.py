"""A job file that imports the names of Nautobot, as a type checker sees it."""

import json
from typing import Any, Dict, Optional, Tuple, assert_type

from nautobot.apps import NautobotAppConfig, jobs
from nautobot.apps.jobs import (
    BooleanVar,
    ChoiceVar,
    DryRunVar,
    IntegerVar,
    Job,
    NautobotKombuJSONEncoder,
    ObjectVar,
    RunJobTaskFailed,
    StringVar,
    TextVar,
    get_celery_queues,
    get_task_logger,
    register_jobs,
)
from nautobot.core.celery import nautobot_task
from nautobot.extras.choices import JobResultStatusChoices, LogLevelChoices
from nautobot.extras.jobs import JobHookReceiver
from nautobot.extras.models import GitRepository

from windlass.apps import WindlassAppConfig

logger = get_task_logger(__name__)

name = "Typed"


@nautobot_task
def double(number: int) -> int:
    return 2 * number


class Rename(Job):
    class Meta:
        name = "Rename"
        has_sensitive_variables = False
        field_order = ["host"]

    host = StringVar(max_length=63, regex=r"^[a-z]+$")
    remarks = TextVar(required=False)
    count = IntegerVar(min_value=1, default=1)
    force = BooleanVar(default=False)
    dryrun = DryRunVar()
    level = ChoiceVar(choices=LogLevelChoices.CHOICES)
    repository = ObjectVar(model=GitRepository, required=False)

    def before_start(self, task_id: str, args: Tuple[()], kwargs: Dict[str, Any]) -> None:
        self.logger.debug("Inputs %s", json.dumps(kwargs, cls=NautobotKombuJSONEncoder))

    def run(
        self,
        *,
        host: str,
        remarks: str,
        count: int,
        force: bool,
        dryrun: bool,
        level: str,
        repository: Optional[GitRepository],
    ) -> Dict[str, int]:
        if not force and count > 5:
            raise RunJobTaskFailed("too many")
        for number in jobs.track(range(count), message=host):
            assert_type(number, int)
            logger.success("%s %d", remarks, number, extra={"grouping": level})
        record = self.create_file("names.txt", host)
        self.logger.info("%s", record.url)
        self.progress(count, count)
        if dryrun:
            self.fail("%s", "only looked")
        return get_celery_queues()

    def after_return(
        self,
        status: str,
        retval: Any,
        task_id: str,
        args: Tuple[()],
        kwargs: Dict[str, Any],
        einfo: Optional[jobs.ExceptionInfo],
    ) -> None:
        if status is JobResultStatusChoices.STATUS_FAILURE and einfo is not None:
            assert_type(einfo.traceback, str)


class Watch(JobHookReceiver):
    def receive_job_hook(self, change: Any, action: str, changed_object: Any) -> None:
        self.logger.info("%s", action)


register_jobs(Rename, Watch)

assert_type(Rename.name, str)
assert_type(Rename.time_limit, float)
assert_type(Rename.has_sensitive_variables, bool)


class AppConfig(NautobotAppConfig):
    name = "typed_app"
    version = "1.0"
    required_settings = ["key"]
    default_settings = {"key": 1}
    middleware = ["anything"]

    def ready(self) -> None:
        super().ready()


config = AppConfig

assert_type(AppConfig.jobs, str)
assert_type(WindlassAppConfig.verbose_name, str)
