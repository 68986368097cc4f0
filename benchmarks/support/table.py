"""Prints the figures of both sides with their ratios, and what each is to reach."""

import json
import sys

MIB = 1 << 20

# name, figure, the peer's figure, unit, factor to that unit, more is better, what to reach
ROWS = [
    ("runs/s, isolated", "runs_isolated", "runs_per_second", "1/s", 1, True, 400),
    ("runs/s, isolated, client included", "runs_isolated_with_client", None, "1/s", 1, True, None),
    ("runs/s, reused children", "runs_reused", "runs_per_second", "1/s", 1, True, 3000),
    ("submit to first line, isolated", "latency_process", "latency", "ms", 1000, False, 3),
    ("submit to first line, reused", "latency_reuse", "latency", "ms", 1000, False, None),
    ("stored log entries/s of one job", "log_entries", None, "1/s", 1, True, 40000),
    ("POST run/s", "submits", "submits_per_second", "1/s", 1, True, 2000),
    ("lists of 50 results/s", "lists", None, "1/s", 1, True, None),
    ("page in a 1,000,000-line log, p95", "log_page", None, "ms", 1000, False, 10),
    ("memory, idle, everything", "memory", "memory", "MiB", 1 / MIB, False, 70),
    ("ready", "ready", None, "s", 1, False, 0.3),
    ("edit to effect", "edit_to_effect", None, "s", 1, False, 0.3),
    ("discovery of 1,000 jobs in 300 modules", "discovery", None, "s", 1, False, 3),
    ("edit to effect, 300 modules", "edit_of_many", None, "s", 1, False, 0.5),
    ("sync of a repository, nothing new", "sync_of_nothing", None, "ms", 1000, False, 50),
    ("sync, nothing new, POST to SUCCESS", "sync_of_nothing_asked", None, "ms", 1000, False, 50),
    ("C++: runs/s, isolated", "cpp_isolated", "runs_per_second", "1/s", 1, True, 700),
    ("C++: runs/s, reused children", "cpp_reused", "runs_per_second", "1/s", 1, True, 8000),
    ("C++: submit to first line, isolated", "cpp_latency", "latency", "ms", 1000, False, 1),
    ("C++: claim to first line, isolated", "cpp_start", None, "ms", 1000, False, 1),
    ("C++: stored log entries/s of one job", "cpp_log_entries", None, "1/s", 1, True, None),
    ("C++: memory of the idle runner", "cpp_memory", None, "MiB", 1 / MIB, False, 8),
    ("C++: save to effect", "cpp_compile", None, "s", 1, False, 3),
    ("/results, first rows painted, CPU slowed 4 ×", "page_results", None, "s", 1, False, 1),
    ("/jobs, first rows painted, CPU slowed 4 ×", "page_jobs", None, "s", 1, False, 1),
    ("push of 1 of 100 jobs, webhook to effect", "push", None, "s", 1, False, 1),
]


def number(value, factor):
    return (
        "–"
        if value is None
        else f"{value * factor:,.4g}"
        if value * factor < 100
        else f"{value * factor:,.0f}"
    )


def ratio(figure, peer, more_is_better):
    if not figure or not peer:
        return "–"
    return f"{(figure / peer if more_is_better else peer / figure):.2f} ×"


def main(peer_file, own_file, page_file):
    with open(peer_file) as file:
        peer = json.load(file)
    with open(own_file) as file:
        own = json.load(file)
    with open(page_file) as file:
        own["empty"] |= json.load(file)
    print(
        "| figure | unit | Celery, Redis | Windlass, empty | ratio | 100,000 results | large to empty | to reach |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, key, peer_key, unit, factor, more, reach in ROWS:
        other = peer.get(peer_key)
        empty, large = own["empty"].get(key), own["large"].get(key)
        print(
            f"| {name} | {unit} | {number(other, factor)} | {number(empty, factor)} "
            f"| {ratio(empty, other, more)} | {number(large, factor)} | {ratio(large, empty, more)} "
            f"| {'–' if reach is None else ('≥ ' if more else '≤ ') + format(reach, ',')} |"
        )
    print(
        "\nA ratio above 1 is in favour of the column's own side. Celery keeps no record but the return value."
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
