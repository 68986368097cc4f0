"""Choices computed by the job's own code from the other answers."""

import time

from windlass import jobs

SITES = {"emea": ["Paris", "Oslo"], "apac": ["Tokyo"]}


class Sites(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    region = jobs.ChoiceVar(
        choices=[(name, name.upper()) for name in SITES] + [("slow", "Slow"), ("broken", "Broken")]
    )
    site = jobs.ChoiceVar(choices="site_choices")
    password = jobs.StringVar(sensitive=True, required=False)

    @classmethod
    def site_choices(cls, form):
        assert "password" not in form, form
        if form.get("region") == "slow":
            time.sleep(60)
        if form.get("region") == "broken":
            raise LookupError("the inventory does not answer")
        return [(site.lower(), site) for site in SITES.get(form.get("region"), [])]

    def run(self, *, region, site, password):
        return [region, site]


jobs.register_jobs(Sites)
