"""A subclass without Meta has its parent's; its own Meta replaces that whole, unless it derives from it."""

from nautobot.apps import jobs


class Parent(jobs.Job):
    class Meta:
        description = "The parent's"
        hidden = True
        soft_time_limit = 7

    def run(self):
        return self.description


class Inherits(Parent):
    pass


class Replaces(Parent):
    class Meta:
        description = "Its own"


class Extends(Parent):
    class Meta(Parent.Meta):
        description = "Half its own"


jobs.register_jobs(Parent, Inherits, Replaces, Extends)
