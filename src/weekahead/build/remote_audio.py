"""Ask a server for the size of audio, and the audio for its length, with a few requests for small parts of it."""

from __future__ import annotations

import io
import re
from threading import Event
from typing import BinaryIO, cast

from msgspec import Struct

from weekahead.lint.external_links import Answer, HostClient
from weekahead.source.audio_probe import probe_audio

PAUSE, TIMEOUT = 1.0, 10.0
"""Seconds between requests, and for which an answer is waited for."""
PART = 256 * 1024
"""Bytes that are asked for at once."""
MOST_PARTS = 6
"""Parts of one file that are asked for: its beginning, and where that leads."""


class AudioFacts(Struct, frozen=True):
    """The size of audio in bytes, and its length in seconds; 0 where it cannot be told."""

    size: int
    seconds: int


def ask_for_audio(address: str, letter: str) -> AudioFacts | None:
    """Return what is known of audio elsewhere; None if nothing is, or what is there is no audio.

    `letter` is the letter's own address, for the User-Agent. Redirects and robots.txt are followed as for links.
    """
    client = HostClient(letter, PAUSE, TIMEOUT, Event())
    found = client.locate(address)
    if found is None or found[1].status >= 300:
        return None
    place, answer = found
    start = client.read(place, 0, PART - 1)
    if start is None or start.status not in (200, 206):
        return None
    size = _size(start) or _size(answer)
    file = _RemoteFile(client, place, size, start)
    info = probe_audio(cast("BinaryIO", file), is_remote=True) if size else None
    if info is None:
        return None
    is_sure = not file.is_incomplete or "audio/mpeg" in info.types  # whose end has tags alone
    return AudioFacts(size, round(info.seconds) if is_sure else 0)


def _size(answer: Answer) -> int:
    """Return the size of the whole file of which an answer has a part (RFC 9110, 14.4), or all; 0 if it does not say it."""
    if answer.status == 206:
        match = re.fullmatch(r"bytes [0-9]+-[0-9]+/([0-9]{1,12})", answer.fields.get("content-range", ""))
        return int(match[1]) if match else 0
    length = answer.fields.get("content-length", "")
    return int(length) if re.fullmatch("[0-9]{1,12}", length) else 0


class _RemoteFile(io.RawIOBase):
    """A file elsewhere, read a part at a time; what cannot be had of it is zeros."""

    def __init__(self, client: HostClient, address: str, size: int, start: Answer) -> None:
        self._client, self._address, self._size = client, address, size
        self._parts: dict[int, bytes] = {0: start.body}
        self._has_ranges = start.status == 206
        self._place = 0
        self.is_incomplete = False
        """Was something wanted that could not be had?"""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning")
        self._place = base + offset
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._size - self._place)
        size = left if size < 0 else min(size, left)
        data = bytearray()
        while len(data) < size:
            number, offset = divmod(self._place, PART)
            part = self._part(number)[offset : offset + size - len(data)]
            data += part
            self._place += len(part)
        return bytes(data)

    def _part(self, number: int) -> bytes:
        length = min(PART, self._size - number * PART)
        part = self._parts.get(number)
        if part is None:
            part = self._parts[number] = self._fetched(number, length)
        if len(part) < length:
            self.is_incomplete = True
        return part[:length].ljust(length, b"\0")

    def _fetched(self, number: int, length: int) -> bytes:
        if not self._has_ranges or len(self._parts) >= MOST_PARTS:
            return b""
        answer = self._client.read(self._address, number * PART, number * PART + length - 1)
        return answer.body if answer and answer.status == 206 else b""
