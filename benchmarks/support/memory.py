"""Memory of a process tree, measured alike on both sides."""

import os


def proportional_memory(root):
    """Bytes of PSS of a process and all below it."""
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            for line in rollup:
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                todo += [int(child) for child in children.read().split()]
    return total
