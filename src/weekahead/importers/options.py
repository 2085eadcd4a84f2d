"""What the author said on the command line of `weekahead import`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

Notice = Callable[[str, int, int], object]
"""Shows how far a step is: its name, how much is done, and of how much."""


class Paid(StrEnum):
    """What becomes of a text for paying readers. None of it is ever public."""

    KEEP = "keep"
    FREE = "free"
    LEAVE = "leave"


class ImportOptions(Struct, frozen=True, kw_only=True):
    """An import as it was asked for."""

    source: Path
    root: Path
    now: datetime
    """The instant of the import, aware."""
    format: str = ""
    """The name of a platform, to read the export as one of it; nothing to recognise it."""
    timezone: str = ""
    """An IANA name; nothing to take the platform's."""
    dry_run: bool = False
    paid: Paid = Paid.FREE
    writes_report: bool = True
    """Whether the report is put into the letter; else it goes where the author said."""
