"""Liquid, the template language of Jekyll and Eleventy: `{% tags %}` and `{{ values }}` outside of code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.embeds import embed
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut, left_over, without_target
from weekahead.importers.dialects.verbatim import Stretch, convert_between, fence_info
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.lint.rules.text_helpers import split_words

_TAG = re.compile(r"\{%-?[ \t\n]*([\w.-]+)((?:\"[^\"\n%]*\"|\"(?![^\"\n%]*\")|[^%{\"]|%(?!\})|\{(?![%{]))*?)-?%\}")
_VALUE = re.compile(r"\{\{-?((?:[^{}]|\}(?!\}))*?)-?\}\}")
_LITERAL = re.compile(r"[ \t\n]*(?:\"([^\"]*)\"|'([^']*)'|([\w.\[\]\"-]+))[ \t\n]*((?:\|[^|]*)*)$")
_OPENER = re.compile(
    r"\{%-?[ \t\n]*(raw|verbatim|highlight|codeblock|comment|prism)\b((?:\"[^\"\n%]*\"|\"(?![^\"\n%]*\")|[^%{\"]|%(?!\})|\{(?![%{]))*?)-?%\}"
)
_ADDRESS_FILTERS = re.compile(
    r"(?:\|[ \t]*(?:relative_url|absolute_url|url|prepend:[^|]*|escape|uri_escape|strip)[ \t\n]*)*"
)
_ADDRESSES = frozenset({"site.url", "site.baseurl", "site.github.url"})
_BASE_BEFORE = re.compile(r"\{\{-?[ \t]*site\.baseurl[ \t]*-?\}\}$")
_CONTROL = frozenset(
    split_words(
        "if elsif else unless case when for tablerow assign capture increment decrement cycle break continue include_relative"
        " set macro block extends import from layout render section"
    )
)


def liquid(values: Mapping[str, str], posts: Mapping[str, str]) -> MarkdownPass:
    """Return the pass for a site: `values` are what its variables say ("site.title"), `posts` the address of each post or
    file by the name that `post_url` and `link` have for it."""
    return partial(_convert, values, posts)


def template_comments(text: str, notes: PostNotes) -> str:
    """Leave out the comments of Nunjucks, `{# ... #}`."""
    if "#}" not in text:
        return text
    view = View(text)
    edits = []
    for match in re.finditer(r"\{#-?[ \t\n](.*?)#\}", view.without_code, re.DOTALL):
        words = cut(view.text[slice(*match.span(1))])
        notes.add(
            Outcome.DROPPED, "comment", f'a comment that readers did not see: "{words}"', line=view.line(match.start())
        )
        edits.append(Edit(*match.span(), "", ""))
    return view.edited(edits)


def _convert(values: Mapping[str, str], posts: Mapping[str, str], text: str, notes: PostNotes) -> str:
    if "{%" not in text and "{{" not in text:
        return text
    text = convert_between(text, _OPENER, _end_of, partial(_edits_between, notes))
    view = View(text)
    edits = [*_tag_edits(view, values, posts, notes), *_value_edits(view, values, notes)]
    if re.search(r"\{%-?[ \t]*(?:end)?raw\b", view.text) and not re.search(
        r"\{%-?[ \t]*(?:end)?raw\b", view.without_code
    ):
        notes.add(Outcome.ASK, "liquid-in-code", "code has {% raw %}, which Jekyll took out of it; it stays as it was")
    return view.edited(edits)


# -- what is not Liquid, or code


def _end_of(opener: re.Match[str]) -> str:
    return rf"\{{%-?[ \t\n]*end{opener[1]}[ \t\n]*-?%\}}"


def _edits_between(notes: PostNotes, stretch: Stretch) -> Iterator[Edit]:
    """Yield the edits for `{% raw %}`, `{% highlight %}` or a comment with all that is between it and its end."""
    opener, end, content = stretch.opener, stretch.end, stretch.content
    if opener[1] == "comment":
        notes.add(Outcome.DROPPED, "liquid-comment", f'a comment of Liquid: "{cut(content)}"', line=stretch.line)
        yield stretch.whole("")
    elif opener[1] in ("raw", "verbatim"):
        yield Edit(*opener.span(), "", "")
        for mark in re.finditer(r"\{[{%]|[%}]\}", content):
            start, stop = (opener.end() + place for place in mark.span())
            yield Edit(start, stop, mark[0], mark[0])
        yield Edit(*end.span(), "", "")
    else:
        code = re.sub(r"\{%-?\s*(?:end)?raw\s*-?%\}\n?", "", content)
        yield stretch.code(code, _info(opener[1], *forms.arguments(opener[2])))


def _info(tag: str, places: list[str], names: dict[str, str]) -> str:
    """Return the info string of the fence for a tag around code."""
    words = [word for word in places if word != "linenos"]
    language = names.get("lang") or (words[0] if words and tag != "codeblock" else "")
    title = " ".join(words) if tag == "codeblock" else ""
    return fence_info(
        language, numbered=len(words) < len(places) or "linenos" in names, marked=names.get("hl_lines", ""), title=title
    )


# -- tags


def _tag_edits(view: View, values: Mapping[str, str], posts: Mapping[str, str], notes: PostNotes) -> Iterator[Edit]:
    for match in _TAG.finditer(view.without_code):
        words = view.text[match.start(2) : match.end(2)].strip()
        yield _tag_edit(view, match, words, values, posts, notes)


def _tag_edit(
    view: View, match: re.Match[str], words: str, values: Mapping[str, str], posts: Mapping[str, str], notes: PostNotes
) -> Edit:
    name, (start, end), line = match[1], match.span(), view.line(match.start())
    shown = cut(view.text[start:end])
    if name in ("post_url", "link"):
        address = posts.get(words.strip("\"' "), "")
        if address:
            base = values.get("site.baseurl", "")
            if _BASE_BEFORE.search(view.text[max(0, start - 40) : start]):
                address = address.removeprefix(base)
            return Edit(start, end, address, address)
        return without_target(view, start, end, notes)
    if name in ("include", "include_cached", "include_relative", "render", "shortcode"):
        name, _, words = words.partition(" ")
        name = name.strip("\"',").rpartition("/")[2]
    form = embed(name, *forms.arguments(words))
    if form:
        notes.add(Outcome.CHANGED, "shortcode", f'"{shown}" became {cut(form.block)}', line=line)
        return form.at(view, start, end)
    if match[1] in ("toc", "include") and name.startswith("toc"):
        notes.add(
            Outcome.DROPPED,
            "table-of-contents",
            f'"{shown}" is left out: readers find the headings by themselves',
            line=line,
        )
        return Edit(start, end, "", "")
    if name in _CONTROL or name.startswith("end"):
        if not name.startswith("end"):
            notes.add(
                Outcome.ASK, "liquid", f'"{shown}" is left out; what depended on it stays as it is written', line=line
            )
        return Edit(start, end, "", "")
    return left_over(view, start, end, words, notes)


# -- values


def _value_edits(view: View, values: Mapping[str, str], notes: PostNotes) -> Iterator[Edit]:
    for match in _VALUE.finditer(view.without_code):
        source = view.text[match.start() : match.end()]
        if source.startswith(("{{<", "{{%")):
            continue
        value = _value(view.text[match.start(1) : match.end(1)], values)
        if value is not None:
            yield Edit(*match.span(), value, value)
            continue
        message = f'"{cut(source)}" is a variable, which stays as it is written'
        notes.add(Outcome.ASK, "liquid", message, words=cut(source), line=view.line(match.start()))


def _value(expression: str, values: Mapping[str, str]) -> str | None:
    """Return what an expression says; None where that is not known."""
    match = _LITERAL.match(expression)
    if match is None or not _ADDRESS_FILTERS.fullmatch(match[4]):
        return None
    value = match[1] if match[1] is not None else match[2]
    if value is None:
        value = values.get(match[3], "" if match[3] in _ADDRESSES else None)
    for name in (
        re.findall(r"\|[ \t]*(relative_url|absolute_url|prepend:[ \t]*[\w.]+)", match[4]) if value is not None else ()
    ):
        value = _filtered(name, value or "", values)
    return value


def _filtered(name: str, value: str, values: Mapping[str, str]) -> str:
    """Return a value after one of the filters that make addresses."""
    url, base = values.get("site.url", ""), values.get("site.baseurl", "")
    if name.startswith("prepend"):
        return values.get(name.partition(":")[2].strip(), "") + value
    if re.match("https?:", value):
        return value
    return f"{url if name == 'absolute_url' else ''}{base}/{value.lstrip('/')}"
