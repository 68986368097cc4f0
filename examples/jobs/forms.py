"""Every kind of input, and the methods around run()."""

from __future__ import annotations

from typing import Any

from windlass import jobs

name = "Examples"

SIZES = (("s", "Small"), ("m", "Medium"), ("l", "Large"))


class OrderCable(jobs.Job):
    """What a form with rules looks like. Nothing is ordered."""

    class Meta:
        name = "Order Cable"
        description = "Checks an order and prints it."
        has_sensitive_variables = False
        field_order = ["label", "size", "metres"]

    label = jobs.StringVar(
        label="Label", description="Two letters and four digits", regex=r"^[A-Z]{2}\d{4}$", max_length=6
    )
    metres = jobs.IntegerVar(label="Metres", default=2, min_value=1, max_value=50)
    size = jobs.ChoiceVar(label="Size", choices=SIZES, default="m")
    shielded = jobs.BooleanVar(label="Shielded", default=False)
    remarks = jobs.TextVar(label="Remarks", required=False)

    def before_start(self, task_id: str, args: tuple[()], kwargs: dict[str, Any]) -> None:
        self.logger.info("Order %s was entered", task_id)

    def run(
        self, *, label: str, metres: int, size: str, shielded: bool, remarks: str
    ) -> dict[str, Any] | None:
        if shielded and size == "s":
            self.fail("Small cable is never shielded; choose another size.")
            return None
        print(f"{metres} m of {dict(SIZES)[size].lower()} cable for {label}")
        return {"label": label, "metres": metres, "size": size, "shielded": shielded, "remarks": remarks}

    def on_success(self, retval: Any, task_id: str, args: tuple[()], kwargs: dict[str, Any]) -> None:
        self.logger.success("Order for %s is complete", retval["label"])

    def on_failure(self, exc: Any, task_id: str, args: tuple[()], kwargs: dict[str, Any], einfo: Any) -> None:
        self.logger.error("The order was not accepted")


jobs.register_jobs(OrderCable)
