"""Medium: a zip of HTML files, one for each story, draft and response (a comment elsewhere)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborNode

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, classes, inner, words
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.markup import attribute_of, cut, link_card, words_of
from weekahead.importers.platforms.moments import instant_and_day, is_later
from weekahead.importers.platforms.old_addresses import path_of
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.source_text import read_text
from weekahead.importers.post import Access, Body, Form, Post, Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.addresses import host_of
from weekahead.model.findings import Location

_POST = re.compile(r"(?:.*/)?posts/([^/]+)\.html$")
_NAME = re.compile(r"(?:(draft)_|(\d{4}-\d{2}-\d{2})_)?(.*?)-*([0-9a-f]{8,14})?$")
_MARKS = (b"h-entry", b"e-content")
_HEAD_BYTES = 65_536
_MOST_LOOKED_AT = 20


def convert_story(document: HtmlDocument, notes: PostNotes) -> None:
    """Put plain HTML and shapes in the place of Medium's own marks."""
    for embed in document.css(".graf--mixtapeEmbed"):
        _card(document, embed, notes)
    for script in document.css('script[src*="gist.github.com"]'):
        address = attribute(script, "src").removesuffix(".js")
        document.replace(script, shapes.paragraph(shapes.link(address, address)))
        notes.add(Outcome.CHANGED, "gist", f"code that is shown from elsewhere is a link now: {address}")
    for frame in document.css('iframe[src*="medium.com/media/"]'):
        address = attribute(frame, "src")
        document.replace(frame, shapes.paragraph(shapes.link(address, address)))
        notes.add(Outcome.ASK, "embed", f"Medium does not say what was shown here: {address}", words=address)
    for cap in document.css(".graf-dropCap, .graf-dropCapImage"):
        cap.unwrap()
    for rule in document.css("div.section-divider"):
        document.replace(rule, "<hr>" if rule.css_first("hr") is not None else "")


def _card(document: HtmlDocument, embed: LexborNode, notes: PostNotes) -> None:
    """Put a link in the place of a card; its picture, a background, is the other page's own."""
    address, title = attribute_of(embed, "a", "href"), words_of(embed, "strong")
    description, whole = words_of(embed, "em"), words_of(embed, "a")
    site = whole.removeprefix(title).strip().removeprefix(description).strip()
    if "background-image" in (embed.html or ""):
        notes.add(
            Outcome.DROPPED, "card-picture", f'left out the preview picture of a link card ("{cut(title or address)}")'
        )
    document.replace(embed, link_card(address, title, description, site))


class Medium:
    """Stories of a Medium account."""

    name = "medium"
    label = "a Medium export"
    needs = "stories as Medium writes them"
    html_passes: Sequence[HtmlPass] = (convert_story,)
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there are stories as Medium writes them."""
        return any(_is_story(files, name) for name in _story_files(files)[:_MOST_LOOKED_AT])

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the stories and drafts. Responses are left out by name."""
        stories = _story_files(files)
        posts = [post for name in stories if (post := _post(files, name, options.now, notes)) is not None]
        folders = sorted({name.partition("/")[0] for name in files.names if name not in stories} - {"posts"})
        if folders:
            notes.add(
                Outcome.DROPPED, "not-opened", f"these parts are about you and were not opened: {', '.join(folders)}"
            )
        message = "an export of Medium does not say which stories were for paying members, or unlisted"
        hint = "Look for those, and set their `status` to draft."
        notes.add(Outcome.ASK, "no-access", message, source=Location(stories[0]), hint=hint)
        authors = [author for post in posts for author in post.authors[:1]]
        return Publication(posts=tuple(posts), author=max(authors, key=authors.count, default=""))


def _post(files: SourceFiles, name: str, now: datetime, notes: Notes) -> Post | None:
    """Return a story; None, with a note, for a response or a file that is none."""
    where = Location(name)
    document = HtmlDocument(read_text(files, name, PostNotes(notes, name, where)))
    draft, day, _, key = _parts(name)
    canonical = _address(document)
    id = key or path_of(canonical).rpartition("-")[2] or name
    own = PostNotes(notes, id, where)
    title, summary = words_of(document.body, ".p-name"), words_of(document.body, ".p-summary")
    content = _content(document, title, draft, own)
    if content is None:
        return None
    at, only_day = instant_and_day(attribute_of(document.body, "time.dt-published", "datetime") or day)
    _drop_repeated(content, title, summary, own)
    access = Access.DRAFT if draft or (at is None and only_day is None) else Access.PUBLIC
    return Post(
        id=id,
        where=where,
        title=title,
        body=Body(inner(content), Form.HTML),
        access=Access.SCHEDULED if access is Access.PUBLIC and is_later(at, now) else access,
        at=at,
        day=only_day,
        slug=re.sub(r"-[0-9a-f]{8,14}$", "", path_of(canonical).rpartition("/")[2]),
        address="" if draft else canonical,
        guid="" if draft or not key else f"https://medium.com/p/{key}",
        summary=summary,
        tags=tuple(words(tag) for tag in document.css(".p-tag")),
        authors=tuple(words(author) for author in document.css(".p-author")),
    )


def _content(document: HtmlDocument, title: str, is_draft: bool, notes: PostNotes) -> LexborNode | None:
    """Return the element with the text of a story, or None with a note."""
    content = document.css(".e-content")
    if not content:
        notes.add(Outcome.ASK, "no-text", "this file has no text of a story")
        return None
    if not is_draft and _is_response(content[0], title):
        message = f'left out a response to another story: "{cut(words(content[0]), 200)}"'
        hint = "If it was a story without a title, bring it over by hand."
        notes.add(Outcome.DROPPED, "response", message, hint=hint)
        return None
    return content[0]


def _parts(name: str) -> tuple[bool, str, str, str]:
    """Return what the name of a file says: whether it is a draft, its day, its title and its id."""
    match = _POST.match(name)
    parts = _NAME.match(match[1]) if match else None
    return (bool(parts[1]), parts[2] or "", parts[3], parts[4] or "") if parts else (False, "", "", "")


def _address(document: HtmlDocument) -> str:
    address = attribute_of(document.body, ".p-canonical", "href")
    return address if host_of(address) else ""


def _is_response(content: LexborNode, title: str) -> bool:
    """Return whether a text is a comment: it has no heading, and what Medium calls its title is how it begins."""
    if content.css_first(".graf--title, h1, h2, h3.graf--leading, h4.graf--leading, figure") is not None:
        return False
    begins = re.sub(r"\s*(?:…|\.\.\.)$", "", " ".join(title.split()))
    return bool(begins) and words(content).startswith(begins)


def _drop_repeated(content: LexborNode, title: str, summary: str, notes: PostNotes) -> None:
    """Take out the title and the subtitle that stand again at the head of the text, and the rule above them."""
    rule = content.css_first("div.section-divider")
    if rule is not None:
        rule.decompose()
    for heading in content.css("h1, h2, h3, h4")[:2]:
        said = words(heading)
        is_title = said == title and (bool(classes(heading) & {"graf--title", "graf--leading"}))
        if is_title or (said == summary and "graf--subtitle" in classes(heading)):
            what = "title" if is_title else "subtitle"
            notes.add(Outcome.DROPPED, "repeated-title", f"left out its {what}, which stands again above the text")
            heading.decompose()


def _story_files(files: SourceFiles) -> list[str]:
    return [name for name in files.names if _POST.match(name)]


def _is_story(files: SourceFiles, name: str) -> bool:
    try:
        with files.open(name) as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    return all(mark in head for mark in _MARKS)


PLATFORM = Medium()
