"""Frames on a SOCK_SEQPACKET socket, as spec/runner-protocol.md describes them.

A `Channel` may be used by several threads, and by processes forked from its owner, to send;
receiving is for one thread at a time. Errors of the socket come out as OSError, a message that is
no frame as `BadFrame`.
"""

from __future__ import annotations

# The C module itself: `socket` costs half a megabyte in every base process and adds nothing that is
# needed here.
import _socket
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    Frame = Dict[str, Any]

MAX_MESSAGE = 60_000
MAX_FRAME = 64 * 1024 * 1024
_RECEIVE_SIZE = 65_536
_MAX_DESCRIPTORS = 16
_INT_SIZE = 4

encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
quote = json.encoder.encode_basestring
_decode = json.JSONDecoder().decode


class BadFrame(Exception):
    """A message that is not a frame of the protocol."""


def to_bytes(text: str) -> bytes:
    """`text` as UTF-8, with each lone surrogate replaced by U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


class Channel:
    """One socket that carries frames."""

    def __init__(self, descriptor: int) -> None:
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, descriptor)
        self._send = self._socket.send
        self._parts: dict[int, list[str | None]] = {}
        self._frames_in_parts = 0
        self.descriptor = descriptor

    def close(self) -> None:
        try:
            self._socket.close()
        except OSError:
            pass  # somebody closed the descriptor under us; nothing is left to close

    def send(self, frame: Frame) -> None:
        """Send `frame`; blocks while the socket is full."""
        self.send_text(encode(frame))

    def send_text(self, text: str, _flags: int = _socket.MSG_NOSIGNAL) -> None:
        """Send a frame that is JSON text already."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = to_bytes(text)
        if len(data) <= MAX_MESSAGE:
            self._send(data, _flags)
        else:
            self._send_parts(data.decode())

    def _send_parts(self, text: str) -> None:
        # A character of JSON text takes at most two bytes more than itself once quoted again, four
        # bytes in UTF-8.
        size = 29_000 if text.isascii() else 14_000
        count = -(-len(text) // size)
        self._frames_in_parts += 1
        # Forked processes share the socket, so the number carries the pid that made it.
        number = os.getpid() << 24 | (self._frames_in_parts & 0xFFFFFF)
        head = '{"type":"part","frame":%d,"count":%d,"index":' % (number, count)
        for index in range(count):
            slice_ = quote(text[index * size : (index + 1) * size])
            self._send(
                b'%b%d,"data":%b}' % (head.encode(), index, slice_.encode()), _socket.MSG_NOSIGNAL
            )

    def receive(self, flags: int = 0) -> Frame | None:
        """The next whole frame, or None at end of file. BlockingIOError with MSG_DONTWAIT when
        there is none.
        """
        while True:
            data = self._socket.recv(_RECEIVE_SIZE, flags)
            if not data:
                return None
            frame = self._assemble(_parse(data))
            if frame is not None:
                return frame

    def receive_with_descriptors(self) -> tuple[Frame | None, list[int]]:
        """As `receive`, for one message: ({}, []) after a part that does not complete its frame.

        The caller owns the descriptors; they are closed again when BadFrame is raised.
        """
        space = _socket.CMSG_SPACE(_MAX_DESCRIPTORS * _INT_SIZE)
        data, ancillary, _, _ = self._socket.recvmsg(_RECEIVE_SIZE, space, _socket.MSG_CMSG_CLOEXEC)
        descriptors: list[int] = []
        for level, kind, payload in ancillary:
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
                whole = len(payload) - len(payload) % _INT_SIZE
                descriptors.extend(memoryview(payload[:whole]).cast("i"))
        if not data:
            return None, descriptors
        try:
            return self._assemble(_parse(data)) or {}, descriptors
        except BadFrame:
            for descriptor in descriptors:
                os.close(descriptor)
            raise

    def _assemble(self, frame: Frame) -> Frame | None:
        if frame["type"] != "part":
            return frame
        number, index, count, data = (frame.get(key) for key in ("frame", "index", "count", "data"))
        if not (isinstance(data, str) and type(number) is type(index) is type(count) is int):
            raise BadFrame("a part must have the numbers frame, index, count and the text data")
        if not 0 <= index < count <= MAX_FRAME:
            raise BadFrame("part %d of %d cannot be" % (index, count))
        parts = self._parts.setdefault(number, [])
        if index != len(parts):
            del self._parts[number]
            raise BadFrame(
                "part %d of frame %d came when part %d was due" % (index, number, len(parts))
            )
        parts.append(data)
        if len(parts) < count:
            return None
        del self._parts[number]
        return _parse_text("".join(parts))  # type: ignore[arg-type]


def _parse(data: bytes) -> Frame:
    try:
        return _parse_text(data.decode())
    except UnicodeDecodeError:
        raise BadFrame("the message is not UTF-8") from None


def _parse_text(text: str) -> Frame:
    try:
        frame = _decode(text)
    except (ValueError, RecursionError):
        raise BadFrame("the message is not JSON") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrame("the message is not an object with a member `type`")
    return frame
