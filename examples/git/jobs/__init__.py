"""The one module that Windlass imports: it brings in every module that registers jobs."""

from . import overlaps

__all__ = ["overlaps"]
