"""References of CSL-JSON as the values that citeproc-py renders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weekahead.references.bibtex import Item
from weekahead.references.formatter import hidden


def to_reference(key: str, item: Item) -> Any:
    """Return a reference of CSL-JSON as citeproc-py has it."""
    from citeproc import DATES, NAMES
    from citeproc.source import Name, Reference
    from citeproc.source.json import CiteProcJSON

    reader = CiteProcJSON([])
    data: dict[str, Any] = {}
    for name, value in item.items():
        variable = {"shortTitle": "title_short"}.get(name, name.replace("-", "_"))
        if variable in ("id", "type", "key") or variable.startswith("our_"):
            continue
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            data[variable] = [Name(**_name(each)) for each in value]
        elif isinstance(value, Mapping) and (variable in DATES or variable.endswith("_date")):
            if (date := _date(value, reader)) is not None:
                data[variable] = date
        elif variable == "language":
            data[variable] = str(value)
        elif isinstance(value, str | int | float) and str(value) and variable not in (*NAMES, *DATES):
            data[variable] = reader.parse_string(hidden(str(value)))
    data.setdefault("language", "en")
    return Reference(key, str(item.get("type") or ""), **data)


def _name(name: Mapping[str, Any]) -> dict[str, str]:
    known = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix")
    if name.get("literal"):
        return {"literal": str(name["literal"])}
    return {key: str(name[key]) for key in known if name.get(key)}


def _date(value: Mapping[str, Any], reader: Any) -> Any:
    if value.get("literal") or (value.get("raw") and not value.get("date-parts")):
        from citeproc.source import LiteralDate

        return LiteralDate(str(value.get("literal") or value["raw"]))
    parts = [[int(part) for part in each if str(part).lstrip("-").isdecimal()] for each in value.get("date-parts", [])]
    parts = [each for each in parts if each]
    return reader.parse_date({**value, "date-parts": parts}) if parts else None
