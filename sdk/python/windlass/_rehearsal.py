"""A run for practice, in the base and in each zygote, before anything is forked from them.

What Python does once, such as to specialise bytecode and to fill the cache of methods, is then done
where it is shared, and not again in each child, where every first write to a page costs a copy of
it.
"""

from __future__ import annotations

import _socket

from windlass import _interrupt, _lifecycle, _registry, _run
from windlass._channel import Channel
from windlass._job import BaseJob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CLASS_PATH = "windlass.Practice"
_FRAME = (
    b'{"type":"run","task_id":"","class_path":"windlass.Practice","inputs":{},"attempt":1,'
    b'"user":null,"job":null,"queue":"","create_file_max_size":0,"last":true}'
)


class _Practice(BaseJob):
    aloud = False

    def run(self, **inputs: Any) -> None:
        if self.aloud:
            self.logger.info("Practised")


def rehearse(times: int, *, aloud: bool) -> None:
    """Do `times` runs that nobody hears of; `aloud` if they may log, which job modules can see once
    they are imported. Never raises: it is for speed alone.
    """
    _Practice.aloud = aloud
    _registry.add(_Practice, {"class_path": _CLASS_PATH})
    try:
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        channel = Channel(theirs.detach())
        try:
            _interrupt.attach(channel)
            for _ in range(times):
                ours.send(_FRAME)
                frame, files = _interrupt.next_run()
                assert frame is not None
                channel.send_text(_lifecycle.perform(_run.Run(frame, channel, files)))
        finally:
            _interrupt.detach()
            channel.close()
            ours.close()
    except Exception:
        pass  # what is wrong here shows in the first run, where somebody is told of it
    finally:
        _registry.drop(_CLASS_PATH)
