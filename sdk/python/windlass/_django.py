"""The names of `django` that job files use, where that package is absent."""

from __future__ import annotations

import os

from windlass import _exceptions, _folders, _run, apps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn

    from windlass._finder import Modules

_DEFAULT_FILE_SIZE = 10 * 1024 * 1024


class PermissionDenied(Exception):
    """The user may not do that."""


class ValidationError(Exception):
    """Values that break rules: one message, a list of them, or lists of them by field.

    Attributes: `messages` (list of text), `message_dict` (field to messages; AttributeError where
    no fields were given), `code`, `params`.
    """

    def __init__(self, message: Any, code: str | None = None, params: Any = None) -> None:
        super().__init__(message, code, params)
        self.code = code
        self.params = params
        if isinstance(message, ValidationError):
            message = message.__dict__.get("message_dict", _messages(message))
        if isinstance(message, dict):
            by_field = {str(field): _messages(value) for field, value in message.items()}
            self.message_dict = by_field
            self.messages: list[str] = [text for texts in by_field.values() for text in texts]
        else:
            self.messages = [_filled(text, params) for text in _messages(message)]
            if not isinstance(message, (list, tuple)):
                self.message = str(message)

    def __str__(self) -> str:
        return repr(self.__dict__.get("message_dict", self.messages))


def _messages(value: Any) -> list[str]:
    if isinstance(value, ValidationError):
        return list(value.messages)
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _messages(item)]
    return [str(value)]


def _filled(text: str, params: Any) -> str:
    return text % params if params else text


#: What `settings` has; a value is computed when it is read.
_SETTINGS: dict[str, Callable[[], Any]] = {
    "DEBUG": lambda: False,
    "JOBS_ROOT": lambda: _folders.jobs_root or os.getcwd(),
    "JOB_CREATE_FILE_MAX_SIZE": lambda: (
        _run.current.create_file_max_size if _run.current else _DEFAULT_FILE_SIZE
    ),
    "LANGUAGE_CODE": lambda: "en-us",
    "PLUGINS": lambda: sorted(apps._configs()),
    "PLUGINS_CONFIG": lambda: {
        name: dict(config.default_settings) for name, config in apps._configs().items()
    },
    "TIME_ZONE": lambda: os.environ.get("TZ") or "UTC",
    "USE_TZ": lambda: True,
}


class Settings:
    """Stands for `django.conf.settings`: the few settings that job files read, to be read only."""

    configured = True

    def __getattr__(self, name: str) -> Any:
        read = _SETTINGS.get(name)
        if read is None:
            raise AttributeError(
                "settings.%s does not exist in Windlass, which has of Django's settings only %s; "
                "read your own from a file beside the job or from the environment"
                % (name, ", ".join(_SETTINGS))
            )
        return read()

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("settings.%s cannot be set from a job" % name)

    def __dir__(self) -> list[str]:
        return sorted(_SETTINGS)


DJANGO: Modules = {
    "django": {},
    "django.conf": {"settings": Settings()},
    "django.core": {},
    "django.core.exceptions": {
        "MultipleObjectsReturned": _exceptions.MultipleObjectsReturned,
        "ObjectDoesNotExist": _exceptions.ObjectDoesNotExist,
        "PermissionDenied": PermissionDenied,
        "ValidationError": ValidationError,
    },
}
