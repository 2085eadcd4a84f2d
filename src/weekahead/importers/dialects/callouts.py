"""Call-outs in Markdown: Obsidian's and Hugo's `> [!kind]- Title`, MkDocs' `!!! kind "Title"`, containers between `:::`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from weekahead.importers.dialects import boxes
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes

_CALLOUT = re.compile(r"(?m)^([ \t>]*>[ \t]?)\[!([\w|-]+)\]([+-]?)[ \t]*([^\n]*)$")
_GITHUB = frozenset({"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"})
_ADMONITION = re.compile(
    r"(?m)^([ \t]*)(!!!|\?\?\?)(\+?)[ \t]+([A-Za-z][\w-]*)((?:[ \t]+[A-Za-z][\w-]*)*)(?:[ \t]+\"([^\n]*)\")?[ \t]*$"
)
_TAB = re.compile(r"(?m)^([ \t]*)===[!+]?[ \t]+\"([^\"\n]+)\"[ \t]*$")
_ICON = re.compile(r":[a-z0-9]+(?:-[a-z0-9]+)+:")
_CONTAINER = re.compile(
    r"(?m)^([ \t]*)(:{3,})[ \t]*(?:\{([^}\n]*)\}|([A-Za-z][\w-]*)(?:\[([^\]\n]*)\]|(?:\{[^}\n]*\})?))?[ \t]*([^\n`]*)$"
)


def callouts(text: str, notes: PostNotes) -> str:
    """Convert the first lines of call-outs that are quotations already. GitHub's alerts stay as they are."""
    if "[!" not in text:
        return text
    view = View(text)
    return view.edited(_callout_edits(view, notes))


def _callout_edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    for match in _CALLOUT.finditer(view.without_code):
        kind, _, _ = match[2].partition("|")
        title = view.stretch(*match.span(4)).strip()
        if kind.upper() in _GITHUB and not title and not match[3] and "|" not in match[2]:
            continue
        lines = boxes.head_lines(kind, title)
        if not alert_follows(view.text, match.end(), match[1]) and lines and lines[-1] == "":
            lines = [f"**{title or kind.capitalize()}**"]  # a title alone, for an alert needs a text
        prefix = match[1] if match[1].endswith((" ", "\t")) else f"{match[1]} "
        head = "\n".join(f"{prefix}{line}".rstrip() for line in lines)
        folded = ", and is no longer folded" if match[3] else ""
        notes.add(
            Outcome.CHANGED,
            "callout",
            f'"{cut(match[0].strip("> "))}" became an alert or a quotation{folded}',
            line=view.line(match.start()),
        )
        yield Edit(*match.span(), head, head)


def alert_follows(text: str, end: int, prefix: str) -> bool:
    """Return whether a quotation goes on with words behind a place."""
    following = text[end + 1 :].split("\n", 1)[0]
    return following.lstrip(" \t").startswith(">") and following.strip(" \t>") != ""


# -- MkDocs


def admonitions(text: str, notes: PostNotes) -> str:
    """Convert `!!!`, `???` and tabs with the indented lines below them."""
    while "!!!" in text or "???" in text or "===" in text:
        view = View(text)
        edits = list(_admonition_edits(view, notes))
        if not edits:
            break
        text = view.edited(edits)  # then those within can be seen, which were indented like code
    return text


def _admonition_edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    source, done = view.without_code, 0
    heads = sorted([*_ADMONITION.finditer(source), *_TAB.finditer(source)], key=lambda match: match.start())
    for match in heads:
        if match.start() < done:
            continue
        indent, is_tab = match[1], match.re is _TAB
        lines = list(_lines_below(view.text, match.end(), indent))
        if not lines:
            continue
        done = lines[-1].end
        where = view.line(match.start())
        if is_tab:
            title = _ICON.sub("", match[2]).strip()
            words = f"{indent}**{title}**\n" if title else ""
            notes.add(Outcome.CHANGED, "tabs", f'the tab "{match[2]}" stands below the one before it', line=where)
            yield Edit(*match.span(), words, words)
        else:
            title = view.text[slice(*match.span(6))] if match[6] is not None else ""
            kind = "details" if match[2] == "???" else match[4]
            title = title or (match[4].capitalize() if match[2] == "???" else "")
            opening = boxes.open_mark(kind if match[6] != "" or match[2] == "???" else "box", title, indent)
            notes.add(Outcome.CHANGED, "callout", f'"{cut(match[0])}" became a call-out of ours', line=where)
            yield Edit(*match.span(), opening, opening)
        for line in lines:
            yield Edit(line.start, line.cut, indent, indent)
        if not is_tab:
            yield Edit(done, done, boxes.CLOSE_MARK, boxes.CLOSE_MARK)


class _Line(Struct, frozen=True):
    """A line below an admonition: where it begins, where its own indentation does, and where it ends."""

    start: int
    cut: int
    end: int


def _lines_below(text: str, end: int, indent: str) -> Iterator[_Line]:
    """Yield the lines that are indented by four columns more, without the empty ones behind them."""
    blank: list[_Line] = []
    place = end + 1
    while place <= len(text):
        stop = text.find("\n", place)
        stop = len(text) if stop < 0 else stop
        line = text[place:stop]
        if not line.strip():
            if place < stop:
                blank.append(_Line(place, stop, stop))
        elif match := re.match(rf"{re.escape(indent)}(?: {{4}}|\t)", line):
            yield from blank
            blank.clear()
            yield _Line(place, place + match.end(), stop)
        else:
            return
        place = stop + 1


# -- containers


def containers(text: str, notes: PostNotes) -> str:
    """Convert what stands between lines of `:::`, as in Docusaurus, VuePress, MyST and Pandoc."""
    if ":::" not in text:
        return text
    view = View(text)
    return view.edited(_container_edits(view, notes))


def _container_edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    stack: list[tuple[re.Match[str], str, str]] = []
    for match in _CONTAINER.finditer(view.without_code):
        if match[3] is None and match[4] is None:
            if stack and not match[6].strip():
                yield from _container_pair(view, *stack.pop(), match, notes)
            continue
        kind, title = _kind_and_title(match)
        stack.append((match, kind, title))


def _kind_and_title(match: re.Match[str]) -> tuple[str, str]:
    if match[4] is not None:
        return match[4], (match[5] or match[6]).strip()
    inner, title = match[3].strip(), match[6].strip()
    classes = re.findall(r"\.([\w-]+)", inner)
    if classes:  # Pandoc's and Quarto's
        named = re.search(r"title=\"([^\"]*)\"", inner)
        return classes[0].removeprefix("callout-"), named[1] if named else title
    return re.sub(r"\W.*", "", inner) or "box", title


def _container_pair(
    view: View, opener: re.Match[str], kind: str, title: str, closer: re.Match[str], notes: PostNotes
) -> Iterator[Edit]:
    shown, line = cut(opener[0]), view.line(opener.start())
    if kind.lower() in boxes.KINDS or title:
        mark = boxes.open_mark(kind, title, opener[1])
        notes.add(Outcome.CHANGED, "callout", f'"{shown}" became a call-out of ours', line=line)
        yield Edit(*opener.span(), mark, mark)
        yield Edit(*closer.span(), boxes.CLOSE_MARK, boxes.CLOSE_MARK)
        return
    notes.add(
        Outcome.CHANGED, "container", f'what is between "{shown}" and its end stays, without the marks', line=line
    )
    yield Edit(*opener.span(), "", "")
    yield Edit(*closer.span(), "", "")
