"""The letter as a podcast: what directories and apps want to know, chapters and transcripts, and what is wrong with them."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from weekahead.feeds.items import chapters_path, transcript_path
from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.model.config import Podcast
from weekahead.model.findings import Finding, Location, Severity, nearest, warning
from weekahead.model.output import Output, WriteOrder, output
from weekahead.site.html_text import plain
from weekahead.site.pages import RenderContext
from weekahead.site.published import PublishedIssue

SLOWEST, FASTEST = 75, 240
"""Words a minute between which somebody reads aloud. The text may hold references and tables that nobody reads."""

SMALLEST, LARGEST = 1400, 3000
"""Pixels of the side of a cover that directories take."""


class Show(Struct, frozen=True, kw_only=True):
    """What a podcast says of itself besides what every feed says."""

    guid: str
    author: str
    email: str | None
    cover: str | None
    category: tuple[str, ...]
    explicit: bool
    locked: bool


def show(desk: RenderContext) -> Show:
    """The podcast of the letter, as far as letter.yaml tells of it."""
    head = desk.public.config
    about = head.podcast or Podcast()
    cover = about.cover
    return Show(
        guid=about.guid or head.identity("podcast").removeprefix("urn:uuid:"),
        author=head.author_name or head.title,
        email=head.author_email,
        cover=desk.absolute(f"assets/{cover}") if cover and "://" not in cover else cover,
        category=about.category,
        explicit=about.explicit,
        locked=about.locked,
    )


# -- what lies beside a page


def companions(desk: RenderContext) -> Iterator[Output]:
    """The transcript and the chapters of every issue that has audio."""
    for place in desk.public.issues:
        if place.issue.audio:
            yield _transcript(desk, place)
            if place.issue.audio.chapters:
                yield _chapters(desk, place)


def _transcript(desk: RenderContext, place: PublishedIssue) -> Output:
    issue = place.issue
    found = [text for text in (issue.research_note, issue.body, desk.public.config.signoff) if text]
    # Only the words count, so that a page that moved does not make the transcript anew.
    texts = [desk.texts.unplaced(text) for text in found]
    return output(
        transcript_path(place),
        place.issue.source.at("audio"),
        WriteOrder.FILE,
        lambda: transcript(issue.title, texts, desk.texts),
        title=issue.title,
        texts=texts,
        revision=desk.revision,
    )


def transcript(title: str, found: list[TextRef], texts: RenderedTexts) -> bytes:
    """The words of an issue, for those who read along and for search."""
    parts = [title, *(plain(texts.html(html)) for html in found)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _chapters(desk: RenderContext, place: PublishedIssue) -> Output:
    where, made_from = place.issue.source.at("audio.chapters"), {"text": place.own, "letter": desk.frame}
    return output(chapters_path(place), where, WriteOrder.FILE, lambda: _json(chapters(desk, place)), **made_from)


def chapters(desk: RenderContext, place: PublishedIssue) -> list[dict[str, Any]]:
    """The chapters, each with the address of the heading that has its name."""
    audio, page = place.issue.audio, desk.absolute(place.path)
    headings = {_folded(heading.text): heading.id for heading in desk.texts.facts(place.issue.body).headings}
    found = []
    for chapter in audio.chapters if audio else ():
        row: dict[str, Any] = {"startTime": chapter.at, "title": chapter.title}
        if heading := headings.get(_folded(chapter.title)):
            row["url"] = f"{page}#{heading}"
        found.append(row)
    return found


def _folded(words: str) -> str:
    """Words as they compare: headings have true apostrophes where authors type straight ones."""
    return words.casefold().replace("’", "'").replace("“", '"').replace("”", '"')


def _json(rows: list[dict[str, Any]]) -> bytes:
    return (json.dumps({"version": "1.2.0", "chapters": rows}, indent=1, ensure_ascii=False) + "\n").encode()


# -- what is wrong


def podcast_findings(desk: RenderContext) -> Iterator[Finding]:
    """What podcast directories would refuse, and audio that cannot be of its issue."""
    if desk.public.has_audio and desk.public.config.podcast:
        yield from _cover_findings(desk)
    for place in desk.public.issues:
        if place.issue.audio:
            yield from _rate_findings(desk, place)


def _rate_findings(desk: RenderContext, place: PublishedIssue) -> Iterator[Finding]:
    issue, audio = place.issue, place.issue.audio
    if not audio or not audio.duration:
        return
    words = desk.routes.of(place).words
    rate = round(words * 60 / audio.duration)
    if words and not SLOWEST <= rate <= FASTEST:
        message = (
            f"{words} words in {audio.duration} seconds are {rate} a minute; somebody who reads aloud says 100 to 200"
        )
        hint = "Is this the right audio? If it is an excerpt, say allow: [spoken-rate]."
        yield warning(issue.source.at("audio"), "spoken-rate", message, hint)


def _cover_findings(desk: RenderContext) -> Iterator[Finding]:
    about = desk.public.config.podcast
    assert about is not None
    where = Location(desk.public.config.file, about.line)
    if about.category and not _is_known(about.category):
        known = [*CATEGORIES, *(CATEGORIES.get(about.category[0], "").split(", ") if len(about.category) > 1 else ())]
        message = f'"{" > ".join(about.category)}" is not a category of the podcast directories'
        yield warning(where, "podcast-category", message, nearest(about.category[-1], filter(None, known)))
    if about.cover is None:
        hint = (
            f"Put a square picture of {SMALLEST} to {LARGEST} pixels into templates/assets/ and write cover: NAME.png."
        )
        yield warning(where, "podcast-cover", "the podcast has no cover, without which directories refuse it", hint)
    elif "://" not in about.cover:
        asset = desk.theme.assets.get(about.cover)
        if asset is None:
            hint = nearest(
                about.cover, [name for name in desk.theme.assets if name.endswith((".png", ".jpg", ".jpeg"))]
            )
            message = f'there is no "{about.cover}" in templates/assets/'
            yield Finding(where=where, rule="podcast-cover", message=message, hint=hint, severity=Severity.ERROR)
        elif wrong := cover_problem(asset.data):
            hint = f"Make it a square of {SMALLEST} to {LARGEST} pixels, as PNG or JPEG."
            yield warning(where, "podcast-cover", f'"{about.cover}" {wrong}; directories refuse that', hint)


def _is_known(category: tuple[str, ...]) -> bool:
    below = CATEGORIES.get(category[0])
    return below is not None and (len(category) == 1 or category[1] in below.split(", "))


def cover_problem(data: bytes) -> str:
    """What directories have against a cover; empty when nothing."""
    size = picture_size(data)
    if size is None:
        return "is neither PNG nor JPEG"
    wide, high = size
    if wide != high:
        return f"is {wide} pixels wide and {high} high, and no square"
    if not SMALLEST <= wide <= LARGEST:
        return f"is {wide} pixels wide and high"
    return ""


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, from its own header; None for anything else."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", data[16:24])
        return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None
    except (struct.error, IndexError):
        return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """From the first frame header (ITU T.81, B.2.2)."""
    place = 2
    while data[place] == 0xFF:
        kind, length = data[place + 1], struct.unpack(">H", data[place + 2 : place + 4])[0]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", data[place + 5 : place + 9])
            return wide, high
        place += 2 + length
    return None


CATEGORIES: dict[str, str] = {
    "Arts": "Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts",
    "Business": "Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit",
    "Comedy": "Comedy Interviews, Improv, Stand-Up",
    "Education": "Courses, How To, Language Learning, Self-Improvement",
    "Fiction": "Comedy Fiction, Drama, Science Fiction",
    "Government": "",
    "Health & Fitness": "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality",
    "History": "",
    "Kids & Family": "Education for Kids, Parenting, Pets & Animals, Stories for Kids",
    "Leisure": "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games",
    "Music": "Music Commentary, Music History, Music Interviews",
    "News": "Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, Tech News",
    "Religion & Spirituality": "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality",
    "Science": (
        "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, Physics, Social Sciences"
    ),
    "Society & Culture": "Documentary, Personal Journals, Philosophy, Places & Travel, Relationships",
    "Sports": (
        "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, Soccer, Swimming, Tennis, "
        "Volleyball, Wilderness, Wrestling"
    ),
    "TV & Film": "After Shows, Film History, Film Interviews, Film Reviews, TV Reviews",
    "Technology": "",
    "True Crime": "",
}
"""Apple's list, which the other directories use as well: each category with its subcategories."""
