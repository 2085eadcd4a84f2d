"""CSL-JSON, read so that every value has the type that its name asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from weekahead.references.bibtex import BibFault, Item

_NAMES = (
    "author chair collection-editor compiler composer container-author contributor curator director editor editor-translator "
    "editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer "
    "producer recipient reviewed-author script-writer series-creator translator"
)
_DATES = "accessed available-date event-date issued original-date submitted"
_TEXTS = (
    "abstract archive authority call-number chapter-number citation-label collection-number collection-title container-title "
    "container-title-short dimensions division DOI edition event-place event-title genre ISBN ISSN issue jurisdiction keyword "
    "language license medium note number number-of-pages number-of-volumes original-publisher original-publisher-place "
    "original-title page page-first part-number part-title PMCID PMID printing-number publisher publisher-place references "
    "reviewed-title scale section source status supplement-number title title-short type URL version volume volume-title "
    "year-suffix shortTitle"
)
NAMES, DATES, TEXTS = (frozenset(words.split()) for words in (_NAMES, _DATES, _TEXTS))
"""The variables of CSL 1.0.2 by what they hold. Any other that is no text is a program's own, and left out."""
_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
_MOST = (9999, 24, 31)
"""Of a year, a month or season, and a day."""
_EXPORT = "Export it again as CSL-JSON."


def read_items(text: str) -> tuple[dict[str, tuple[Item, int]], tuple[BibFault, ...]]:
    """Return the references of a file of CSL-JSON and their lines, by their ids, and a fault for each that cannot be read, and
    for each value that is not of its type, which is left out."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"this is not JSON: {getattr(error, 'msg', 'too deep')}"
        return {}, (BibFault(getattr(error, "lineno", 1), message, _EXPORT),)
    if not isinstance(items, list):
        return {}, (BibFault(1, "this is not CSL-JSON, which is a list of references", _EXPORT),)
    found, faults, at = dict[str, tuple[Item, int]](), list[BibFault](), 0
    for number, item in enumerate(items, 1):
        given = item.get("id") if isinstance(item, dict) else None
        key = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
        at = _place_of_id(text, key, at)
        line = text.count("\n", 0, at) + 1
        if not key:
            faults.append(BibFault(line, f"reference {number} has no id", 'Give it one: "id": "alla2021".'))
        elif key in found:
            faults.append(BibFault(line, f'"{key}" is the id of two references', "Give one of the two another id."))
        else:
            found[key] = _item(key, item, line, faults), line
    return found, tuple(faults)


def _place_of_id(text: str, key: str, at: int) -> int:
    """Return where an id stands behind a place; that place if it is written otherwise."""
    match = re.compile(rf'"id"\s*:\s*"?{re.escape(json.dumps(key, ensure_ascii=False)[1:-1])}"?').search(text, at)
    return match.start() if key and match else at


def _item(key: str, given: Item, line: int, faults: list[BibFault]) -> Item:
    item: Item = {"id": key}
    for name, value in given.items():
        if name == "id" or value is None:
            continue
        known = _value(name, value)
        if known is not None:
            item[name] = known
        elif wanted := _wanted(name):
            faults.append(BibFault(line, f'"{name}" of "{key}" is not {wanted[0]}', f'Write "{name}": {wanted[1]}.'))
    return item


def _wanted(name: str) -> tuple[str, str] | None:
    """Return what a variable holds, and an example; None for a variable that CSL does not have."""
    if name in NAMES:
        return "a list of names", '[{"family": "Alla", "given": "Sridhar"}]'
    if name in DATES:
        return "a date", '{"date-parts": [[2021, 9, 30]]}'
    return ("text", '"..."') if name in TEXTS else None


def _value(name: str, value: Any) -> Any:
    """Return a value as its variable has it; None if it is not of that type."""
    if name in NAMES:
        return [*map(_name, value)] if isinstance(value, list) and all(map(_is_name, value)) else None
    if name in DATES:
        return value if isinstance(value, dict) and _is_date(value) else None
    return value if _is_text(value) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_name(value: Any) -> bool:
    parts = [*_parts(value)] if isinstance(value, dict) else []
    return any(str(words).strip() for words in parts) and all(map(_is_text, parts))


def _parts(value: dict[str, Any]) -> Iterator[Any]:
    return (value[part] for part in _PARTS if value.get(part) is not None)


def _name(value: dict[str, Any]) -> dict[str, Any]:
    """Return a name; one without a family has its given name for one."""
    if "given" in value and not value.get("family") and not value.get("literal"):
        return {**{part: words for part, words in value.items() if part != "given"}, "family": value["given"]}
    return value


def _is_date(value: dict[str, Any]) -> bool:
    if words := value.get("literal") or value.get("raw"):
        return _is_text(words)
    parts = value.get("date-parts")
    return isinstance(parts, list) and 1 <= len(parts) <= 2 and all(map(_is_day, parts))


def _is_day(parts: Any) -> bool:
    if not isinstance(parts, list) or not 1 <= len(parts) <= 3:
        return False
    return all(
        isinstance(part, str | int) and re.fullmatch(r"-?\d{1,4}", str(part)) and int(part) <= most
        for part, most in zip(parts, _MOST, strict=False)
    )
