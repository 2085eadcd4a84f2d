"""Rules about marks of other programs, which stay in texts that come from there, and which readers would see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import WARNING, Fix, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown


@text_rule("foreign-mark", WARNING)
def check_foreign_marks(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield shortcodes, template tags, wiki links, admonitions and the like, with what to write in their place."""
    source = text.without_code
    if "{{" in source or "{%" in source:
        yield from _check_braces(source)
    if "[[" in source:
        yield from _check_wiki_links(text)
    if "!!!" in source or "???" in source:
        yield from _check_admonitions(text)
    if ":::" in source:
        yield from _check_containers(source)
    if "[/" in source or '="' in source or "[youtube=" in source:
        yield from _check_shortcodes(text)
    yield from _check_html(text)


def _problem(mark: str, program: str, hint: str) -> tuple[str, str]:
    return f'"{excerpt(mark)}" is a mark of {program}, which readers see as it is', hint


# -- Hugo, Jekyll and other template languages

_HUGO = re.compile(r"\{\{[<%][ \t]*([\w.-]+)[^\n]*?[%>]\}\}")
_LIQUID = re.compile(r"(?<!\{)\{%-?[ \t]*(?!end)(\w+)(?:[^%\n]|%(?!\}))*%\}")
_VARIABLE_IN_ADDRESS = re.compile(
    r"(?:\]\(\s*<?|\]:[ \t]*<?|(?:href|src)\s*=\s*[\"']?)(\{\{[^{}\n]{1,200}\}\})", re.IGNORECASE
)
_VARIABLE = re.compile(r"\{\{-?\s*(?:site|page|post|layout)\.[^{}\n]{1,200}\}\}")

_ALERT_HINT = "Write > [!NOTE], and > before each of its lines."
_HINTS = {
    "Put the code between two lines of ```.": "highlight code raw verbatim prism codeblock gist",
    "Write ![words](picture.png).": "figure img image picture",
    "Write /// video | Title, and its address in the next line.": "youtube vimeo video peertube",
    "Write /// post | Name, and the words below it.": "tweet twitter x instagram mastodon toot bluesky",
    "Write [words](0001-slug.md), the name of the issue's file.": "ref relref link post_url",
    _ALERT_HINT: "note notice alert callout admonition tip hint info warning caution danger important",
    "Write <details><summary>words</summary>, and an empty line below it.": "details expand collapse spoiler",
}
_HINT_BY_NAME = {name: hint for hint, names in _HINTS.items() for name in split_words(names)}
_ANY_HINT = "Write it in Markdown or HTML; if it is code, put it between backticks."


def _check_braces(source: str) -> Iterator[TextProblem]:
    for pattern, program in ((_HUGO, "Hugo"), (_LIQUID, "Jekyll or another template language")):
        for match in pattern.finditer(source):
            yield match.start(), *_problem(match[0], program, _HINT_BY_NAME.get(match[1].lower(), _ANY_HINT))
    places = {match.start(1): match[1] for match in _VARIABLE_IN_ADDRESS.finditer(source)}
    places |= {match.start(): match[0] for match in _VARIABLE.finditer(source)}
    for place, words in places.items():
        hint = "Write the address or the words that belong there; weekahead has no variables."
        yield place, *_problem(words, "a template language", hint)


# -- wikis

_WIKI_LINK = re.compile(r"(?<![\w\\\]\[(])(!?)\[\[([^\s\[\]|#^][^\[\]\n]{0,200})\]\](?![(\[:\]\w])")
_NO_PAGE = re.compile(
    r"\d+$|.*[:=(){};]|(?:nodiscard|maybe_unused|noreturn|deprecated|fallthrough|likely|unlikely|no_unique_address|assume)$"
)
"""A number, or an attribute of C++."""


def _check_wiki_links(text: ScannedMarkdown) -> Iterator[TextProblem]:
    for match in _WIKI_LINK.finditer(text.without_code):
        embeds, words = match[1], match[2].strip()
        is_link = any(match.start() < link.start < match.end() for link in text.links)
        if is_link or (not embeds and _NO_PAGE.match(words)):
            continue
        page, _, shown = words.partition("|")
        hint = f"Write ![words]({page})." if embeds else f"Write [{shown or page}](address)."
        yield match.start(), *_problem(match[0], "Obsidian or a wiki", hint)


# -- admonitions and containers

_ADMONITION = re.compile(
    r'(?m)^( {0,3})(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)((?:[ \t]+[\w-]+)*)(?:[ \t]+"([^"\n]*)")?[ \t]*$'
)
_ALERTS = {
    name: alert
    for alert, names in {
        "NOTE": "note info",
        "TIP": "tip hint success",
        "IMPORTANT": "important",
        "WARNING": "warning attention",
        "CAUTION": "caution danger error failure",
    }.items()
    for name in split_words(names)
}
_OTHER_ADMONITIONS = frozenset(
    split_words("abstract summary tldr question help faq bug example quote cite seealso todo")
)
_BODY = re.compile(r"(?:\n[ \t]*(?=\n))*\n(?: {4}|\t)[^\n]*")


