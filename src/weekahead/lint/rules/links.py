"""Rules about links: their addresses and their texts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, Rule, TextProblem, declare_rule, text_rule
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.lint.scanned_markdown import LinkSpan, ScannedMarkdown
from weekahead.markdown.bare_links import trim_address

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkStatus

GLUED = re.compile(r"[\[\]{}|\u3000-\u303f\uff00-\uff0f\uff1a-\uff20“”„«»]+|\)(?=[A-Z][a-z])|[.,;](?=[A-Z][a-z]+$)")
"""Where text follows an address without a space."""


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
        elif link.kind == "bare" and (offset := _glued_text(address)):
            message = f'there is no space between the address "{excerpt(address[:offset], 80)}" and "{excerpt(address[offset:], 30)}"'
            yield start + offset, message, "Add a space after the address, or remove the rest."


def _with_glued_text(text: ScannedMarkdown, link: LinkSpan) -> str:
    """Return a bare address with what follows it without a space; the site ends it at a bracket or a foreign full stop."""
    rest = _REST_OF_WORD.match(text.text, link.end) if "://" in link.address else None
    return link.address + trim_address(rest[0]) if rest else link.address


def _glued_text(address: str) -> int | None:
    """Return where in a bare address other text begins."""
    glued = GLUED.search(address)
    if not glued or not re.search(r"\w", address[glued.start() :]) or "?" in address[: glued.start()]:
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
            message = f'the {"picture" if link.is_picture else "link"} "{excerpt(link.text)}" has no address'
            yield link.start, message, "Add the address, or remove the brackets."
        elif not link.text.strip() and not link.is_picture:
            message = f"the link to {excerpt(link.address)} has no text"
            yield link.start, message, "Write its text between the square brackets."


_FORMULA = re.compile(r"\$\$(?:[^$\\]|\\.)+\$\$|\$(?![\s$])(?:[^$\\\n]|\\.)+?(?<!\s)\$(?!\d)", re.DOTALL)
"""Mathematics, which `a[1][2]` in it is no reference of."""


@text_rule("undefined-reference", WARNING)
def check_undefined_references(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield `[text][label]` and `[^label]` whose label is not defined."""
    formulas = [match.span() for match in _FORMULA.finditer(text.without_code)] if text.undefined else []
    for offset, label in text.undefined:
        if any(start < offset < end for start, end in formulas):
            continue
        if label.startswith("^"):
            yield offset, f"the footnote [{label}] is not defined", f"Add a line [{label}]: with the note."
        else:
            message = f'the reference "{excerpt(label)}" is not defined, so readers see its brackets'
            hint = f"Add a line [{excerpt(label)}]: with the address, or check the spelling."
            yield offset, message, hint


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


def is_single_page(address: str) -> bool:
    """Return whether an address is of one page elsewhere, and not of a site, a person or a project as a whole."""
    if not re.match(r"(?i)https?://", address) or "/search" in address or "/labels/" in address:
        return False
    path = re.sub(r"(?i)^https?://[^/]*", "", address).rstrip("/")
    is_project_host = re.match(r"(?i)https?://(www\.)?(github|gitlab|codeberg)\.", address)
    return path.count("/") >= (3 if is_project_host else 2) or (path.count("/") == 1 and len(path) > 24)


@text_rule("duplicate-link", NOTE)
def check_duplicate_links(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield list items that begin with the same link as an earlier one: an item was pasted twice."""
    first_uses: dict[str, tuple[int, str, int]] = {}
    starts = [heading.start for heading in text.headings]
    for link in list_item_links(text):
        line, title = text.position(link.start)[0], " ".join(link.text.split())
        section, address = bisect_right(starts, link.start), normalize_address(link.address)
        first_line, first_title, first_section = first_uses.setdefault(address, (line, title, section))
        if line != first_line and (section == first_section or title == first_title):
            message = f"the link to {excerpt(link.address, 80)} is already in line {first_line}"
            yield link.start, message, "Remove one, or check whether one has the wrong address."


_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATED = re.compile(rf"[\s\W]*(?:\d{{1,2}}/\d|\d{{4}}-\d\d|(?:\d{{1,2}}\.?\s+)?{_MONTH}\b)")


def list_item_links(text: ScannedMarkdown) -> Iterator[LinkSpan]:
    """Yield the link that an item of an outermost list begins with, if it leads to a page elsewhere.

    Items that begin with a date are left out: events may well share a page.
    """
    links = [link for link in text.links if link.kind != "definition" and not link.is_picture]
    index = 0
    for number, item in enumerate(text.items):
        end = text.items[number + 1].start if number + 1 < len(text.items) else len(text.text)
        while index < len(links) and links[index].start < item.start:
            index += 1
        if index < len(links) and links[index].start < end and is_single_page(links[index].address):
            before = text.prose[item.start : links[index].start].strip(" \t-+*0123456789.)[]")
            if not before and not item.depth and not _DATED.match(links[index].text):
                yield links[index]


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
