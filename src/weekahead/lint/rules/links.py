"""Rules about links: their addresses and their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, Rule, TextProblem, declare_rule, text_rule
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.lint.scanned_markdown import LinkSpan, ScannedMarkdown
from weekahead.markdown.bare_links import trim_address

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkStatus

_GLUED = re.compile(
    r"[\[\]{}|\u3000-\u303f\uff00-\uff0f\uff1a-\uff20“”„«»]+|\)(?=[A-Z][a-z])"
    r"|[.,;](?=(?:A|After|All|An|And|As|At|Both|But|By|For|From|He|Here|How|If|In|It|Its|Just|Later|More|My|No|Not|Now|On|One|Or|Our|Read"
    r"|See|She|So|Some|Thanks|That|The|Then|There|These|They|This|Those|To|Today|We|What|When|Where|Which|While|Who|Why|With|Yes|You|Your)$)"
)
"""Where text follows an address without a space; a full stop in it only before a word that begins a sentence."""


_REST_OF_WORD = re.compile(r"[^\s<>\"`]+")


@text_rule("glued-link", WARNING)
def check_glued_links(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield addresses that run into the text before or after them."""
    for start, end in text.unlinked:
        yield start, f'there is no space before the address "{excerpt(text.text[start:end])}"', "Add a space."
    for link in text.links:
        if link.kind not in ("bare", "inline", "definition"):
            continue
        start = link.address_span[0]
        address = _with_glued_text(text, link) if link.kind == "bare" else link.address
        inner = re.search(r"(?<=[^/=?&%:@#+])https?://", address)
        if inner and not re.search(r"(?i)https?(:|%3a)", address[8 : inner.start()]) and "archive" not in address:
            prefix, rest = address[: inner.start()], address[inner.start() :]
            if "://" in prefix:
                message, hint = f'two addresses are joined: "{excerpt(address)}"', "Put a space between them."
            else:
                message, hint = f'"{excerpt(prefix)}" is in front of the address "{excerpt(rest)}"', "Remove it."
            yield start + inner.start(), message, hint
        elif link.kind == "bare" and (offset := glued_text(address)) and not _is_enclosed(text, link, address[offset:]):
            message = f'there is no space between the address "{excerpt(address[:offset], 80)}" and "{excerpt(address[offset:], 30)}"'
            yield start + offset, message, "Add a space after the address, or remove the rest."


def _with_glued_text(text: ScannedMarkdown, link: LinkSpan) -> str:
    """Return a bare address with what follows it without a space; the site ends it at a bracket or a foreign full stop."""
    rest = _REST_OF_WORD.match(text.text, link.end) if "://" in link.address else None
    return link.address + trim_address(rest[0]) if rest else link.address


_WIDE_BRACKETS = {"）": "（", "」": "「", "』": "『", "】": "【", "》": "《", "”": "“", "»": "«"}


def _is_enclosed(text: ScannedMarkdown, link: LinkSpan, rest: str) -> bool:
    """Return whether a bare address stands between brackets that need no space, as in Chinese."""
    return text.text[max(0, link.start - 1) : link.start] == _WIDE_BRACKETS.get(rest[:1])


def glued_text(address: str) -> int | None:
    """Return where in a bare address other text begins."""
    glued = _GLUED.search(address)
    if not glued or not re.search(r"\w", address[glued.start() :]) or re.search(r"[?#]", address[: glued.start()]):
        return None
    if glued[0][0] in ".," and "/" not in address[9 : glued.start()]:
        return None
    return glued.start()


