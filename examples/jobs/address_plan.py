"""A report as files: how a network is divided, as CSV for programs and Markdown for people."""

from __future__ import annotations

import csv
import io
from typing import Any

from windlass import jobs

name = "Examples"

MOST_ROWS = 200_000


class PlanAddresses(jobs.Job):
    class Meta:
        name = "Plan Addresses"
        description = (
            "Divides an IPv4 network and writes the parts into `plan.csv`, their sum into `plan.md`."
        )
        has_sensitive_variables = False

    network = jobs.IPNetworkVar(default="192.0.2.0/24", description="What is divided")
    prefix_length = jobs.IntegerVar(default=28, min_value=1, max_value=30, description="Of each part")
    sites = jobs.JSONVar(default=["north", "south"], description="Names, given to the parts in turn")

    def run(self, *, network: Any, prefix_length: int, sites: Any) -> dict[str, Any]:
        if not sites or not isinstance(sites, list) or not all(isinstance(site, str) for site in sites):
            raise ValueError("sites has to be a list of names")
        if network.version != 4 or prefix_length < network.prefixlen:
            raise ValueError(f"{network} has no parts of /{prefix_length}")
        if 1 << (prefix_length - network.prefixlen) > MOST_ROWS:
            raise ValueError(f"{network} has more than {MOST_ROWS} parts of /{prefix_length}")

        rows = 0
        hosts = dict.fromkeys(sites, 0)
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["part", "site", "gateway", "last", "hosts"])
        for part in network.subnet(prefix_length):
            site = sites[rows % len(sites)]
            writer.writerow([part, site, part[1], part[-2], part.size - 2])
            hosts[site] += part.size - 2
            rows += 1
            if rows % 10_000 == 0:
                self.progress(rows, message="Dividing")

        lines = [f"# {network} in parts of /{prefix_length}", "", "| site | hosts |", "|---|---|"]
        lines += [f"| {site} | {count} |" for site, count in sorted(hosts.items())]
        self.create_file("plan.csv", table.getvalue())
        self.create_file("plan.md", "\n".join(lines) + "\n")
        self.logger.success("%s has %d parts", network, rows)
        return {"parts": rows, "hosts": hosts}


jobs.register_jobs(PlanAddresses)
