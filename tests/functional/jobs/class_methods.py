"""Class methods that authors call."""

from nautobot.apps import jobs


class Methods(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    text = jobs.StringVar(max_length=3)
    network = jobs.IPNetworkVar(required=False)

    def run(self, *, text, network):
        try:
            self.validate_data({"text": "long", "more": 1})
            refused = None
        except Exception as refusal:
            refused = [type(refusal).__name__, refusal.message_dict]
        cleaned = self.validate_data({"text": "ok", "network": "192.0.2.0/24"})
        return {
            "variables": list(self._get_vars()),
            "refused": refused,
            "cleaned": {name: str(value) for name, value in cleaned.items()},
            "serialised": self.serialize_data({"text": "a", "network": network}),
            "again": {
                name: str(value)
                for name, value in self.deserialize_data({"text": "a", "network": "192.0.2.0/24"}).items()
            },
        }


jobs.register_jobs(Methods)
