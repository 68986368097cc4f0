from . import my_job_module