def _check_admonitions(text: ScannedMarkdown) -> Iterator[TextProblem]:
    for match in _ADMONITION.finditer(text.without_code):
        name = match[2].lower()
        if name not in _ALERTS and name not in _OTHER_ADMONITIONS and match[4] is None:
            continue
        program = "MkDocs"
        start = match.end(1)
        if name in _ALERTS and not match[1]:
            message, _ = _problem(text.text[start : match.end()], program, "")
            hint = f"check --fix writes > [!{_ALERTS[name]}]."
            yield start, message, hint, _as_alert(text.text, match, _ALERTS[name])
        else:
            yield start, *_problem(text.text[start : match.end()], program, _ALERT_HINT)


def _as_alert(text: str, match: re.Match[str], kind: str) -> Fix:
    """Return the fix that makes an alert of an admonition and the indented lines below it."""
    end = match.end()
    while body := _BODY.match(text, end):
        end = body.end()
    lines = [f"[!{kind}]", *([f"**{match[4]}**", ""] if match[4] else [])]
    lines += [re.sub(r"^(?: {4}|\t)", "", line).rstrip() for line in text[match.end() : end].split("\n")[1:]]
    return match.start(), end, "\n".join(f"> {line}".rstrip() for line in lines)


_CONTAINER = re.compile(r"(?m)^ {0,3}(:{3,}[ \t]*(?:\{[^}\n]*\}|([A-Za-z][\w-]*)(?:[ \t]+[^\n]*)?))[ \t]*$")


def _check_containers(source: str) -> Iterator[TextProblem]:
    for match in _CONTAINER.finditer(source):
        hint = _HINT_BY_NAME.get((match[2] or "").lower(), "Write /// note | Title and a line /// at its end, or HTML.")
        yield match.start(1), *_problem(match[1], "Pandoc, Docusaurus or VuePress", hint)


# -- WordPress

_SHORTCODE = re.compile(r"\[([a-z][\w-]{0,30})(?:[ \t=][^\]\n]*)?\](?![(\[])")
_SHORTCODE_END = re.compile(r"\[/([a-z][\w-]{0,30})\](?![(\[:])")
_LONE_SHORTCODE = re.compile(
    r"\[(?:audio|contact-form(?:-7)?|embed|gallery|instagram|playlist|soundcloud|tweet|video|vimeo|wpvideo|youtube)"
    r"(?:=|[ \t]+[\w-]+=[\"'])"
)
_SHORTCODE_HINTS = {
    "caption": 'Write ![words](picture.png "caption").',
    "gallery": "Write ![words](picture.png) for each picture.",
    "embed": "Write the address by itself, or /// video | Title.",
} | _HINT_BY_NAME


def _check_shortcodes(text: ScannedMarkdown) -> Iterator[TextProblem]:
    """Yield `[caption id="x"]words[/caption]`, and well-known shortcodes with attributes."""
    source = text.without_code
    ended = {match[1] for match in _SHORTCODE_END.finditer(source)}
    for match in _SHORTCODE.finditer(source):
        if match[1] in ended or _LONE_SHORTCODE.match(match[0]):
            yield match.start(), *_problem(match[0], "WordPress", _SHORTCODE_HINTS.get(match[1], _ANY_HINT))


# -- comments and attributes

_MORE = re.compile(r"<!--\s*(?:more|truncate|nextpage)\s*-->", re.IGNORECASE)
_MARKDOWN_ATTRIBUTE = re.compile(r"\s+markdown\s*=\s*(?:[\"']?(?:1|block|span|true)[\"']?)", re.IGNORECASE)


def _check_html(text: ScannedMarkdown) -> Iterator[TextProblem]:
    for start, end in text.comments:
        if _MORE.fullmatch(text.text, start, end):
            message = f'"{text.text[start:end]}" ends what lists show of a text in other programs; here it does nothing'
            yield start, message, "Remove it, and write what lists show in the key summary: of the front matter."
    for tag in text.tags if "arkdown" in text.without_code else ():
        if match := _MARKDOWN_ATTRIBUTE.search(text.text, tag.start, tag.end):
            is_apart = re.match(r"[ \t]*\n[ \t]*\n", text.text[tag.end :]) is not None
            message = f'"{match[0].strip()}" does nothing here'
            hint = "Remove it, and leave an empty line below the tag: then what follows is Markdown."
            if is_apart:
                yield match.start() + 1, message, "check --fix removes it.", (*match.span(), "")
            else:
                yield match.start() + 1, message, hint


# -- mathematics

_DISPLAY = re.compile(r"(?<![\\$])\$\$(?!\$)((?:[^$\\]|\\.){1,3000})\$\$(?!\$)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin\{[A-Za-z]+\*?\}")


@text_rule("maths-off", WARNING)
def check_maths(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield the first formula of a text in which none is read as one."""
    source = text.without_code
    if facts.maths or ("$$" not in source and "\\begin{" not in source):
        return
    formulas = (
        match for match in _DISPLAY.finditer(source) if re.search(r"[\\^_=+{]", match[1]) or " " not in match[1]
    )
    match = min(
        filter(None, (next(formulas, None), _ENVIRONMENT.search(source))), key=lambda each: each.start(), default=None
    )
    if match:
        message = f'"{excerpt(match[0])}" is a formula, but is not shown as one'
        yield match.start(), message, "Write maths: true in the front matter, or in letter.yaml for all issues."
