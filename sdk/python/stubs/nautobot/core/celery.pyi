from windlass._celery import App, shared_task
from windlass.jobs import register_jobs as register_jobs

app: App
nautobot_task = shared_task
