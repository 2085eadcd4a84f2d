"""Edit a YAML text where its parser says that values begin and end; every other character stays as it is.

Changes are collected against the original text and applied together, so that one parse serves all of them. A caller
parses the result to check that it says what was meant.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_values import is_quoted_by_habit, quoted, written_item

Span = tuple[int, int]
"""Where something begins and ends in the text, in characters."""


class YamlEdit:
    """Collects changes of a text; `fields` is its parsed top-level map."""

    def __init__(self, text: str, fields: YamlMap) -> None:
        self._text = text
        self._fields = fields
        self._changes: list[tuple[int, int, str]] = []
        self._removed: defaultdict[str, set[int]] = defaultdict(set)
        self._new_keys: set[str] = set()
        self._places: list[tuple[Span, Span]] = []
        """Parts of the text, and the part that comes in place of each."""

    def apply(self) -> str:
        """Return the text with all changes; removals may overlap."""
        moved = [(*place, self._changed(part, self._within(part))) for place, part in self._places]
        inside = {change for place, _ in self._places for change in self._within(place)}
        others = [change for change in self._changes if change not in inside]
        return self._changed((0, len(self._text)), sorted(moved + others, key=lambda change: change[:2]))

    def _within(self, part: Span) -> list[tuple[int, int, str]]:
        """Return the changes inside a part of the text, in order."""
        found = (
            change for change in self._changes if part[0] < part[1] and part[0] <= change[0] <= change[1] <= part[1]
        )
        return sorted(found, key=lambda change: change[0])

    def _changed(self, part: Span, changes: list[tuple[int, int, str]]) -> str:
        pieces, at = list[str](), part[0]
        for start, end, new in changes:
            pieces += [self._text[at:start], new]
            at = max(at, end)
        return "".join([*pieces, self._text[at : part[1]]])

    # -- values

    def set_value(self, item: YamlMap, key: str, value: str, items: list[YamlMap]) -> None:
        """Replace a value. What follows on its line stays in its column where `items` have it there too."""
        span = item.span(key)
        assert span, "the key is there"
        start, end = span[0], self._end(span)
        self._change(start, end, value)
        after = re.match(r"( *,)( +)(?=[^\s#])", self._text[end:])
        target = self._common_column([found for each in items if (found := each.span(key))], span)
        column = self._next_column(end)
        if after and target and column and (column == target or (column > target and len(after[2]) == 1)):
            spaces = max(1, target - (self._column(start) + len(value) + len(after[1])))
            self._change(end + after.end(1), end + after.end(2), " " * spaces)

    def set_plain(self, item: YamlMap, key: str, value: str) -> None:
        """Replace a number or a day, in the quotes that it has."""
        span = item.span(key)
        assert span, "the key is there"
        quote = self._text[span[0]] if self._text[span[0]] in "'\"" else ""
        self._change(*span, f"{quote}{value}{quote}")

    def set_text(self, item: YamlMap, key: str, text: str, items: Sequence[YamlMap] = ()) -> None:
        """Replace a text. It has quotes where it needs them, or where the author writes them without need."""
        span, inline = item.span(key), self._is_inline(item)
        assert span, "the key is there"
        old, value = self._text[slice(*span)], quoted(text, inline=inline)
        others = [self._text[slice(*span)] for each in items if (span := each.span(key))]
        is_habit = 2 * sum(map(is_quoted_by_habit, others)) > len(others)
        if old.startswith("'"):
            value = "'" + text.replace("'", "''") + "'"
        elif is_quoted_by_habit(old) or (old.startswith('"') and is_habit):
            value = json.dumps(text, ensure_ascii=False)
        self.set_value(item, key, value, list(items))

    def add_key(self, item: YamlMap, key: str, value: str) -> None:
        """Give a map a key that it does not have, behind its others."""
        start, end = item.extent
        if self._text[start] == "{":
            last = start + len(self._text[start : end - 1].rstrip())
            self._change(last, last, f"{' ' if self._text[last - 1] == ',' else ', '}{key}: {value}")
        else:
            last = self._end(item.extent)
            self._change(last, last, f"\n{' ' * self._column(start)}{key}: {value}")

    def fill_key(self, item: YamlMap, key: str, value: str) -> None:
        """Give a value to a key that has none, before the comment on its line."""
        span = item.key_span(key)
        assert span, "the key is there"
        colon = self._text.index(":", span[1]) + 1
        null = re.match(r"[ \t]*(?:~|null|Null|NULL)?(?=[ \t]*(?:$|[#,}\n]))", self._text[colon:])
        end = colon + (null.end() if null else 0)
        self._change(colon, end, f" {value}" if value else "")

    def empty_key(self, item: YamlMap, key: str) -> None:
        """Take the value of a key away. A key of a map in braces goes as well; any other stays for the author to fill."""
        span, key_span = item.span(key), item.key_span(key)
        assert span, "the key is there"
        assert key_span, "the key is there"
        if self._is_inline(item) and len(item.names) > 1:
            self._change(*self._pair(item, key, item.names.index(key)), "")
        else:
            self._change(self._text.index(":", key_span[1]) + 1, self._end(span), "")

    def exchange_values(self, key: str, items: Sequence[YamlMap]) -> None:
        """Exchange the values of two maps for a key, with the spaces that line up what follows where both have them."""
        spans = [span for item in items if (span := item.span(key))]
        taken = {start for start, _, _ in self._changes}
        gaps = [re.match(r" *, +(?=[^\s#])", self._text[end:]) if end not in taken else None for _, end in spans]
        ends = [end + (gap.end() if gap and all(gaps) else 0) for (_, end), gap in zip(spans, gaps, strict=True)]
        (start, _), (other, _) = spans
        self._change(start, ends[0], self._text[other : ends[1]])
        self._change(other, ends[1], self._text[start : ends[0]])

    def move_key(self, key: str, item: YamlMap, other: YamlMap) -> None:
        """Take a key with its value out of one map and put it into another, behind the key that it was behind.

        The last key becomes the last, so that moving it back makes the text as it was.
        """
        place, is_inline = item.names.index(key), self._is_inline(other)
        before = item.names[place - 1] if place else None
        if place == len(item.names) - 1 or (before and before not in other.names):
            before = other.names[-1]
        start, end = self._pair(item, key, place)
        words = self._text[start:end]
        if self._is_inline(item) != is_inline:
            gap = ", " if is_inline else f"\n{' ' * self._column(other.extent[0])}"
            words = gap + words.strip(", \n") if before else words.strip(", \n") + gap
        self._change(start, end, "")
        at = self._behind_key(other, before) if before else self._first_key(other)
        self._change(at, at, words)

    def _pair(self, item: YamlMap, key: str, place: int) -> Span:
        """Return where a key and its value are, with what ties them to the key before or, if it is the first, after it."""
        if place:
            return self._behind_key(item, item.names[place - 1]), self._behind_key(item, key)
        after = item.key_span(item.names[1])
        assert after, "no map has a single key"
        return self._first_key(item), after[0]

    def _first_key(self, item: YamlMap) -> int:
        """Return where the first key of a map begins."""
        span = item.key_span(item.names[0])
        assert span, "the map has a key"
        return span[0]

    def _behind_key(self, item: YamlMap, key: str) -> int:
        """Return where the value of a key ends, or in a block its line."""
        span = item.span(key)
        assert span, "the key is there"
        return span[1] if self._is_inline(item) else self._next_line(self._end(span), with_break=False)

    def _is_inline(self, item: YamlMap) -> bool:
        return self._text[item.extent[0] : item.extent[0] + 1] == "{"

    # -- items of a list

    def reorder(self, key: str, order: list[int]) -> None:
        """Put the items of a list in another order; `order` names for each place the item that comes there, counted from 0.

        Where each item has lines of its own, the comment behind it and comments directly above it go with it. Commas,
        empty lines and other comments stay, so that the opposite order makes the text as it was.
        """
        for parts in self._movable_parts(key):
            self._places += [(parts[n], parts[item]) for n, item in enumerate(order) if n != item]

    def _movable_parts(self, key: str) -> list[list[Span]]:
        """Return what moves when a list is reordered: each time one part of every item."""
        spans = self._fields.item_spans(key)
        starts = [self._line_start(start) for start, _ in spans]
        if not self._fields.is_inline(key):
            items = [(start, self._end(span)) for start, span in zip(starts, spans, strict=True)]
            return [self._above(starts, items), items, [self._behind(end)[1] for _, end in items]]
        parts, behind = [spans], [self._behind(end) for _, end in spans]
        if all(is_last for is_last, _ in behind):
            parts.append([span for _, span in behind])
        if not any(self._text[start : span[0]].strip() for start, span in zip(starts, spans, strict=True)):
            parts.append(self._above(starts, spans))
        return parts

    def _behind(self, end: int) -> tuple[bool, Span]:
        """Return whether an item is the last on its line, and where the comment behind its comma is."""
        rest = self._text[end : self._next_line(end, with_break=False)]
        found = re.fullmatch(r"((?:[ \t]*,)?)[ \t]*(?:#.*)?", rest)
        return found is not None, (end + found.end(1) if found else end, end + len(rest) if found else end)

    def _above(self, starts: list[int], items: list[Span]) -> list[Span]:
        """Return for each item, whose line begins at `starts`, where the comment lines directly above it are."""
        above = []
        for start, floor in zip(starts, [0, *(end for _, end in items)], strict=False):
            first = start
            while first > floor and re.match(r"[ \t]*#", self._text[(line := self._line_start(first - 1)) : first]):
                first = line
            above.append((first, start))
        return above

    def remove_item(self, key: str, index: int) -> None:
        """Take an item out of a list: its lines, or within a line what ties it to the others."""
        spans = self._fields.item_spans(key)
        self._removed[key].add(index)
        if self._has_own_lines(key, spans[index]):
            first = self._line_start(spans[index][0])
            self._change(first, self._next_line(self._end(spans[index])), "")
            return
        for each in self._removed[key]:
            if each + 1 < len(spans):
                self._remove_before(spans[each], spans[each + 1])
            else:
                kept = [span for place, span in enumerate(spans) if place not in self._removed[key]]
                self._remove_last(spans[each], kept[-1] if kept else None, spans)

    def remove_list(self, key: str, before_key: str) -> None:
        """Take the only item out of a list; where `append_text` has begun the list, its line as well."""
        spans, above = self._fields.item_spans(key), self._fields.span(before_key)
        words = self._text[slice(*spans[0])]
        start = self._next_line(self._end(above)) if above else 0
        if self._text[start:].startswith(f"{key}: [{words}]\n"):
            self._change(start, self._next_line(start), "")
        else:
            self.remove_item(key, 0)

    def _remove_before(self, span: Span, following: Span) -> None:
        """Take an item in brackets out that another one follows, with its comma."""
        if self._text[span[1] : following[0]].strip() == ",":
            self._change(span[0], following[0], "")
            return
        comma = re.match(r"(?:\s|#.*+)*?(,)", self._text[span[1] :])  # there is a comment, which stays
        assert comma, "another item follows"
        self._change(*span, "")
        self._change(span[1] + comma.start(1), span[1] + comma.end(1), "")

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
        start = self._line_start(beside[0])
        dash = self._text[start : beside[0]]
        inline = self._text[beside[0]] == "{" or "" in values or key == "backlog"
        line = written_item(dash, values, inline, self._text[start : beside[1]] if inline else "")
        self._insert_line(self._above([start], [])[0][0] if after < 0 else None, beside, line)

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
        elif not self._fields.item_spans(key) and span:
            self._change(span[0] + 1, span[0] + 1, text)
        elif self._fields.is_inline(key):
            last_item = self._fields.item_spans(key)[-1]
            if self._has_own_lines(key, last_item):
                self._insert_line_in_brackets(
                    self._text[self._line_start(last_item[0]) : last_item[0]] + text, last_item
                )
            elif comma := re.match(r"\s*,", self._text[last_item[1] :]):  # behind the last one as well
                self._change(last_item[1] + comma.end(), last_item[1] + comma.end(), f" {text}")
            else:
                self._change(last_item[1], last_item[1], f", {text}")
        else:
            last_item = self._fields.item_spans(key)[-1]
            dash = self._text[self._line_start(last_item[0]) : last_item[0]]
            self._insert_line(None, last_item, dash + text)

    # -- inner

    def _change(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    def _insert_first(self, key: str, values: dict[str, str]) -> None:
        """Begin a list that is empty or missing, one line an item."""
        line = written_item("  - ", values, True)
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
            item = written_item("", values, True)
            at = start if is_first else end
            self._change(at, at, f"{item}, " if is_first else f", {item}")
            return
        first = self._line_start(start)
        line = written_item(self._text[first:start], values, True, self._text[first:end])
        self._insert_line_in_brackets(line, beside, is_first=is_first)

    def _insert_line_in_brackets(self, line: str, beside: Span, *, is_first: bool = False) -> None:
        """Put an item on a line of its own behind or, with `is_first`, before another one, with commas between them."""
        comma = (beside[1], beside[1], ",")
        if not is_first and not re.match(r"\s*,", self._text[beside[1] :]) and comma not in self._changes:
            self._changes.append(comma)
        start = self._line_start(beside[0])
        self._insert_line(self._above([start], [])[0][0] if is_first else None, beside, line + ",")

    def _insert_line(self, before: int | None, span: Span, line: str) -> None:
        """Put in a line at `before`, or below the line in which a span ends."""
        if before is not None:
            self._change(before, before, line + "\n")
            return
        at = self._next_line(self._end(span))
        self._change(at, at, line + "\n" if self._text[:at].endswith("\n") else "\n" + line)

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _next_line(self, at: int, *, with_break: bool = True) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end + with_break

    def _has_own_lines(self, key: str, span: Span) -> bool:
        """Return whether an item shares its lines with no other and no bracket."""
        if not self._fields.is_inline(key):
            return True
        start = self._line_start(span[0])
        after = self._text[span[1] : self._next_line(span[1], with_break=False)]
        has_comma_below = re.match(r"(?:\s|#.*+)*+,", self._text[span[1] + len(after) :])
        is_alone = not self._text[start : span[0]].strip() and re.fullmatch(r"\s*,?\s*(#.*)?", after)
        return bool(is_alone) and not has_comma_below

    def _end(self, span: Span) -> int:
        """Return where a value really ends: YAML counts empty lines and comments below a block as part of it."""
        words = self._text[span[0] : span[1]].rstrip()
        is_block_text = words.startswith(("|", ">"))  # what looks like a comment there is text
        while not is_block_text and re.search(r"\n[ \t]*#[^\n]*$", words):
            words = words[: words.rindex("\n")].rstrip()
        return span[0] + len(words)

    def _column(self, at: int) -> int:
        return at - self._line_start(at)

    def _next_column(self, end: int) -> int | None:
        """Return the column in which the next key of a map in braces begins, on the same line."""
        after = re.match(r" *, +(?=[^\s#])", self._text[end:])
        return self._column(end + after.end()) if after else None

    def _common_column(self, spans: list[Span], span: Span) -> int | None:
        """Return the column in which the author lines up the next keys; None where nothing is lined up by hand."""
        if not any(re.match(r" *,  +(?=\S)", self._text[end:]) for _, end in spans):
            return None
        line = self._line_start(span[0])
        elsewhere = [each for each in spans if self._line_start(each[0]) != line]
        columns = [column for each in elsewhere if (column := self._next_column(each[1]))]
        return Counter(columns).most_common(1)[0][0] if columns else None
