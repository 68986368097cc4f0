"""Files that were uploaded as inputs of a run."""

from __future__ import annotations

import os
from io import BufferedReader, FileIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

_CHUNK = 65_536


class UploadedFile(BufferedReader):
    """The value of a FileVar: a binary file, open for reading until the run ends.

    Besides what every such file has: `name` (as the client called it), `size` (bytes), `chunks()`.

    >>> header = hosts.readline()
    >>> hosts.seek(0)
    >>> rows = csv.reader(io.TextIOWrapper(hosts, "utf-8"))
    """

    name = ""  # in place of the base class's, which is the descriptor's number

    def __init__(self, descriptor: int) -> None:
        super().__init__(FileIO(descriptor))
        self.seek(0)  # the place is shared with whoever wrote the file
        self.size = os.fstat(descriptor).st_size

    def chunks(self, chunk_size: int = _CHUNK) -> Iterator[bytes]:
        """The content from its beginning, in pieces of `chunk_size` bytes at most."""
        self.seek(0)
        while True:
            piece = self.read(chunk_size)
            if not piece:
                return
            yield piece

    def multiple_chunks(self, chunk_size: int = _CHUNK) -> bool:
        """Whether `chunks()` gives more than one piece."""
        return self.size > chunk_size

    def open(self, mode: str | None = None) -> UploadedFile:
        """Go back to the beginning."""
        self.seek(0)
        return self

    def __str__(self) -> str:
        return self.name
