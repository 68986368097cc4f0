"""Windlass: jobs in plain Python, run and recorded by a server.

>>> from windlass import jobs
>>> class Hello(jobs.Job):
...     def run(self): return "hello"
"""

__version__ = "0.1.0"

__all__ = ["__version__", "apps", "jobs"]


def __getattr__(name: str) -> object:
    # `windlass.jobs` after a plain `import windlass`, without loading it for those who do not ask.
    if name == "jobs":
        import windlass.jobs

        return windlass.jobs
    if name == "apps":
        import windlass.apps

        return windlass.apps
    raise AttributeError("module 'windlass' has no attribute %r" % name)
