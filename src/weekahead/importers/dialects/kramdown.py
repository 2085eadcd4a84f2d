"""kramdown's attribute lists `{: .class #id}`, its extensions `{::comment}`, `{:toc}`, and its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.markdown.attribute_lists import read_attributes

_CONTENTS = re.compile(r"(?m)^(?:[-*+]|\d+\.)[ \t]+.*\n[ \t]*\{:[ \t]*toc[^}\n]*\}[ \t]*(?:\n|$)")
_EXTENSION = re.compile(r"\{::(\w+)[^}\n]*?(/?)\}(?:(.*?)\{:/\1?\})?", re.DOTALL)
_LIST = re.compile(r"(?m)^([ \t>]*)\{:(?!:)([^}\n]*)\}[ \t]*(\n|$)")
_IN_LINE = re.compile(r"(?<=[\w)\]*_`\"'.])\{:(?!:)[ \t]*([^}\n]*)\}")
_LINE_FORMULA = re.compile(r"(?<![\\$])\$\$(?!\$)([^$\n]+)\$\$(?!\$)")
_END_OF_BLOCK = re.compile(r"(?m)^\^[ \t]*$")


def kramdown(text: str, notes: PostNotes) -> str:
    """Convert what only kramdown understands."""
    if "{:" not in text and "$$" not in text and "^" not in text:
        return text
    view = View(text)
    text = view.edited([*_extension_edits(view, notes), *_formula_edits(view)])
    view = View(text)
    return view.edited(_list_edits(view, notes))


def _extension_edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    source = view.without_code
    for match in _CONTENTS.finditer(source):
        words = f'"{cut(match[0])}" made a table of contents, and is left out'
        notes.add(Outcome.DROPPED, "table-of-contents", words, line=view.line(match.start()))
        yield Edit(*match.span(), "", "")
    for match in _EXTENSION.finditer(source):
        line = view.line(match.start())
        if match[1] == "comment":
            notes.add(
                Outcome.DROPPED, "comment", f'a comment that readers did not see: "{cut(match[3] or "")}"', line=line
            )
            yield Edit(*match.span(), "", "")
        elif match[3] is not None:
            yield Edit(match.start(), match.start(3), "", "")
            yield Edit(match.end(3), match.end(), "", "")
        else:
            notes.add(Outcome.DROPPED, "kramdown", f'"{cut(match[0])}" is left out', line=line)
            yield Edit(*match.span(), "", "")
    for match in _END_OF_BLOCK.finditer(source):
        yield Edit(*match.span(), "", "")


def _formula_edits(view: View) -> Iterator[Edit]:
    """Yield the edits for `$$x$$` among words, which is a formula of a line there."""
    source = view.without_code
    for match in _LINE_FORMULA.finditer(source):
        start, end = source.rfind("\n", 0, match.start()) + 1, source.find("\n", match.end())
        around = source[start : match.start()] + source[match.end() : end if end >= 0 else len(source)]
        if around.strip(" \t>"):
            words = f"${match[1].strip()}$"
            yield Edit(*match.span(), words, words)


def _list_edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    source, dropped = view.without_code, list[str]()
    headings = {heading.end: heading for heading in view.scan.headings}
    for match in _LIST.finditer(source):
        attributes = read_attributes(match[2])
        heading = headings.get(match.start() - 1)
        if heading and attributes.get("id"):
            mark = f" {{#{attributes['id']}}}"
            yield Edit(heading.end, heading.end, mark, mark)
            if len(attributes) == 1:
                yield _without_line(match)
                continue
        elif attributes.get("id") and f"#{attributes['id']})" in source:
            anchor = f'<a id="{attributes["id"]}"></a>'
            yield Edit(match.end(1), match.end() - len(match[3]), anchor, anchor)
            continue
        dropped.append(match[0].strip("> \t\n"))
        yield _without_line(match)
    for match in _IN_LINE.finditer(source):
        dropped.append(match[0])
        yield Edit(*match.span(), "", "")
    if dropped:
        message = (
            f"{len(dropped)} lists of attributes, which say how things look: {cut(', '.join(dict.fromkeys(dropped)))}"
        )
        notes.add(Outcome.DROPPED, "attributes", message)


def _without_line(match: re.Match[str]) -> Edit:
    """Return the edit that leaves out a list of attributes that has a line for itself."""
    return Edit(match.end(1), match.end() if not match[1] else match.end() - len(match[3]), "", "")
