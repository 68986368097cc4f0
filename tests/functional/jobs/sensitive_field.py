"""One sensitive field is sealed and never shown; the others are."""

from windlass import jobs


class OneSecret(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    host = jobs.StringVar()
    secret = jobs.StringVar(sensitive=True)
    document = jobs.JSONVar(sensitive=True, required=False)

    def run(self, *, host, secret, document):
        self.logger.info("using %s on %s", secret, host)
        print("it is", secret)
        if document:
            raise RuntimeError("could not use " + document["inner"])
        return {"echo": secret, "length": len(secret)}


jobs.register_jobs(OneSecret)
