"""Bring over what is still elsewhere, with `--fetch`: pictures and recordings, each once, told by their content.

What was fetched is kept in .weekahead/ until it stands beside its issue, so that an import that was stopped goes on where it was.
"""

from __future__ import annotations

import posixpath
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote

from msgspec import Struct

from weekahead.importers.assembly.media import sound_name
from weekahead.importers.assembly.web import NotAllowed, Web
from weekahead.lint.external_links import failed_status
from weekahead.model.addresses import split_address
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.files import is_file, is_folder, lock_file, new_file, open_unlinked, own_folder

LARGEST = 300_000_000
"""Bytes of one file: a recording of some hours."""
PIECE = 1 << 18

_SIGNS = (
    (0, b"\x89PNG\r\n\x1a\n", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (0, b"GIF8", ".gif"),
    (8, b"WEBP", ".webp"),
    (4, b"ftypavif", ".avif"),
    (0, b"ID3", ".mp3"),
    (4, b"ftypM4A", ".m4a"),
    (4, b"ftyp", ".mp4"),
    (0, b"OggS", ".ogg"),
    (0, b"fLaC", ".flac"),
    (8, b"WAVE", ".wav"),
)
_SAME = {".jpeg": ".jpg", ".m4v": ".mp4", ".oga": ".ogg", ".opus": ".ogg", ".m4b": ".m4a"}


class FetchedFile(Struct, frozen=True):
    """A file that was fetched: where it is, and what it is called."""

    path: Path
    name: str


class Fetcher:
    """Fetches files into a folder of the letter's own state; without a web, it has what was fetched before."""

    def __init__(self, folder: Path, web: Web | None = None) -> None:
        self._folder, self._web = folder, web
        self.failures: dict[str, str] = {}
        """Why files could not be fetched, by their addresses."""

    def get(self, address: str) -> FetchedFile | None:
        """Return the file at an address; None if it is not to be had, and the reason among the failures if it was asked for."""
        place = self._folder / hash_bytes(address.encode())
        if found := _in(place):
            return found
        if self._web is None or address in self.failures:
            return None
        try:
            own_folder(self._folder)
            return self._download(address, place, self._web)
        except (OSError, HTTPException, ValueError) as error:
            self.failures[address] = _reason(error)
            return None

    def _download(self, address: str, place: Path, web: Web) -> FetchedFile:
        """Fetch a file, or what is missing of it. Raises OSError, HTTPException, ValueError."""
        partial = place.with_suffix(".partial")
        have = partial.stat().st_size if is_file(partial) else 0
        with web.open(address, {"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status not in (200, 206):
                raise NotAllowed(f"its server answered {response.status}")
            continues = have and response.status == 206
            size = have if continues else 0
            with lock_file(partial) if continues else new_file(partial) as file:
                while piece := response.read(PIECE):
                    size += len(piece)
                    if size > LARGEST:
                        file.truncate(0)
                        raise NotAllowed(f"it has more than {LARGEST:,} bytes")
                    file.write(piece)
                    if size == len(piece):
                        _require_media(piece)
            _require_whole(
                response.headers.get("Content-Range") or "",
                response.headers.get("Content-Length") or "",
                size,
                have if continues else 0,
            )
        with open_unlinked(partial) as file:
            ending = ending_of(file.read(64))
        if not ending:
            partial.unlink()
            raise NotAllowed("it is no picture or recording")
        own_folder(place)
        name = _name(address, ending)
        partial.rename(place / name)
        return FetchedFile(place / name, name)


def _in(place: Path) -> FetchedFile | None:
    files = [path for path in place.iterdir() if is_file(path)] if is_folder(place) else []
    return FetchedFile(files[0], files[0].name) if len(files) == 1 else None


def _require_media(piece: bytes) -> None:
    """Raise NotAllowed for what begins as no picture or recording does: then no more of it is read."""
    if len(piece) >= 12 and not ending_of(piece):
        is_drawing = piece.lstrip()[:4].lower() in (b"<svg", b"<?xm")
        raise NotAllowed(
            "it is a drawing (SVG), which can have scripts" if is_drawing else "it is no picture or recording"
        )


def _require_whole(extent: str, length: str, size: int, before: int) -> None:
    """Raise OSError if less came than the server said."""
    total = extent.rpartition("/")[2] if extent else ""
    wanted = int(total) if total.isdecimal() else before + int(length) if length.isdecimal() else size
    if size < wanted:
        raise OSError(f"{size:,} bytes of {wanted:,} came")


def ending_of(start: bytes) -> str:
    """Return the ending of a file's name by its first bytes; nothing for what is no picture or recording."""
    found = next((ending for place, sign, ending in _SIGNS if start[place : place + len(sign)] == sign), "")
    is_mp3 = len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0
    return found or (".mp3" if is_mp3 else "")


def _name(address: str, ending: str) -> str:
    """Return the name of a file as its address has it, with the ending that its content has."""
    name = sound_name(posixpath.basename(unquote(split_address(address).path)) or "file")
    stem, given = posixpath.splitext(name)
    given = given.lower()
    return name if _SAME.get(given, given) == ending else f"{stem if len(given) in (4, 5) else name}{ending}"


def _reason(error: BaseException) -> str:
    """Return why a file could not be fetched, in words."""
    if isinstance(error, HTTPError):
        return f"its server answered {error.code}"
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
    if isinstance(cause, NotAllowed):
        return str(cause)
    status = failed_status(cause, 20)
    return "its host name could not be resolved" if status.verdict == "unresolved" else status.detail
