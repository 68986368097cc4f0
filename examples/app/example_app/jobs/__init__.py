"""The module that Windlass imports: it brings in every module that registers jobs."""

from . import free_space

__all__ = ["free_space"]
