"""How the loggers of the process are set up, and whether job code has changed that: what one run
did to them must not reach the next one.
"""

from __future__ import annotations

import logging

from windlass import _logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_remembered: dict[Any, Any] = {}


def remember() -> None:
    """Take the setting of now, after the imports and before any run, for the right one."""
    global _remembered
    _remembered = _state()


def has_changed() -> bool:
    """Whether a run has left another setting than the remembered one."""
    try:
        return any(
            _remembered.get(place) != setting and not _is_untouched(place, setting)
            for place, setting in _state().items()
        )
    except Exception:
        return True  # job code has put something else in the place of a logger


def _state() -> dict[Any, Any]:
    root = logging.getLogger()
    loggers = [root, *root.manager.loggerDict.values(), *_logging._loggers.values()]
    state: dict[Any, Any] = {
        logger: _setting_of(logger) for logger in loggers if isinstance(logger, logging.Logger)
    }
    state["disable"] = root.manager.disable
    return state


def _setting_of(logger: logging.Logger) -> Any:
    handlers = [
        (handler, handler.level, list(handler.filters))
        for handler in logger.handlers
        if not isinstance(handler, logging.NullHandler)
    ]
    return logger.level, logger.disabled, logger.propagate, handlers, list(logger.filters)


def _is_untouched(place: Any, setting: Any) -> bool:
    """Whether `place` is a logger made since, as a late import does, that has nothing set."""
    if place in _remembered:
        return False
    made = logging.DEBUG if isinstance(place, _logging.JobLogger) else logging.NOTSET
    return bool(setting == (made, False, True, [], []))
