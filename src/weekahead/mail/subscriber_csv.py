"""Lists of readers as other programs export them: Substack, Ghost, Buttondown, listmonk, or any CSV with an email column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from weekahead.mail.subscribers import Reader, ReaderState

LARGEST = 64_000_000
"""Bytes of a list: about a million readers."""

EMAIL_HEADINGS = ("email", "emailaddress", "mail", "address", "subscriber")
NO = frozenset({"false", "no", "0", "f", "n"})
YES = frozenset({"true", "yes", "1", "t", "y"})

STATES: Mapping[str, ReaderState] = {
    **dict.fromkeys(("active", "enabled", "confirmed", "subscribed", "regular", "premium", "gifted", "free", "paid", "comped"), ReaderState.ACTIVE),
    **dict.fromkeys(("pending", "unactivated", "unconfirmed", "trialed"), ReaderState.PENDING),
    **dict.fromkeys(("unsubscribed", "left", "removed", "disabled", "blocklisted", "blocked", "cleaned", "churned"), ReaderState.LEFT),
    **dict.fromkeys(("bounced", "undeliverable"), ReaderState.BOUNCED),
    **dict.fromkeys(("complained", "spam", "spammy"), ReaderState.COMPLAINED),
}  # fmt: skip
"""What other programs call the state of a reader."""


class Row(Struct, frozen=True):
    """A reader of a list, in the state that the list says."""

    address: str
    state: ReaderState


class BadRow(Struct, frozen=True):
    """A line of a list that is no reader, and why."""

    line: int
    words: str
    why: str


class NoAddress(Exception):
    """Some words are no e-mail address; the message says why."""


class NoList(Exception):
    """The file is no list of readers; the message says why."""


def read_list(data: bytes) -> tuple[list[Row], list[BadRow]]:
    """Return the readers of a CSV file, each address once, and the lines that name none. Raise NoList."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoList(f"it is not UTF-8: byte {error.start + 1:,} is no part of a letter") from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=False))
    except csv.Error as error:
        raise NoList(f"it is no CSV: {error}") from None
    headings = [re.sub(r"[^a-z]", "", name.lower()) for name in rows[0]] if rows else []
    column = next((headings.index(name) for name in EMAIL_HEADINGS if name in headings), None)
    if column is None:
        column, headings = _column_of_addresses(rows), []
    return _rows(rows, headings, column)


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the columns are set apart: by what stands most often in the first line."""
    first = text.split("\n", 1)[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Dialect


def _column_of_addresses(rows: list[list[str]]) -> int:
    """Return the only column of a list without headings. Raise NoList."""
    if rows and any("@" in cell for cell in rows[0]):
        return next(place for place, cell in enumerate(rows[0]) if "@" in cell)
    raise NoList('it has no column "email"')


def _rows(rows: list[list[str]], headings: list[str], column: int) -> tuple[list[Row], list[BadRow]]:
    found: dict[str, Row] = {}
    bad: list[BadRow] = []
    for line, cells in enumerate(rows[1:] if headings else rows, 2 if headings else 1):
        words = cells[column].strip() if column < len(cells) else ""
        if not any(cell.strip() for cell in cells):
            continue
        try:
            address = plain_address(words)
        except NoAddress as error:
            bad.append(BadRow(line, words, str(error)))
        else:
            found.setdefault(address.casefold(), Row(address, _state(dict(zip(headings, cells, strict=False)))))
    return list(found.values()), bad


def plain_address(words: str) -> str:
    """Return an address as it is written in a message, in ASCII. Raise NoAddress."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(words, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise NoAddress(str(error).rstrip(".")) from None
    if found.ascii_email is None:
        raise NoAddress("the part before the @ has letters that not every server takes")
    return found.ascii_email


def _state(cells: Mapping[str, str]) -> ReaderState:
    """Return the state of a reader by the columns that the known programs have."""
    for heading in ("status", "state", "subscribertype", "type", "subscriberstatus"):
        if state := STATES.get(cells.get(heading, "").strip().lower()):
            return state
    if cells.get("deletedat", "").strip() or cells.get("unsubscribedat", "").strip():
        return ReaderState.LEFT
    if (
        cells.get("subscribedtoemails", "").strip().lower() in NO
        or cells.get("emaildisabled", "").strip().lower() in YES
    ):
        return ReaderState.LEFT
    return ReaderState.ACTIVE


def write_list(readers: Iterable[Reader]) -> str:
    """Return readers as CSV, which `read_list` and the known programs read."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("email", "status", "since", "source"))
    for reader in readers:
        writer.writerow((_harmless(reader.address), reader.state, reader.since.isoformat(), reader.how))
    return text.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f" {cell}" if cell.startswith(("=", "+", "-", "@")) else cell
