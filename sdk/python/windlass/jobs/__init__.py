"""Everything that a job file needs.

>>> from windlass import jobs
>>> class Hello(jobs.Job):
...     who = jobs.StringVar(default="world")
...     def run(self, *, who): return "hello " + who
>>> jobs.register_jobs(Hello)
"""

from windlass._address_variables import IPAddressVar, IPAddressWithMaskVar, IPNetworkVar
from windlass._choice_variables import ChoiceVar, MultiChoiceVar
from windlass._choices import (
    JobExecutionType,
    JobQueueTypeChoices,
    JobResultStatusChoices,
    LogLevelChoices,
    ObjectChangeActionChoices,
)
from windlass._exceptions import (
    MaxRetriesExceededError,
    Retry,
    RunCancelled,
    RunJobTaskFailed,
    SoftTimeLimitExceeded,
    ValidationError,
)
from windlass._job import BaseJob, Job, JobButtonReceiver, JobHookReceiver
from windlass._logging import get_task_logger
from windlass._object_variables import MultiObjectVar, ObjectVar
from windlass._progress import track
from windlass._register import get_job, get_jobs, is_job, register_jobs
from windlass._tracebacks import ExceptionInfo
from windlass._variables import (
    BooleanVar,
    DryRunVar,
    FileVar,
    IntegerVar,
    JSONVar,
    ScriptVariable,
    StringVar,
    TextVar,
    is_variable,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from windlass.jobs import testing as testing

__all__ = [
    "BaseJob",
    "BooleanVar",
    "ChoiceVar",
    "DryRunVar",
    "ExceptionInfo",
    "FileVar",
    "IPAddressVar",
    "IPAddressWithMaskVar",
    "IPNetworkVar",
    "IntegerVar",
    "JSONVar",
    "Job",
    "JobButtonReceiver",
    "JobExecutionType",
    "JobHookReceiver",
    "JobQueueTypeChoices",
    "JobResultStatusChoices",
    "LogLevelChoices",
    "MaxRetriesExceededError",
    "MultiChoiceVar",
    "MultiObjectVar",
    "ObjectChangeActionChoices",
    "ObjectVar",
    "Retry",
    "RunCancelled",
    "RunJobTaskFailed",
    "ScriptVariable",
    "SoftTimeLimitExceeded",
    "StringVar",
    "TextVar",
    "ValidationError",
    "get_job",
    "get_jobs",
    "get_task_logger",
    "is_job",
    "is_variable",
    "register_jobs",
    "track",
]


def __getattr__(name: str) -> object:
    # `jobs.testing` after `from windlass import jobs`, without loading it for those who run jobs.
    if name == "testing":
        import windlass.jobs.testing as testing

        return testing
    raise AttributeError("module 'windlass.jobs' has no attribute %r" % name)
