from windlass._models import FileProxy as FileProxy
from windlass._models import GitRepository as GitRepository
from windlass._models import Job as Job
from windlass._models import JobQueue as JobQueue
from windlass._models import JobResult as JobResult
