"""A field that another's value hides is not required, and arrives as its empty value."""

from windlass import jobs


class Cable(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    kind = jobs.ChoiceVar(choices=(("copper", "Copper"), ("fibre", "Fibre"), ("none", "None")))
    mode = jobs.ChoiceVar(choices=(("single", "Single"), ("multi", "Multi")), visible_if={"kind": "fibre"})
    length = jobs.IntegerVar(min_value=1, visible_if={"kind": ["copper", "fibre"]})

    def run(self, *, kind, mode, length):
        return [kind, mode, length]


jobs.register_jobs(Cable)
