"""Choices that a class method of a job computes while somebody fills in the form."""

from __future__ import annotations

import os

from windlass import _interrupt, _lifecycle, _logging, _registry, _run
from windlass._choice_variables import plain_choices

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._channel import Channel, Frame
    from windlass._job import BaseJob


def perform(frame: Frame, channel: Channel) -> str:
    """Call the method and return the text of the `result` frame, but for the closing brace. Never
    raises.
    """
    cls = _registry.find(str(frame.get("class_path")))
    if cls is None:
        return _lifecycle.unknown_class(str(frame.get("class_path")))
    process = os.getpid()
    # There is no run but for what may be asked of the host: what is logged goes nowhere.
    _run.current = _run.Run({"task_id": "", "class_path": cls.class_path}, channel)
    _logging.attach(lambda text: None)
    try:
        try:
            _interrupt.arm()
            choices: Any = _compute(cls, frame)
        finally:
            _interrupt.disarm()
        _lifecycle.end_if_copy(process, choices)
        return _lifecycle.succeeded(choices)
    except BaseException as exception:
        _lifecycle.end_if_copy(process, exception)
        return _lifecycle.failed(exception)
    finally:
        _logging.attach(None)
        _run.current = None


def _compute(cls: type[BaseJob], frame: Frame) -> list[Any]:
    method = str(frame.get("method"))
    choices = getattr(cls, method)(frame.get("form") or {})
    return plain_choices(choices, "%s.%s()" % (cls.class_path, method))
