"""Shortcodes of Hugo, `{{< name args >}}` and `{{% name args %}}`, and of Zola, `{{ name(args) }}` and `{% name(args) %}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from weekahead.importers.dialects import boxes, forms
from weekahead.importers.dialects.embeds import embed
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut, left_over, without_target
from weekahead.importers.dialects.verbatim import Stretch, convert_between, fence_info
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.lint.rules.text_helpers import split_words

_HUGO = re.compile(
    r"\{\{([<%])[ \t\n]*(/?)[ \t]*([\w./-]+)((?:\"[^\"]*\"|`[^`]*`|[^\"`{]|\{(?!\{))*?)(/?)[ \t\n]*[>%]\}\}"
)
_HUGO_SHOWN = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
_HUGO_CODE = re.compile(
    r"\{\{([<%])[ \t]*(highlight|code|codeblock|mermaid|math|katex|raw|rawhtml|html)\b((?:[^\n{]|\{(?!\{))*?)[ \t]*[>%]\}\}"
)
_ZOLA = re.compile(
    r"(\{[{%])-?[ \t]*(?:(end)|([\w:]+)\(((?:\"[^\"]*\"|'[^']*'|`[^`]*`|[^\"'`){]|\{(?![{%]))*)\))[ \t]*-?[}%]\}"
)
_ZOLA_SHOWN = re.compile(r"(\{[{%])/\*(.*?)\*/([}%]\})", re.DOTALL)

_TRANSPARENT = frozenset(
    split_words(
        "center columns column row grid gallery tabs wrap markdown md div span section lead figure-group steps accordion"
    )
)
"""Pairs that only say how their content looks."""
_NAMED = frozenset(split_words("tab tabitem accordion-item step card"))
"""Pairs whose name stands above their content."""


AddressOf = Callable[[str], str]


class _Mark(Struct, frozen=True):
    """A shortcode: its name, what is written behind it, and whether it closes another or needs no closing."""

    start: int
    end: int
    name: str
    words: str
    closes: bool = False


def hugo_shortcodes(values: Mapping[str, str], address_of: AddressOf) -> MarkdownPass:
    """Return the pass for a site: `values` are its parameters, `address_of` returns
    the address of a post by what `ref` calls it, or nothing."""
    return partial(_convert_hugo, values, address_of)


def zola_shortcodes(text: str, notes: PostNotes) -> str:
    """Convert the shortcodes of Zola."""
    if "{{" not in text and "{%" not in text:
        return text
    text = _convert_shown(text, _ZOLA_SHOWN)
    view = View(text)
    marks = []
    for match in _ZOLA.finditer(view.without_code):
        words = view.text[match.start(4) : match.end(4)] if match[4] is not None else ""
        name = (match[3] or "").rpartition(":")[2]
        marks.append(_Mark(*match.span(), name, words, closes=bool(match[2])))
    return view.edited(_edits(view, marks, {}, lambda name: "", notes, ends_by_name=False))


def _convert_hugo(values: Mapping[str, str], address_of: AddressOf, text: str, notes: PostNotes) -> str:
    if "{{<" not in text and "{{%" not in text:
        return text
    text = convert_between(text, _HUGO_CODE, _end_of_hugo, _edits_between)
    text = _convert_shown(text, _HUGO_SHOWN)
    view = View(text)
    marks = []
    for match in _HUGO.finditer(view.without_code):
        words = view.text[match.start(4) : match.end(4)]
        marks.append(_Mark(*match.span(), match[3], words.strip(), closes=bool(match[2])))
    if re.search(r"\{\{[<%]", view.text) and not re.search(r"\{\{[<%]", view.without_code):
        message = "code has marks of shortcodes, which Hugo reads in code as well; they stay as they were"
        notes.add(Outcome.ASK, "shortcode-in-code", message)
    return view.edited(_edits(view, marks, values, address_of, notes, ends_by_name=True))


def _convert_shown(text: str, pattern: re.Pattern[str]) -> str:
    """Show the shortcodes that a text is about, `{{</* name */>}}`, as readers saw them."""
    if "/*" not in text:
        return text
    view = View(text)
    edits = []
    for match in pattern.finditer(view.without_code):
        first, words, last = (view.text[slice(*match.span(group))] for group in (1, 2, 3))
        opening = first if len(first) == 2 else f"{{{{{first}"
        closing = last if len(last) == 2 else f"{last}}}}}"
        span = forms.code_span(f"{opening} {words.strip()} {closing}")
        edits.append(Edit(*match.span(), span, span))
    return view.edited(edits)


# -- code


def _end_of_hugo(opener: re.Match[str]) -> str:
    return rf"\{{\{{[<%][ \t]*/[ \t]*{opener[2]}[ \t]*[>%]\}}\}}"


def _edits_between(stretch: Stretch) -> Iterator[Edit]:
    """Yield the edits for code, diagrams and formulas between two shortcodes, and the marks around raw HTML."""
    name, content = stretch.opener[2], stretch.content
    words = stretch.view.text[slice(*stretch.opener.span(3))]
    if name in ("raw", "rawhtml", "html"):
        yield Edit(*stretch.opener.span(), "", "")
        yield Edit(*stretch.end.span(), "", "")
    elif name in ("math", "katex"):
        content = content.strip()
        yield stretch.whole(content if content.startswith("$") else f"$${content}$$")
    else:
        places, names = forms.arguments(words)
        options = " ".join([*places[1:], *(f"{key}={value}" for key, value in names.items())])
        language = "mermaid" if name == "mermaid" else names.get("lang") or (places[0] if places else "")
        marked = re.search(r"hl_lines=\[?\"?([\d -]+)", options)
        numbered = re.search(r"linenos=(?!false)", options) is not None
        info = fence_info(
            language, numbered=numbered, marked=marked[1].strip() if marked else "", title=names.get("title", "")
        )
        yield stretch.code(content, info)


# -- the others


def _edits(
    view: View,
    marks: list[_Mark],
    values: Mapping[str, str],
    address_of: AddressOf,
    notes: PostNotes,
    *,
    ends_by_name: bool,
) -> Iterator[Edit]:
    pairs = _pairs(marks, ends_by_name)
    for place, mark in enumerate(marks):
        if mark.closes:
            if place not in pairs.values():
                notes.add(
                    Outcome.DROPPED,
                    "unknown-shortcode",
                    f'"{cut(view.text[mark.start : mark.end])}" ends nothing',
                    line=view.line(mark.start),
                )
                yield Edit(mark.start, mark.end, "", "")
        elif place in pairs:
            yield from _pair_edits(view, mark, marks[pairs[place]], notes)
        else:
            yield _single_edit(view, mark, values, address_of, notes)


def _pairs(marks: list[_Mark], ends_by_name: bool) -> dict[int, int]:
    """Return the place of the closing mark of each shortcode that has one."""
    pairs: dict[int, int] = {}
    open_marks: list[int] = []
    for place, mark in enumerate(marks):
        if not mark.closes:
            open_marks.append(place)
            continue
        at = len(open_marks) - 1
        while at >= 0 and ends_by_name and marks[open_marks[at]].name != mark.name:
            at -= 1
        if at >= 0:
            pairs[open_marks[at]] = place
            del open_marks[at:]
    return pairs


def _pair_edits(view: View, mark: _Mark, closing: _Mark, notes: PostNotes) -> Iterator[Edit]:
    places, names = forms.arguments(mark.words)
    name, shown, line = mark.name.lower(), cut(view.text[mark.start : mark.end]), view.line(mark.start)
    before = view.text[view.text.rfind("\n", 0, mark.start) + 1 : mark.start]
    if name in boxes.KINDS and not before.strip():
        kind = names.get("type") or (places.pop(0) if places and places[0].lower() in boxes.KINDS else name)
        title = names.get("title") or names.get("summary") or names.get("author") or " ".join(places)
        opening = boxes.open_mark(kind if kind.lower() in boxes.KINDS else name, title, before)
        notes.add(Outcome.CHANGED, "callout", f'"{shown}" became a call-out of ours', line=line)
        yield Edit(mark.start, mark.end, opening, opening)
        yield Edit(closing.start, closing.end, boxes.CLOSE_MARK, boxes.CLOSE_MARK)
        return
    title = names.get("name") or names.get("title") or " ".join(places)
    if name in _NAMED and title:
        words = f"**{forms.escape_words(title)}**\n\n"
        yield Edit(mark.start, mark.end, words, words)
    elif name in _TRANSPARENT | _NAMED:
        yield Edit(mark.start, mark.end, "", "")
    else:
        yield left_over(view, mark.start, mark.end, mark.words, notes)
        notes.add(Outcome.ASK, "unknown-shortcode", f'what is between "{shown}" and its end stays', line=line)
        yield Edit(closing.start, closing.end, "", "")
        return
    notes.add(
        Outcome.CHANGED, "shortcode", f'what is between "{shown}" and its end stays, without the marks', line=line
    )
    yield Edit(closing.start, closing.end, "", "")


def _single_edit(view: View, mark: _Mark, values: Mapping[str, str], address_of: AddressOf, notes: PostNotes) -> Edit:
    places, names = forms.arguments(mark.words)
    name, shown, line = mark.name.lower(), view.text[mark.start : mark.end], view.line(mark.start)
    if name in ("ref", "relref"):
        target, hash_sign, part = (names.get("path") or (places[0] if places else "")).partition("#")
        address = address_of(target) if target else "#"
        if address or not target:
            address = f"{address.rstrip('#')}{hash_sign}{part}" if part else address
            return Edit(mark.start, mark.end, address, address)
        return without_target(view, mark.start, mark.end, notes)
    if name == "param" and places and places[0] in values:
        return Edit(mark.start, mark.end, values[places[0]], values[places[0]])
    if name in ("br", "linebreak", "newline"):
        return Edit(mark.start, mark.end, "<br>", "<br>")
    if name in ("toc", "table-of-contents", "tableofcontents"):
        notes.add(Outcome.DROPPED, "table-of-contents", f'"{cut(shown)}" is left out', line=line)
        return Edit(mark.start, mark.end, "", "")
    form = embed(name.rpartition("/")[2], places, names)
    if form is None:
        return left_over(view, mark.start, mark.end, mark.words, notes)
    notes.add(Outcome.CHANGED, "shortcode", f'"{cut(shown)}" became {cut(form.block)}', line=line)
    return form.at(view, mark.start, mark.end)
