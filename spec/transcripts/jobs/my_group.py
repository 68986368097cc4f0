from nautobot.apps import jobs

name = "My Group Of Jobs"


class MyNewJob(jobs.Job):
    class Meta:
        name = "My New Job"

    some_text_input = jobs.StringVar(description="Some text")

    def run(self, *, some_text_input):
        self.logger.info("some_text_input: %s", some_text_input)


jobs.register_jobs(MyNewJob)
