"""Edit a YAML text where its parser says that values begin and end; every other character stays as it is.

Changes are collected against the original text and applied together, so that one parse serves all of them. A caller
parses the result to check that it says what was meant.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict

from weekahead.source.yaml_map import YamlMap

Span = tuple[int, int]
"""Where something begins and ends in the text, in characters."""
FREE_TEXT = ("title", "series", "notes")
"""The keys whose values may need quotes."""


def quoted(text: str, *, inline: bool = False) -> str:
    """Return a text as a YAML value, in quotes where it needs them; inside braces more characters do."""
    special = r":#\[\]{},&*!|>'\"%@`\\" if inline else r":#\[\]{}&*!|>'\"%@`\\"
    is_plain = re.fullmatch(rf"[^\W\d_][^\n{special}]*", text) and text == text.strip()
    is_keyword = text.lower() in ("null", "true", "false", "yes", "no", "on", "off")
    return text if is_plain and not is_keyword else json.dumps(text, ensure_ascii=False)


class YamlEdit:
    """Collects changes of a text; `fields` is its parsed top-level map."""

    def __init__(self, text: str, fields: YamlMap) -> None:
        self._text = text
        self._fields = fields
        self._changes: list[tuple[int, int, str]] = []
        self._removed: defaultdict[str, set[int]] = defaultdict(set)
        self._new_keys: set[str] = set()

    def apply(self) -> str:
        """Return the text with all changes; removals may overlap."""
        pieces, at = list[str](), 0
        for start, end, new in sorted(self._changes, key=lambda change: change[0]):
            pieces += [self._text[at:start], new]
            at = max(at, end)
        return "".join([*pieces, self._text[at:]])

    # -- values

    def set_value(self, item: YamlMap, key: str, value: str, items: list[YamlMap]) -> None:
        """Replace a value. What follows on its line stays in its column where `items` have it there too."""
        span = item.span(key)
        assert span, "the key is there"
        start, end = span
        self._change(start, end, value)
        after = re.match(r"( *,)( +)(?=\S)", self._text[end:])
        target = self._common_column([found for each in items if (found := each.span(key))], span)
        column = self._next_column(end)
        if after and target and column and (column == target or (column > target and len(after[2]) == 1)):
            spaces = max(1, target - (self._column(start) + len(value) + len(after[1])))
            self._change(end + after.end(1), end + after.end(2), " " * spaces)

    def set_optional(self, item: YamlMap, key: str, value: str | None) -> None:
        """Give a map a key with a plain value or another value, or take the key out."""
        span, key_span = item.span(key), item.key_span(key)
        start, end = item.extent
        if span and key_span and value is None:
            self._remove_key(key_span, span)
        elif span and value is not None:
            self._change(*span, value)
        elif value is not None and self._text[start] == "{":
            last = start + len(self._text[start : end - 1].rstrip())
            gap = " " if self._text[last - 1] == "," else ", "
            self._change(last, last, f"{gap}{key}: {value}")
        elif value is not None:
            last = self._end(item.extent)
            self._change(last, last, f"\n{' ' * self._column(start)}{key}: {value}")

    def _remove_key(self, key_span: Span, span: Span) -> None:
        """Take a key and its value out, with what ties it to the key before it; the first one, to the key after it."""
        before = re.search(r",? *$|\n *$", self._text[: key_span[0]])
        start = before.start() if before else key_span[0]
        if self._text[start - 1] in "{-":
            after = re.match(r" *,? *\n? *", self._text[span[1] :])
            self._change(key_span[0], span[1] + (after.end() if after else 0), "")
        else:
            self._change(start, span[1], "")

    # -- items of a list

    def remove_item(self, key: str, index: int) -> None:
        """Take an item out of a list: its lines, or within a line what ties it to the others."""
        spans = self._fields.item_spans(key)
        self._removed[key].add(index)
        if self._has_own_lines(key, spans[index]):
            first = self._text.rfind("\n", 0, spans[index][0]) + 1
            self._change(first, self._next_line(self._end(spans[index])), "")
            return
        for each in self._removed[key]:
            if each + 1 < len(spans):
                self._remove_before(spans[each], spans[each + 1])
            else:
                kept = [span for place, span in enumerate(spans) if place not in self._removed[key]]
                self._remove_last(spans[each], kept[-1] if kept else None, spans)

    def _remove_before(self, span: Span, following: Span) -> None:
        """Take an item in brackets out that another one follows, with its comma."""
        comma = re.match(r"\s*,", self._text[span[1] :])
        is_bare = self._text[span[1] : following[0]].strip() == ","  # else there is a comment, which stays
        self._change(span[0], following[0] if is_bare else span[1] + (comma.end() if comma else 0), "")

    def _remove_last(self, span: Span, kept: Span | None, spans: list[Span]) -> None:
        """Take the last item in brackets out, and the comma behind the last one that is kept."""
        if kept is None:
            comma = re.match(r"\s*,", self._text[span[1] :])
            self._change(spans[0][0], span[1] + (comma.end() if comma else 0), "")
        else:
            gap = "#" not in self._text[kept[1] : span[0]]
            self._change(kept[1] if gap else span[0], span[1], "")

    def insert_item(self, key: str, values: dict[str, str], after: int) -> None:
        """Put a new item behind the one of an index, -1 for the first, in the manner of the one beside it.

        `values` is a map, or under the key "" a text.
        """
        spans = self._fields.item_spans(key)
        if not spans:
            self._insert_first(key, values)
            return
        beside = spans[max(after, 0)]
        if self._fields.is_inline(key):
            self._insert_in_brackets(key, values, beside, is_first=after < 0)
            return
        start = self._text.rfind("\n", 0, beside[0]) + 1
        dash = self._text[start : beside[0]]
        inline = self._text[beside[0]] == "{" or "" in values or key == "backlog"
        line = _item(dash, values, inline, self._text[start : beside[1]] if inline else "")
        self._insert_line(start if after < 0 else None, beside, line)

    def append_text(self, key: str, text: str, before_key: str) -> None:
        """Put a text at the end of a list; a missing list is begun on the line below another key."""
        span = self._fields.span(key)
        if not self._fields.item_spans(key) and not (span and self._fields.is_inline(key)):
            if key_span := self._fields.key_span(key):
                end = self._next_line(key_span[1], with_break=False)
                rest = re.sub(r"^ *(~|null)", "", self._text[key_span[1] + 1 : end])
                self._change(key_span[1] + 1, end, f" [{text}]{rest.rstrip()}")
                return
            above = self._fields.span(before_key)
            assert above, f"there is a key {before_key}"
            self._insert_line(None, above, f"{key}: [{text}]")
        elif span and self._fields.is_inline(key):
            inner = self._text[span[0] + 1 : span[1] - 1].rstrip()
            gap = "" if not inner.strip() else " " if inner.endswith(",") else ", "
            last = span[0] + 1 + len(inner)
            self._change(last, last, gap + text)
        else:
            last_item = self._fields.item_spans(key)[-1]
            dash = self._text[self._text.rfind("\n", 0, last_item[0]) + 1 : last_item[0]]
            self._insert_line(None, last_item, dash + text)

    # -- inner

    def _change(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    def _insert_first(self, key: str, values: dict[str, str]) -> None:
        """Begin a list that is empty or missing, one line an item."""
        line = _item("  - ", values, True)
        span, key_span = self._fields.span(key), self._fields.key_span(key)
        if key_span is None:
            gap = "" if self._text.endswith("\n") or not self._text else "\n"
            head = f"{gap}{key}:\n" if key not in self._new_keys else ""
            self._change(len(self._text), len(self._text), f"{head}{line}\n")
            self._new_keys.add(key)
            return
        if span and span[1] > span[0]:
            self._change(key_span[1] + 1, span[1], "")
        self._insert_line(None, span if span and span[1] > span[0] else key_span, line)

    def _insert_in_brackets(self, key: str, values: dict[str, str], beside: Span, *, is_first: bool) -> None:
        start, end = beside
        if not self._has_own_lines(key, beside):
            item = _item("", values, True)
            at = start if is_first else end
            self._change(at, at, f"{item}, " if is_first else f", {item}")
            return
        first = self._text.rfind("\n", 0, start) + 1
        line = _item(self._text[first:start], values, True, self._text[first:end]) + ","
        comma = (end, end, ",")
        if not is_first and not re.match(r"\s*,", self._text[end:]) and comma not in self._changes:
            self._changes.append(comma)
        self._insert_line(first if is_first else None, beside, line)

    def _insert_line(self, before: int | None, span: Span, line: str) -> None:
        """Put in a line at `before`, or below the line in which a span ends."""
        if before is not None:
            self._change(before, before, line + "\n")
            return
        at = self._next_line(self._end(span))
        self._change(at, at, line + "\n" if self._text[:at].endswith("\n") else "\n" + line)

    def _next_line(self, at: int, *, with_break: bool = True) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end + with_break

    def _has_own_lines(self, key: str, span: Span) -> bool:
        """Return whether an item shares its lines with no other and no bracket."""
        if not self._fields.is_inline(key):
            return True
        start = self._text.rfind("\n", 0, span[0]) + 1
        after = self._text[span[1] : self._next_line(span[1], with_break=False)]
        return not self._text[start : span[0]].strip() and bool(re.fullmatch(r"\s*,?\s*(#.*)?", after))

    def _end(self, span: Span) -> int:
        """Return where a value really ends: YAML counts empty lines and comments below a block as part of it."""
        words = self._text[span[0] : span[1]].rstrip()
        while re.search(r"\n[ \t]*#[^\n]*$", words):
            words = words[: words.rindex("\n")].rstrip()
        return span[0] + len(words)

    def _column(self, at: int) -> int:
        return at - (self._text.rfind("\n", 0, at) + 1)

    def _next_column(self, end: int) -> int | None:
        """Return the column in which the next key of a map in braces begins, on the same line."""
        after = re.match(r" *, +(?=\S)", self._text[end:])
        return self._column(end + after.end()) if after else None

    def _common_column(self, spans: list[Span], span: Span) -> int | None:
        """Return the column in which the author lines up the next keys; None where nothing is lined up by hand."""
        if not any(re.match(r" *,  +(?=\S)", self._text[end:]) for _, end in spans):
            return None
        columns = [column for each in spans if each != span and (column := self._next_column(each[1]))]
        return Counter(columns).most_common(1)[0][0] if columns else None


def _item(dash: str, values: dict[str, str], inline: bool, model: str = "") -> str:
    """Return an item without its line end, its keys in the columns they have in a model line where they fit."""
    if "" in values:
        return f"{dash}{quoted(values[''], inline='-' not in dash)}"
    shown = {key: quoted(value, inline=inline) if key in FREE_TEXT else value for key, value in values.items()}
    if not inline:
        return dash + ("\n" + " " * len(dash)).join(f"{key}: {value}" for key, value in shown.items())
    line = dash + "{"
    for index, (key, value) in enumerate(shown.items()):
        if index:
            found = re.search(rf", +(?={key}:)", model)
            line += "," + " " * max(1, (found.end() if found else 0) - len(line) - 1)
        line += f"{key}: {value}"
    return line + "}"
