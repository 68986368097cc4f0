"""Levels, groupings, objects, loggers of all kinds."""

import logging

from nautobot.apps.jobs import Job, get_task_logger, register_jobs

module_logger = get_task_logger(__name__)
plain_logger = logging.getLogger("a.library")


class Thing:
    def __str__(self):
        return "the thing"

    def get_absolute_url(self):
        return "/things/1/"


class Logs(Job):
    def run(self):
        self.logger.debug("debug")
        self.logger.info("info")
        self.logger.success("success")
        self.logger.warning("warning")
        self.logger.failure("failure")
        self.logger.error("error")
        self.logger.critical("critical")
        self.helper()
        self.logger.info("grouped", extra={"grouping": "my group"})
        self.logger.info("about", extra={"object": Thing()})
        self.logger.info("not stored", extra={"skip_db_logging": True})
        module_logger.info("from the module")
        plain_logger.warning("from a library")
        try:
            raise KeyError("lost")
        except KeyError:
            self.logger.exception("caught")
        self.logger.info("password: hunter22")
        self.logger.info("https://admin:hunter22@example.org/")
        self.logger.info("**bold** <b>tag</b> <script>alert(1)</script> [link](javascript:alert(1))")

    def helper(self):
        self.logger.info("from helper")


register_jobs(Logs)
