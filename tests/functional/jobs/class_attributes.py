"""What a class says of itself can be read on the class and on its instances."""

from nautobot.apps.jobs import DryRunVar, Job, register_jobs

name = "Attributes"


class Everything(Job):
    class Meta:
        name = "Every attribute"
        description = """
            First line.
            Second line.
        """
        dryrun_default = True
        field_order = ["dryrun"]
        has_sensitive_variables = False
        hidden = True
        is_singleton = True
        read_only = True
        soft_time_limit = 20
        time_limit = 30
        task_queues = ["default", "bulk"]
        template_name = "nothing.html"

    dryrun = DryRunVar()

    def run(self, *, dryrun):
        names = (
            "name description description_first_line grouping class_path class_path_dotted registered_name file_path "
            "dryrun_default hidden field_order read_only soft_time_limit time_limit has_sensitive_variables "
            "supports_dryrun task_queues is_singleton template_name"
        ).split()
        of_class = {name: getattr(type(self), name) for name in names}
        of_instance = {name: getattr(self, name) for name in names}
        assert of_class == of_instance, (of_class, of_instance)
        return {
            "attributes": of_class,
            "properties": self.properties_dict,
            "job_model": str(self.job_model),
            "job_result": str(self.job_result.id),
            "user": self.user.username,
            "request": self.request.id,
            "celery_kwargs": self.celery_kwargs,
        }


register_jobs(Everything)
