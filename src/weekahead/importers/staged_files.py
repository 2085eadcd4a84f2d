"""The files of an import as they are staged, and what becomes of each: what the author has edited, deleted or made stays so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from weekahead.importers.report import Fate
from weekahead.importers.staging import Move, Stage, digest_of

_PLACED = (Fate.WRITTEN, Fate.REWRITTEN)


class StagedFiles:
    """Stages files and decides what becomes of them; `written` are the digests of files as imports wrote them last."""

    def __init__(self, stage: Stage, written: Mapping[str, str]) -> None:
        self._stage, self._written = stage, written
        self.fates: dict[str, Fate] = {}
        self.digests: dict[str, str] = {}
        """The digest of each file as an import wrote it last, this one or one before; empty for others' files."""

    def begin(self) -> None:
        """Begin with the files that the letter has. Raises OSError."""
        self._stage.mirror()
        (self._stage.letter / "issues").mkdir(exist_ok=True)

    @property
    def has_changes(self) -> bool:
        """Return whether any file is not as an import wrote it last."""
        return any(fate is not Fate.UNCHANGED for fate in self.fates.values())

    def write(self, name: str, data: bytes) -> None:
        """Stage a file. Raises OSError."""
        self._settle(name, self._stage.write(name, data))

    def copy(self, name: str, source: BinaryIO) -> None:
        """Stage a copy of an open file. Raises OSError."""
        self._settle(name, self._stage.copy(name, source))

    def moves(self) -> list[Move]:
        """Return the files that are to be put in place."""
        root = self._stage.root
        names = (name for name, fate in self.fates.items() if fate in _PLACED)
        return [Move(name, digest_of(root, name), self.digests[name]) for name in names]

    def _settle(self, name: str, digest: str) -> None:
        fate = fate_of(digest, digest_of(self._stage.root, name), self._written.get(name, ""))
        is_left = fate in (Fate.EDITED, Fate.DELETED, Fate.NOT_OURS)
        self.fates[name], self.digests[name] = fate, self._written.get(name, "") if is_left else digest
        if is_left:
            self._stage.restore(name)


def fate_of(new: str, there: str, written: str) -> Fate:
    """Return what becomes of a file by three digests: as it is to be, as it is there, and as an import wrote it last."""
    if new == there:
        return Fate.UNCHANGED
    if not there:
        return Fate.DELETED if written else Fate.WRITTEN
    if not written:
        return Fate.NOT_OURS
    return Fate.REWRITTEN if there == written else Fate.EDITED
