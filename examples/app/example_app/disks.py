"""What the app's jobs share."""

import shutil


def free_percent(path: str) -> float:
    """Free space of the file system at `path`, in percent. Raises OSError."""
    usage = shutil.disk_usage(path)
    return 100 * usage.free / usage.total
