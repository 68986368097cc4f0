"""Memory of a process tree, measured alike on both sides."""

import os
import pathlib


def memory_of(pid):
    """Bytes of PSS of one process."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return sum(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))


def children_of(pid):
    """Pids of a process' children."""
    return [
        int(child)
        for task in os.listdir(f"/proc/{pid}/task")
        for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    ]


def parent_of(pid):
    """Pid of a process' parent."""
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def proportional_memory(root):
    """Bytes of PSS of a process and all below it."""
    return memory_of(root) + sum(proportional_memory(child) for child in children_of(root))
