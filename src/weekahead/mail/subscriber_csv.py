"""Lists of readers as other programs export them: Substack, Ghost, Buttondown, listmonk, or any CSV with an email column."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from weekahead.mail.subscribers import Reader, ReaderState

LARGEST = 64_000_000
"""Bytes of a list: about a million readers."""

EMAIL_HEADINGS = ("email", "emailaddress", "mail", "address", "subscriber")
NO = frozenset({"false", "no", "0", "f", "n", "-", "n/a", "none", "null", "never", "0000-00-00", "0000-00-00 00:00:00"})

STATES: Mapping[str, ReaderState] = {
    **dict.fromkeys(("active", "enabled", "confirmed", "subscribed", "regular", "premium", "gifted", "free", "paid", "comped"), ReaderState.ACTIVE),
    **dict.fromkeys(("pending", "unactivated", "unconfirmed", "trialed"), ReaderState.PENDING),
    **dict.fromkeys(("unsubscribed", "left", "removed", "disabled", "blocklisted", "blocked", "cleaned", "churned"), ReaderState.LEFT),
    **dict.fromkeys(("bounced", "undeliverable"), ReaderState.BOUNCED),
    **dict.fromkeys(("complained", "spam", "spammy"), ReaderState.COMPLAINED),
}  # fmt: skip
"""What other programs call the state of a reader."""

LIKE_STATES = (
    (r"complain|spam|abuse", ReaderState.COMPLAINED),
    (r"bounc|undeliver|invalid", ReaderState.BOUNCED),
    (r"unsub|opt(ed)?[ _-]?out|cancel|inactive|block|black|suppress|delet|remov|disabl|archiv|expired", ReaderState.LEFT),
    (r"pend|unconfirm|unverif|trial|await", ReaderState.PENDING),
)  # fmt: skip
"""Parts of the words that a program may have for a state, such as "Marked as spam"."""

STATUS_HEADINGS = frozenset({"status", "subscriberstatus", "subscriptionstatus", "emailstatus"})
"""Columns that say nothing but a state."""
STATE_HEADINGS = STATUS_HEADINGS | {"state", "subscribertype", "type"}
"""Columns that may say a state: a state may be one of a country as well."""

FLAGS = (
    (r"(is|email)?(unsub(scribed?|scription)?|opt(ed)?out)(at|on|date|time)?|deleted(at|on)?|emaildisabled|"
     r"(email)?(black|block)listed|suppressed(at)?|cancell?ed(at)?|clean(ed)?(at|time)?", ReaderState.LEFT),
    (r"(hard)?bounced(at|on|date)?", ReaderState.BOUNCED),
    (r"complain(ed|t)(at|on|date)?|(spam)(complaint)?", ReaderState.COMPLAINED),
)  # fmt: skip
"""Columns that are empty or say no for those who want the letter."""

WISHES = (
    (r"(is)?subscribed(toemails)?|(is|email)?opt(ed)?in|(is)?active|enabled|accepts(email)?marketing", ReaderState.LEFT),
    (r"(is|email)?(confirmed|verified)|doubleoptin", ReaderState.PENDING),
)  # fmt: skip
"""Columns that say no for those who do not want the letter, or have not confirmed."""


class Row(Struct, frozen=True):
    """A reader of a list, in the state that the list says."""

    address: str
    state: ReaderState
    unknown: str = ""
    """What the list calls the state, if that is not known here: then the reader is pending."""


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
    lines = _lines(text)
    first = lines[0][1] if lines else []
    if any("@" in cell for cell in first):
        return _rows(lines, [], next(place for place, cell in enumerate(first) if "@" in cell))
    headings = [re.sub(r"[^a-z]", "", name.lower()) for name in first]
    column = next((headings.index(name) for name in EMAIL_HEADINGS if name in headings), None)
    return _rows(lines[1:], headings, _column_of_addresses(lines[1:]) if column is None else column)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return each row with the line that it begins at. Raise NoList."""
    reader, lines, line = csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=False), [], 1
    try:
        for cells in reader:
            lines.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise NoList(f"it is no CSV: {error}") from None
    has_separator = lines and lines[0][1] and lines[0][1][0].lower().startswith("sep=")  # a line that Excel reads
    return lines[1:] if has_separator else lines


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the columns are set apart: by what stands most often in the first line."""
    first = text.split("\n", 1)[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Dialect


def _column_of_addresses(lines: list[tuple[int, list[str]]]) -> int:
    """Return the column that has addresses in most lines, whatever language its heading is in. Raise NoList."""
    found = Counter(
        place
        for _, cells in lines
        for place, cell in enumerate(cells)
        if re.fullmatch(r"[^\s@]+@[^\s@]+", cell.strip())
    )
    for place, count in found.most_common(1):
        if 2 * count > len(lines):
            return place
    raise NoList('it has no column "email"')


def _rows(lines: list[tuple[int, list[str]]], headings: list[str], column: int) -> tuple[list[Row], list[BadRow]]:
    found: dict[str, Row] = {}
    bad: list[BadRow] = []
    for line, cells in lines:
        words = cells[column].strip() if column < len(cells) else ""
        if not any(cell.strip() for cell in cells):
            continue
        try:
            address = plain_address(words)
        except NoAddress as error:
            bad.append(BadRow(line, words, str(error)))
        else:
            state, unknown = _state(dict(zip(headings, cells, strict=False)))
            before = found.get(address.casefold())
            if before is None or ORDER.index(state) > ORDER.index(before.state):
                found[address.casefold()] = Row(address, state, unknown)
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


ORDER = [ReaderState.ACTIVE, ReaderState.PENDING, ReaderState.LEFT, ReaderState.BOUNCED, ReaderState.COMPLAINED]
"""States, those last that count if a list says several of one reader: nobody gets a letter who may not want it."""


def _state(cells: Mapping[str, str]) -> tuple[ReaderState, str]:
    """Return the state of a reader by the columns that programs have, and what is not known among them."""
    said = [(heading, cell.strip().lower()) for heading, cell in cells.items() if cell.strip()]
    states = [state for heading, cell in said if (state := _said(heading, cell))]
    unknown = next((cell for heading, cell in said if heading in STATUS_HEADINGS and not _named(cell)), "")
    return max(states, key=ORDER.index, default=ReaderState.ACTIVE), unknown


def _said(heading: str, cell: str) -> ReaderState | None:
    """Return the state that a cell says, in lower case; None if it says none."""
    if heading in STATE_HEADINGS:
        return _named(cell) or (ReaderState.PENDING if heading in STATUS_HEADINGS else None)
    columns = WISHES if cell in NO else FLAGS
    return next((state for pattern, state in columns if re.fullmatch(pattern, heading)), None)


def _named(cell: str) -> ReaderState | None:
    """Return the state that a word stands for."""
    return STATES.get(cell) or next((state for pattern, state in LIKE_STATES if re.search(pattern, cell)), None)


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
