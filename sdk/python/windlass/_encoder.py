"""A JSON encoder that takes what `run()` may return."""

from __future__ import annotations

import json

from windlass import _results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NautobotKombuJSONEncoder(json.JSONEncoder):
    """Encodes, besides plain JSON, what `run()` may return: sets as lists, dates, times, durations,
    Decimal, UUID, bytes and exceptions as text, records as objects.

    Raises TypeError for anything else.

    >>> json.dumps({"at": datetime.date(2024, 2, 29)}, cls=NautobotKombuJSONEncoder)
    '{"at": "2024-02-29"}'
    """

    def default(self, o: Any) -> Any:
        """What JSON has for `o`."""
        try:
            return _results.to_plain(o)
        except TypeError:
            return super().default(o)
