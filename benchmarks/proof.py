"""Did a builder build what it was measured for? An empty site is built fast."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.letter import ADDRESS, Issue

FEED = 20
EDITED = "Words added by the benchmark in round"


class NotBuilt(Exception):
    """A builder left out a part of the site, so that its time says nothing."""


def prove(site: Path, issues: list[Issue], edited: str = "") -> None:
    """Raise NotBuilt unless a site holds every issue, the archive, the feed and the sitemap. `edited` are words that
    its newest edited page must show."""
    wrong = [
        *pages(site, issues),
        *neighbours(site, issues),
        *archive(site, issues),
        *feed(site, issues),
        *sitemap(site, issues),
        *edit(site, issues, edited),
    ]
    if wrong:
        raise NotBuilt(f"{site} is not the site that was asked for:\n" + "\n".join(wrong[:10]))


def read(site: Path, path: str) -> str:
    try:
        return (site / path / "index.html").read_text("utf-8")
    except FileNotFoundError:
        return ""


def pages(site: Path, issues: list[Issue]) -> Iterator[str]:
    """Every issue has a page of some size; a few are read."""
    for issue in issues:
        page = site / issue.path / "index.html"
        if not page.is_file() or page.stat().st_size < len(issue.body) / 2:
            yield f"{issue.path} has no page, or one too small"
    for issue in (issues[0], issues[len(issues) // 2], issues[-1]):
        words = evidence(issue.body)
        if words and words not in read(site, issue.path):
            yield f'{issue.path} does not hold "{words}"'


def neighbours(site: Path, issues: list[Issue]) -> Iterator[str]:
    """A few pages lead to the one before and the one after."""
    for place in {0, len(issues) // 2, len(issues) - 1}:
        page = read(site, issues[place].path)
        for other in issues[max(0, place - 1) : place] + issues[place + 1 : place + 2]:
            if f"/{other.path}" not in page:
                yield f"{issues[place].path} does not lead to {other.path}"


def archive(site: Path, issues: list[Issue]) -> Iterator[str]:
    """The archive, on however many pages, leads to every issue."""
    text = "".join(page.read_text("utf-8") for page in sorted((site / "archive").rglob("*.html")))
    yield from lacking("the archive", (f"/{path}" for path in re.findall(r'"[^"]*/(issues/[^"/]+/)"', text)), issues)


def feed(site: Path, issues: list[Issue]) -> Iterator[str]:
    """The feed holds the newest twenty, whole."""
    newest = issues[-FEED:]
    try:
        items = ElementTree.parse(site / "feed.xml").getroot().findall("channel/item")
    except (OSError, ElementTree.ParseError) as error:
        yield f"feed.xml cannot be read: {error}"
        return
    if len(items) != len(newest):
        yield f"the feed has {len(items)} items, not {len(newest)}"
    texts = {item.findtext("link", ""): max((child.text or "" for child in item), key=len) for item in items}
    yield from lacking("the feed", texts, newest)
    for issue in newest:
        text = texts.get(f"{ADDRESS}/{issue.path}", "")
        if len(text) < len(issue.body) / 2 or (evidence(issue.body) or "") not in html.unescape(text):
            yield f"the feed does not hold the whole text of {issue.path}"


def sitemap(site: Path, issues: list[Issue]) -> Iterator[str]:
    try:
        found = ElementTree.parse(site / "sitemap.xml").getroot().iter()
        yield from lacking("the sitemap", (element.text or "" for element in found), issues)
    except (OSError, ElementTree.ParseError) as error:
        yield f"sitemap.xml cannot be read: {error}"


def edit(site: Path, issues: list[Issue], edited: str) -> Iterator[str]:
    """What the benchmark wrote is on the page that it wrote it for."""
    if edited and not any(edited in read(site, issue.path) for issue in issues[-2:]):
        yield f'no new page says "{edited}"'


def lacking(where: str, addresses: Iterable[str], issues: list[Issue]) -> Iterator[str]:
    found = {address.removeprefix(ADDRESS) for address in addresses}
    absent = [issue.path for issue in issues if f"/{issue.path}" not in found]
    if absent:
        yield f"{where} lacks {len(absent)} issues, the first of them {absent[0]}"


def evidence(body: str) -> str | None:
    """Three or more plain words in a row, late in a body, that come through any conversion as they are."""
    text = re.sub(r"(?s)<!--.*?-->|^(```|~~~).*?^\1", " ", body, flags=re.MULTILINE)
    found = re.findall(r"(?<![-\w*_`~])[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}(?= )", text)
    return str(found[-1]) if found else None
