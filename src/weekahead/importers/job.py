"""An import whose export is read and whose posts have their places."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from weekahead.importers.arrangement.arrange import Arrangement
from weekahead.importers.assembly.web import Web
from weekahead.importers.before import LetterBefore
from weekahead.importers.options import ImportOptions, Notice
from weekahead.importers.post import Publication
from weekahead.importers.source_files import SourceFiles


class ImportJob(Struct, frozen=True, kw_only=True):
    """What is to be written, and where."""

    options: ImportOptions
    label: str
    """What the export is, as a sentence has it."""
    files: SourceFiles
    publication: Publication
    before: LetterBefore
    arrangement: Arrangement
    around: Mapping[str, bytes]
    """What a new letter has around its issues, by name."""
    letter_url: str
    notice: Notice
    web: Web | None = None
    """Where pictures and recordings are fetched from; None to fetch nothing."""
