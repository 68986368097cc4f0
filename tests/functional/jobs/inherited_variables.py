"""Inherited variables count: parent classes first, then as defined; field_order before all."""

from nautobot.apps import jobs


class Base(jobs.Job):
    first = jobs.StringVar(required=False)
    second = jobs.StringVar(required=False)

    def run(self, **inputs):
        return sorted(inputs)


class Derived(Base):
    third = jobs.StringVar(required=False)
    fourth = jobs.StringVar(required=False)


class Ordered(Derived):
    class Meta:
        field_order = ["fourth", "second"]


jobs.register_jobs(Derived, Ordered)
