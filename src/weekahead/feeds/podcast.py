"""The letter as a podcast: what directories and apps want to know, chapters and transcripts, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from weekahead.feeds.items import chapters_path
from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.model.config import Config, Podcast
from weekahead.model.findings import Finding, Location, Severity, nearest, warning
from weekahead.model.issue import Audio, Issue
from weekahead.model.picture_size import picture_size
from weekahead.model.transcript import transcript_type
from weekahead.site.context import RenderContext
from weekahead.site.html_text import to_plain_text
from weekahead.site.issue_page import folded_name, headings_by_name, transcript_path
from weekahead.site.json_ld import JsonObject
from weekahead.site.output import Output, WriteOrder
from weekahead.site.pages import Site

SLOWEST, FASTEST = 75, 240
"""Words a minute between which somebody reads aloud. The text may hold references and tables that nobody reads."""

SMALLEST, LARGEST = 1400, 3000
"""Pixels of the side of a cover that directories take."""


def podcast_of(config: Config) -> Podcast:
    """Return the podcast of the letter, with a guid and the address of its cover."""
    about = config.podcast or Podcast()
    guid = about.guid or config.identity("podcast").removeprefix("urn:uuid:")
    cover = about.cover
    if cover and "://" not in cover:
        cover = config.absolute(config.address(f"assets/{cover}"))
    return replace(about, guid=guid, cover=cover)


# -- what lies beside a page


def companions(site: Site) -> Iterator[Output]:
    """Yield the transcript and the chapters of every issue that has audio."""
    for issue in site.view.issues:
        if issue.issue.audio:
            file, source = issue.source.file, issue.source.at("audio")
            if not _is_plain(issue.issue.audio):
                transcript = partial(_transcript, site.context.texts)
                yield _companion(transcript_path(issue.path), source, partial(_spoken, site.context, file), transcript)
            if issue.issue.audio.chapters:
                source = issue.source.at("audio.chapters")
                yield _companion(chapters_path(issue.path), source, partial(_chapters, site.context, file), _json)


def _is_plain(audio: Audio) -> bool:
    """Return whether the author's transcript is plain text, so that no other is needed."""
    return audio.transcript is not None and transcript_type(audio.transcript.file) == "text/plain"


def _companion(path: str, source: Location, context: Callable[[], Any], render: Callable[[Any], bytes]) -> Output:
    order = WriteOrder.FILE
    return Output(path=path, source=source, order=order, recipe=source.file, context=context, render=render)


def _spoken(context: RenderContext, file: str) -> tuple[str, list[TextRef | str]]:
    """Return the title and what is read aloud; only words count, so links are not resolved."""
    if said := context.transcript(file):
        return context.card(file).title, [each.words for each in said]
    signoff = context.config.signoff
    texts = (*context.all_texts(file), *([signoff] if signoff else []))
    return context.card(file).title, [context.unplaced(text) for text in texts]


def _transcript(texts: RenderedTexts, spoken: tuple[str, list[TextRef | str]]) -> bytes:
    """Return the words of an issue, for those who read along and for search."""
    title, found = spoken
    parts = [title, *(words if isinstance(words, str) else to_plain_text(texts.html(words)) for words in found)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _chapters(context: RenderContext, file: str) -> list[JsonObject]:
    """Return the chapters, each with the address of the heading that has its name."""
    audio, page = context.details(file).audio, context.absolute(context.card(file).path)
    headings = headings_by_name(context, file)
    found = []
    for chapter in audio.chapters if audio else ():
        row: JsonObject = {"startTime": chapter.at, "title": chapter.title}
        if heading := headings.get(folded_name(chapter.title)):
            row["url"] = f"{page}#{heading}"
        found.append(row)
    return found


def _json(rows: list[JsonObject]) -> bytes:
    return (json.dumps({"version": "1.2.0", "chapters": rows}, indent=1, ensure_ascii=False) + "\n").encode()


# -- what is wrong


def podcast_findings(site: Site) -> Iterator[Finding]:
    """Yield what podcast directories would refuse, and audio that cannot be of its issue."""
    if site.view.has_audio and site.view.config.podcast:
        yield from _cover_findings(site)
    for published in site.view.issues:
        if published.issue.audio:
            yield from _rate_findings(published.issue, site.links.of(published).words)


def _rate_findings(issue: Issue, words: int) -> Iterator[Finding]:
    audio = issue.audio
    if not audio or not audio.duration:
        return
    rate = round(words * 60 / audio.duration)
    if words and not SLOWEST <= rate <= FASTEST:
        message = f"{words} words in {audio.duration} s is {rate} words per minute; speech is 100 to 200"
        hint = "Is this the right audio? If it is an excerpt, add allow: [spoken-rate]."
        yield warning(issue.source.at("audio"), "spoken-rate", message, hint)


def _cover_findings(site: Site) -> Iterator[Finding]:
    about = site.view.config.podcast
    assert about is not None
    where = Location(site.view.config.file, about.line)
    if about.category and not _is_known(about.category):
        known = [*CATEGORIES, *(CATEGORIES.get(about.category[0], "").split(", ") if len(about.category) > 1 else ())]
        message = f'"{" > ".join(about.category)}" is not a category of podcast directories'
        yield warning(where, "podcast-category", message, nearest(about.category[-1], filter(None, known)))
    if about.cover is None:
        size = f"{SMALLEST} to {LARGEST} pixels"
        hint = f"Put a square picture of {size} into templates/assets/ and write cover: NAME.png."
        yield warning(where, "podcast-cover", "the podcast has no cover, and directories require one", hint)
    elif "://" not in about.cover:
        asset = site.theme.assets.get(about.cover)
        if asset is None:
            own = (name for name in site.theme.assets if not site.theme.is_sample_cover(name))
            pictures = [name for name in own if name.endswith((".png", ".jpg", ".jpeg"))]
            message = f'there is no "{about.cover}" in templates/assets/'
            yield Finding(where, "podcast-cover", message, nearest(about.cover, pictures))
        elif site.theme.is_sample_cover(about.cover):
            yield sample_cover(site.view.config, Severity.WARNING)
        elif wrong := cover_problem(asset.data):
            hint = f"Make it a square of {SMALLEST} to {LARGEST} pixels, as PNG or JPEG."
            yield warning(where, "podcast-cover", f'"{about.cover}" {wrong}; directories reject that', hint)


def sample_cover(config: Config, severity: Severity) -> Finding:
    """Return the finding of a podcast that has the cover of the sample letter."""
    where = Location(config.file, config.podcast.line if config.podcast else 1)
    hint = "Put your own picture into templates/assets/. Until then `weekahead deploy` publishes nothing."
    return Finding(where, "letter-placeholder", "the cover of the podcast is still the sample letter's", hint, severity)


def _is_known(category: tuple[str, ...]) -> bool:
    below = CATEGORIES.get(category[0])
    return below is not None and (len(category) == 1 or category[1] in below.split(", "))


def cover_problem(data: bytes) -> str:
    """Return what directories have against a cover; empty when nothing."""
    size = picture_size(data) if data.startswith((b"\x89PNG", b"\xff\xd8")) else None
    if size is None:
        return "is neither PNG nor JPEG"
    wide, high = size
    if wide != high:
        return f"is {wide} by {high} pixels, not square"
    return "" if SMALLEST <= wide <= LARGEST else f"is {wide} by {high} pixels"


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
