from typing import Any

from nautobot.core.jobs import GitRepositoryDryRun as GitRepositoryDryRun
from nautobot.core.jobs import GitRepositorySync as GitRepositorySync

from windlass._encoder import NautobotKombuJSONEncoder as NautobotKombuJSONEncoder
from windlass._nautobot import get_celery_queues as get_celery_queues
from windlass.jobs import *

# Without a counterpart in Windlass: these raise NotImplementedError when they are used.
DatabaseFileField: Any
enqueue_job_hooks: Any
