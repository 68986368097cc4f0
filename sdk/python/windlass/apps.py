"""The configuration of an app: an installed package that brings jobs.

>>> from windlass.apps import WindlassAppConfig
>>> class MyAppConfig(WindlassAppConfig):
...     name = "my_app"
...     verbose_name = "My App"
>>> config = MyAppConfig
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["NautobotAppConfig", "WindlassAppConfig"]

#: Every configuration that a class statement has made, by the name of its package.
_derived: dict[str, type[WindlassAppConfig]] = {}
#: Those of the apps that a process of Windlass' has read, by package; None in any other process,
#: such as a test, which has no setting that names the apps.
_read: dict[str, type[WindlassAppConfig]] | None = None


class WindlassAppConfig:
    """What an app says of itself: derive a class in the package's `__init__.py` and bind it there
    to the name `config`. The class is read and never instantiated, and may have any other
    attribute.

    `name`: the package. `verbose_name`: the name for people, by default made of `name`. `base_url`:
    one word for addresses, by default `name`. `version`: where the package's own metadata has
    none. `author`, `author_email`, `description`: text. `jobs`: the module below the package that
    calls `register_jobs`, dotted when it lies deeper. `default_settings`: what
    `settings.PLUGINS_CONFIG[name]` is.

    >>> class MyAppConfig(WindlassAppConfig):
    ...     name = "my_app"
    ...     verbose_name = "My App"
    ...     jobs = "automation.jobs"
    >>> config = MyAppConfig
    """

    name: str = ""
    verbose_name: str = ""
    base_url: str = ""
    version: str = ""
    author: str = ""
    author_email: str = ""
    description: str = ""
    jobs: str = "jobs"
    min_version: str | None = None
    max_version: str | None = None
    required_settings: list[str] = []
    default_settings: dict[str, Any] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _derived[cls.name or cls.__module__] = cls

    def ready(self) -> None:
        """Never called: it sets up a web application, and there is none around a job."""


def _configs() -> dict[str, type[WindlassAppConfig]]:
    """The configurations of this process's apps by package."""
    return _derived if _read is None else _read


#: The same class by the name that apps know from Nautobot.
NautobotAppConfig = WindlassAppConfig
