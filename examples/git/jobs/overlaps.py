"""A job of a repository, with helpers from beside its `jobs` folder."""

from nautobot.apps.jobs import Job, TextVar, register_jobs

from ..networks import overlaps, read

name = "Addresses"


class FindOverlaps(Job):
    class Meta:
        name = "Find overlapping networks"
        has_sensitive_variables = False

    networks = TextVar(description="One a line, such as 192.0.2.0/24")

    def run(self, *, networks: str) -> int:
        found = overlaps(read(networks))
        for one, other in found:
            self.logger.failure("%s overlaps %s", one, other)
        if found:
            self.fail("%d pairs overlap", len(found))
        return len(found)


register_jobs(FindOverlaps)
