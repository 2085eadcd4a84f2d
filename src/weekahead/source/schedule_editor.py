"""Edits of schedule.yaml that change their own lines and nothing else.

An edit works on the text itself, at the places where YAML says a value begins and ends: comments, order, quotes
and hand-made columns stay. Each takes the text of a sound file and gives the text of a sound file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map


class EditError(ValueError):
    """The edit makes no sense for this file; the words say why."""


def quoted(words: str, *, inline: bool = False) -> str:
    """Words as a YAML value, in quotes where they need them; inside braces more characters do."""
    marks = r":#\[\]{},&*!|>'\"%@`\\" if inline else r":#\[\]{}&*!|>'\"%@`\\"
    plain = re.fullmatch(rf"[^\W\d_][^\n{marks}]*", words) and words == words.strip()
    word = words.lower() in ("null", "true", "false", "yes", "no", "on", "off")
    return words if plain and not word else json.dumps(words, ensure_ascii=False)


def add(
    text: str,
    number: int,
    title: str,
    state: str,
    *,
    series: str | None = None,
    day: date | None = None,
    notes: str | None = None,
) -> str:
    """Plan a number, in its place among the others and in their manner of writing."""
    fields = _fields(text)
    if _entry(fields, number):
        raise EditError(f"number {number} is planned already")
    values = {"number": str(number), "title": title, "state": state}
    if series:
        values["series"] = series
    if day:
        values["date"] = str(day)
    if notes:
        values["notes"] = notes
    return _insert(text, fields, "upcoming", values, number)


def drop(text: str, number: int) -> str:
    """Take a number off the plan; its title, with its notes, goes back to the backlog."""
    entry = _wanted(_fields(text), number)
    title, notes = entry.line("title") or "", entry.text("notes")
    text = _without(text, "upcoming", entry.extent)
    idea = {"title": title, "notes": notes} if notes else {"": title}
    return _insert(text, _fields(text), "backlog", idea, None)


def take(text: str, place: int) -> str:
    """The text without one idea of the backlog, counted from 0."""
    return _without(text, "backlog", _fields(text).item_spans("backlog")[place])


def renumber(text: str, number: int, other: int) -> str:
    """Give what is planned for a number another, free number."""
    fields = _fields(text)
    entry = _wanted(fields, number)
    if _entry(fields, other):
        raise EditError(f"number {other} is planned already; swap them instead: plan swap {number} {other}")
    return _set(text, fields, entry, "number", str(other))


def swap(text: str, number: int, other: int) -> str:
    """Exchange what two numbers are about; numbers and dates stay where they are."""
    fields = _fields(text)
    one, two = _wanted(fields, number), _wanted(fields, other)
    if number == other:
        raise EditError("a number cannot be swapped with itself")
    days = one.day("date"), two.day("date")
    changes = [(one.where.line, other, days[1]), (two.where.line, number, days[0])]
    for line, yours, day in sorted(changes, reverse=True):  # from below, so that the lines above stay where they are
        text = _set(text, _fields(text), _at_line(text, line), "number", str(yours))
        text = _put_date(text, _at_line(text, line), day)
    return text


def set_state(text: str, number: int, state: str) -> str:
    """Say how far a planned issue is."""
    fields = _fields(text)
    return _set(text, fields, _wanted(fields, number), "state", state)


def skip(text: str, first: date, last: date | None = None) -> str:
    """Declare a day, or a pause, without an issue."""
    fields = _fields(text)
    written = f"{{from: {first}, until: {last}}}" if last else str(first)
    span = fields.span("skip")
    if span and fields.is_inline("skip"):
        inner = text[span[0] + 1 : span[1] - 1].rstrip()
        gap = ", " if inner.strip() and not inner.rstrip().endswith(",") else ""
        return text[: span[0] + 1] + inner + gap + written + text[span[0] + 1 + len(inner) :]
    items = fields.item_spans("skip")
    if items:
        return _after_line(text, items[-1], f"{_dash(text, items[-1])}{written}\n")
    if key := fields.key_span("skip"):
        end = text.find("\n", key[1])
        end = len(text) if end < 0 else end
        return text[: key[1] + 1] + f" [{written}]" + re.sub(r"^ *(~|null)?", "", text[key[1] + 1 : end]) + text[end:]
    where = fields.span("anchor")
    assert where, "a sound schedule has an anchor"
    return _after_line(text, where, f"skip: [{written}]\n")


# -- inner


def _fields(text: str) -> YamlMap:
    findings: list[object] = []
    fields = read_yaml_map(text, YamlSource("schedule.yaml", findings), "schedule.yaml")  # type: ignore[arg-type]
    assert fields, "only a sound file is edited"
    return fields


def _entry(fields: YamlMap, number: int) -> YamlMap | None:
    return next((entry for entry in fields.maps("upcoming") if entry.whole("number") == number), None)


def _at_line(text: str, line: int) -> YamlMap:
    return next(entry for entry in _fields(text).maps("upcoming") if entry.where.line == line)


def _wanted(fields: YamlMap, number: int) -> YamlMap:
    entry = _entry(fields, number)
    if entry is None:
        raise EditError(f"number {number} is not planned in schedule.yaml")
    return entry


def _set(text: str, fields: YamlMap, entry: YamlMap, key: str, value: str) -> str:
    """Another value for a key. What follows on its line stays in its column where the others have it there too."""
    span = entry.span(key)
    assert span, "the key is there"
    everyone = [found for other in fields.maps("upcoming") if (found := other.span(key))]
    start, end = span
    after = re.match(r"( *,)( +)(?=\S)", text[end:])
    spaces = len(after[2]) if after else 0
    target, column = _common_column(text, everyone, span), _next_column(text, start, end)
    if after and target and column and (column == target or (column > target and spaces == 1)):
        spaces = max(1, target - (_column(text, start) + len(value) + len(after[1])))
    follows = after[1] + " " * spaces if after else ""
    return text[:start] + value + follows + text[end + (len(after[0]) if after else 0) :]


def _common_column(text: str, spans: list[tuple[int, int]], span: tuple[int, int]) -> int | None:
    """The column that the author lines the next keys up in; None where nothing is lined up by hand."""
    if not any(re.match(r" *,  +(?=\S)", text[end:]) for _, end in spans):
        return None
    found = [column for start, end in spans if (start, end) != span and (column := _next_column(text, start, end))]
    return Counter(found).most_common(1)[0][0] if found else None


def _column(text: str, place: int) -> int:
    return place - (text.rfind("\n", 0, place) + 1)


def _next_column(text: str, start: int, end: int) -> int | None:
    """The column in which the next key of a map in braces begins, on the same line."""
    after = re.match(r" *, +(?=\S)", text[end:])
    return _column(text, end + after.end()) if after else None


def _put_date(text: str, entry: YamlMap, day: date | None) -> str:
    """Give an entry a date of its own, another one, or none."""
    span, key = entry.span("date"), entry.key_span("date")
    if span and day:
        return text[: span[0]] + str(day) + text[span[1] :]
    if span and key:
        before = re.search(r",? *$|\n *$", text[: key[0]])
        start = before.start() if before else key[0]
        return text[:start] + text[span[1] :]
    if day is None:
        return text
    start, end = entry.extent
    if text[start] == "{":
        inner = text[start : end - 1].rstrip()
        return text[: start + len(inner)] + f", date: {day}" + text[start + len(inner) :]
    last = _end(text, entry.extent)
    return text[:last] + f"\n{' ' * _column(text, start)}date: {day}" + text[last:]


def _insert(text: str, fields: YamlMap, key: str, values: dict[str, str], number: int | None) -> str:
    """A new item of a list: after the last one with a smaller number, in the manner of the one beside it."""
    spans = fields.item_spans(key)
    whole = fields.span(key)
    if whole and fields.is_inline(key):
        if not spans:
            return text[: whole[0]] + ("\n" + _item("  - ", values, True)).rstrip("\n") + text[whole[1] :]
        end = spans[-1][1]
        return text[:end] + ", " + _item("", values, True).strip() + text[end:]
    if not spans:
        line = _item("  - ", values, True)
        if found := fields.key_span(key):
            return _after_line(text, found, line)
        return text + ("" if text.endswith("\n") or not text else "\n") + f"{key}:\n" + line
    place = len(spans) - 1
    if number is not None:
        numbers = [entry.whole("number") or 0 for entry in fields.maps(key)]
        smaller = [index for index, found in enumerate(numbers) if found < number]
        place = smaller[-1] if smaller else -1
    model = spans[max(place, 0)]
    inline = text[model[0]] == "{" or key == "backlog"
    line = _item(
        _dash(text, model), values, inline, text[text.rfind("\n", 0, model[0]) + 1 : model[1]] if inline else ""
    )
    if place < 0:
        start = text.rfind("\n", 0, model[0]) + 1
        return text[:start] + line + text[start:]
    return _after_line(text, model, line)


def _item(dash: str, values: dict[str, str], inline: bool, model: str = "") -> str:
    """An item as a line, its keys in the columns they have in a model line where they fit."""
    if "" in values:
        return f"{dash}{quoted(values[''], inline=not dash)}\n"
    shown = {
        key: quoted(value, inline=inline) if key in ("title", "series", "notes") else value
        for key, value in values.items()
    }
    if not inline:
        return dash + ("\n" + " " * len(dash)).join(f"{key}: {value}" for key, value in shown.items()) + "\n"
    line = dash + "{"
    for place, (key, value) in enumerate(shown.items()):
        if place:
            found = re.search(rf", +(?={key}:)", model)
            line += "," + " " * max(1, (found.end() if found else 0) - len(line) - 1)
        line += f"{key}: {value}"
    return line + "}\n"


def _dash(text: str, span: tuple[int, int]) -> str:
    """What stands before an item on its line: indentation, dash and space."""
    return text[text.rfind("\n", 0, span[0]) + 1 : span[0]]


def _end(text: str, span: tuple[int, int]) -> int:
    """Where a value really ends: YAML counts the empty lines and comments after a block to it."""
    words = text[span[0] : span[1]].rstrip()
    while re.search(r"\n[ \t]*#[^\n]*$", words):
        words = words[: words.rindex("\n")].rstrip()
    return span[0] + len(words)


def _after_line(text: str, span: tuple[int, int], line: str) -> str:
    """The text with a line put in after the one in which a span ends."""
    last = _end(text, span)
    end = text.find("\n", last)
    if end < 0:
        return text + "\n" + line
    return text[: end + 1] + line + text[end + 1 :]


def _without(text: str, key: str, span: tuple[int, int]) -> str:
    """The text without one item of a list, and without what tied it to the others."""
    start, end = span[0], _end(text, span)
    if _fields(text).is_inline(key):
        after = re.match(r"\s*,\s*", text[end:])
        before = re.search(r",\s*$", text[:start])
        if after:
            return text[:start] + text[end + after.end() :]
        return text[: before.start() if before else start] + text[end:]
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return text[:first] + (text[last + 1 :] if last >= 0 else "")