@text_rule("empty-link", WARNING)
def check_empty_links(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield links without an address or without a text."""
    for link in text.links:
        if link.kind == "html" and not link.address.strip():
            message = f"this {'picture' if link.is_picture else 'link'} has no address"
            yield link.start, message, "Add its address, or remove the tag."
        if link.kind not in ("inline", "reference"):
            continue
        if not link.address.strip():
            name = "picture" if link.is_picture else "link"
            words = excerpt(link.text)
            message = (
                f'the {name} "{words}" has no address' if words else f"this {name} has neither words nor an address"
            )
            yield link.start, message, "Add the address, or remove the brackets."
        elif not link.text.strip() and not link.is_picture:
            message = f"the link to {excerpt(link.address)} has no text"
            yield link.start, message, "Write its text between the square brackets."


_FORMULA = re.compile(
    r"\$\$(?:[^$\\]|\\.)+\$\$|\$(?![\s$])(?:[^$\\\n]|\\.)+?(?<!\s)\$(?!\d)|\\\((?:[^\\]|\\(?!\)).)+\\\)|\\\[(?:[^\\]|\\(?!\]).)+\\\]"
    r"|\\begin\{(\w+\*?)\}.+?\\end\{\1\}",
    re.DOTALL,
)
"""Mathematics, which `a[1][2]` in it is no reference of."""
_PAIR = re.compile(r"\[([^\[\]]*)\]\[([^\[\]]*)\]")
_AROUND_INDEXES = re.compile(r"[A-Za-z0-9_)\]]\Z"), re.compile(r"[A-Z0-9_(]|\s*:?=(?!=)")
"""What stands before or after brackets in `x[i][j]`, `Unsafe[Mutable][Raw]Pointer` and `[i][j] = 0`."""
_INDEX = re.compile(r"[\x21-\x7e]*|[\w\s.]+[-+*/%:,][\w\s.]+")
_NO_WORDS = re.compile(
    r"[\d\s.,;:+*/^=<>|&()–-]+|[A-Za-z]|sic|\.\.\.|…|(?i:ctrl|control|alt|shift|cmd|command|option|esc|tab|enter|win|super|meta|fn)"
)
_LABEL_IN_CAPITALS = re.compile(r"(?:[A-Z][A-Z0-9 ./+-]+|[vV]?\d[\d.]*(?:/\d+)?)")
"""`[PATCH]`, `[v2]`: what mailing lists put before a title."""
_SET_OF_SIGNS = re.compile(r"\^(?:(?:\w-\w)+\W*|[^\w*†‡§]+|.*[\\\"<>|,;()].*)")
"""`[^a-z]` and the like, which regular expressions have."""


@text_rule("undefined-reference", WARNING)
def check_undefined_references(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield `[text][label]` and `[^label]` whose label is not defined."""
    formulas = [match.span() for match in _FORMULA.finditer(text.without_code)] if text.undefined else []
    for offset, label in text.undefined:
        if any(start < offset < end for start, end in formulas) or _is_no_reference(text.text, offset, label):
            continue
        if label.startswith("^"):
            yield offset, f"the footnote [{label}] is not defined", f"Add a line [{label}]: with the note."
        else:
            message = f'the reference "{excerpt(label)}" is not defined, so readers see its brackets'
            hint = f"Add a line [{excerpt(label)}]: with the address, or check the spelling."
            yield offset, message, hint


def _is_no_reference(text: str, offset: int, label: str) -> bool:
    """Return whether brackets are indexes, intervals, keys, tags before a title, or a part of a regular expression."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    if label.startswith("^"):
        after = text[offset + len(label) + 2 :][:1]
        is_repeated = after in ("+", "{", "|") or (after == "*" and line.count("*") % 2 == 0)
        return is_repeated or bool(_SET_OF_SIGNS.fullmatch(label))
    pair = _PAIR.match(text, offset)
    if pair is None:
        return False
    before, after_indexes = _AROUND_INDEXES
    words = pair[1].strip(), pair[2].strip()
    if all(map(_INDEX.fullmatch, words)) and (before.search(line) or after_indexes.match(text, pair.end())):
        return True
    if words[1] and all(map(_NO_WORDS.fullmatch, words)):
        return True
    if _NO_WORDS.fullmatch(words[0]) and words[0].isalpha() and len(words[0]) > 1 and words[1]:
        return True
    is_first = not line.strip(" \t>-+*0123456789.)#")
    return is_first and all(map(_LABEL_IN_CAPITALS.fullmatch, words)) and text.startswith((" ", ":"), pair.end())


TRACKING = re.compile(
    r"(?i)(utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|oly_anon_id"
    r"|oly_enc_id|vero_id|wickedid|__s|ref_src|ref_url|cmpid|s_cid|trk|trkinfo|sk_source|spm)(=|$)"
)
"""Query parameters that say who sent a reader, and nothing about the page."""


def remove_tracking(address: str) -> str:
    """Return an address without its tracking parameters."""
    base, question_mark, rest = address.partition("?")
    if not question_mark:
        return address
    query, hash_sign, fragment = rest.partition("#")
    separator = "&amp;" if "&amp;" in query else "&"
    parameters = query.split(separator)
    kept = [parameter for parameter in parameters if not TRACKING.match(parameter)]
    if len(kept) == len(parameters):
        return address
    return base + (question_mark + separator.join(kept) if kept else "") + hash_sign + fragment


@text_rule("tracking", WARNING)
def check_tracking(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield addresses with tracking parameters."""
    for link in text.links:
        clean = remove_tracking(link.address)
        if link.kind != "reference" and clean != link.address:
            tracking = next(part for part in re.split(r"&amp;|[?&#]", link.address) if TRACKING.match(part))
            message = f'"{excerpt(tracking)}" in this address tells the site\'s owner who sent the reader'
            yield link.address_span[0], message, "check --fix removes it.", (*link.address_span, clean)


def normalize_address(address: str) -> str:
    """Return one spelling for all addresses of a page: without scheme, "www.", tracking and final slash."""
    address = re.sub(r"(?i)^(https?:)?//(www\.)?", "", remove_tracking(address.strip()))
    host, slash, path = address.partition("/")
    return host.lower() + slash + path.rstrip("/")


# -- pages elsewhere: see `lint.external_links`

GONE = declare_rule("link-gone", WARNING)
MOVED = declare_rule("link-moved", NOTE)
UNSURE = declare_rule("link-unsure", NOTE)


def check_status(address: str, status: LinkStatus) -> tuple[Rule, str, str] | None:
    """Return rule, message and hint for the status of an address; None if it is fine."""
    shorter = excerpt(address, 120)
    match status.verdict:
        case "gone":
            return GONE, f'"{shorter}" is gone: {status.detail}', "Link to a copy in a web archive, or remove the link."
        case "moved":
            return MOVED, f'"{shorter}" has moved to {status.detail}', "Use the new address."
        case "unsure":
            return UNSURE, f'could not check "{shorter}": {status.detail}', "Open it yourself."
    return None


def is_of_host(status: LinkStatus) -> bool:
    """Return whether a status is about the host of a page as much as about the page."""
    return status.verdict == "unsure" or (
        status.verdict == "gone" and not status.detail.startswith("its server answered")
    )


def check_host(host: str, status: LinkStatus, links: int) -> tuple[Rule, str, str]:
    """Return rule, message and hint for several links to one host that have the same status."""
    if status.verdict == "gone":
        message = f'{links} links lead to "{excerpt(host)}", which is gone: {status.detail}'
        return GONE, message, "Link to copies in a web archive, or remove the links."
    return UNSURE, f'could not check {links} links to "{excerpt(host)}": {status.detail}', "Open one yourself."
