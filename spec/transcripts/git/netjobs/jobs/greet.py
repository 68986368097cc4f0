import my_group

from nautobot.apps.jobs import register_jobs

from .. import GREETING


class Greet(my_group.MyNewJob):
    class Meta:
        has_sensitive_variables = False

    def run(self, *, some_text_input):
        self.logger.info("%s: %s", GREETING, some_text_input)
        raise ValueError(some_text_input)


register_jobs(Greet)
