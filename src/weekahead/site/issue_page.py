"""The page of an issue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.markdown.cutter import Heading
from weekahead.markdown.rendered_texts import TextRef
from weekahead.markdown.renderer import RenderedText
from weekahead.model.issue import ACTIVE_CONTENT, Correction, SeriesPart, Text, format_duration, slug_of_name
from weekahead.model.marks import plain_marks
from weekahead.model.transcript import is_published_as_is, transcript_type
from weekahead.site.aspects import IssueCard, IssueDetails
from weekahead.site.book_links import BookLink, books_of_series
from weekahead.site.cited_works import bibliography_links
from weekahead.site.context import RenderContext
from weekahead.site.groups import author_path, tag_path
from weekahead.site.page_context import (
    POLICY,
    WITH_COPY_SCRIPT,
    Card,
    Link,
    PageContext,
    Picture,
    SeriesLine,
    UpcomingIssue,
    card_of,
    card_path,
    cover_picture,
    direction,
    is_shared,
    letter_info,
    page_info,
    series_line,
    shortened,
    upcoming_issue,
)
from weekahead.site.structured_data import issue_data

WORDS_A_MINUTE = 230


class ChapterRow(Struct, frozen=True, kw_only=True):
    """A chapter: when it begins, and the id of the heading of its name."""

    at: str
    title: str
    heading: str | None


class TranscriptRow(Struct, frozen=True, kw_only=True):
    """A paragraph of the transcript, and when it begins, if the transcript says so."""

    at: str | None
    words: str


class AudioPlayer(Struct, frozen=True, kw_only=True):
    address: str
    type: str
    duration: str | None
    size: str | None
    chapters: list[ChapterRow]
    transcript: list[TranscriptRow]
    transcript_address: str


class FullIssue(Card, frozen=True, kw_only=True):
    """An issue with all that its own page shows."""

    authors: list[Link]
    note: TextRef | None
    audio: AudioPlayer | None
    cover: Picture | None
    body: TextRef | None
    minutes: int
    headings: tuple[Heading, ...]
    tags: list[Link]
    corrections: tuple[Correction, ...]
    signoff: TextRef | None
    share: list[Link]
    discussion: str | None
    references: list[Link]
    """Its bibliography in each format."""
    extra: Mapping[str, Any]


class Neighbour(Struct, frozen=True, kw_only=True):
    """The issue before or after."""

    label: str
    title: str
    address: str
    language: str | None
    direction: str | None


class PartRow(Struct, frozen=True, kw_only=True):
    """A part of a series; of one that is not published only the number is known."""

    part: int
    title: str | None
    label: str | None
    address: str | None
    current: bool
    language: str | None
    direction: str | None


class SeriesBox(SeriesLine, frozen=True, kw_only=True):
    """The series of an issue, with all its parts."""

    parts: list[PartRow]
    progress: str
    previous: Neighbour | None
    next: Neighbour | None
    books: list[BookLink]
    """Its books, on the page of the last part that is published."""


class IssuePage(PageContext, frozen=True, kw_only=True):
    """issue.html"""

    issue: FullIssue
    series: SeriesBox | None
    previous: Neighbour | None
    next: Neighbour | None
    upcoming: list[UpcomingIssue]


def issue_page(context: RenderContext, file: str) -> IssuePage:
    card, details, config = context.card(file), context.details(file), context.config
    facts = context.facts(context.body(file))
    description = card.summary or shortened(facts.lead, 200) or None
    drawn = card_path(card.path) if config.social_cards else None
    cover = details.cover
    shared = context.file_path(file, cover.file) if cover and is_shared(cover) else drawn
    picture = context.absolute(shared) if shared else None
    older, newer = context.neighbours(file)
    texts = [text for text in (details.note, context.body(file), config.signoff) if text]
    return IssuePage(
        letter=letter_info(context),
        page=page_info(
            context,
            card.path,
            card.title,
            description=description,
            kind="article",
            picture=picture,
            linked_data=issue_data(context, file, author_names(context, card), description, picture),
            noindex=card.mark is not None,
            policy=policy(context, texts, WITH_COPY_SCRIPT),
            language=card.language,
        ),
        issue=_full_issue(context, card, details, facts),
        series=_series_box(context, card, card.series) if card.series else None,
        previous=_neighbour(context, older),
        next=_neighbour(context, newer),
        upcoming=[upcoming_issue(context, row) for row in context.upcoming(file)],
    )


def _full_issue(context: RenderContext, card: IssueCard, details: IssueDetails, facts: RenderedText) -> FullIssue:
    short, file = card_of(context, card), card.file
    cover = details.cover
    return FullIssue(
        **asdict(short),
        authors=[_author_link(context, name) for name in author_names(context, card)],
        note=context.text(file, details.note),
        audio=_player(context, file, details),
        cover=cover_picture(context, file, cover) if cover else None,
        body=context.text(file, context.body(file)),
        minutes=reading_minutes(facts),
        headings=facts.headings,
        tags=[Link(name=tag, address=context.address(tag_path(tag))) for tag in card.tags],
        corrections=details.corrections,
        signoff=context.text(file, context.config.signoff),
        share=_share_links(context, card),
        discussion=details.discussion,
        references=bibliography_links(context, file),
        extra=dict(details.extra),
    )


def author_names(context: RenderContext, card: IssueCard) -> list[str]:
    """Return who wrote an issue: those it names, else the letter's author."""
    standard = context.config.author_name
    return list(dict.fromkeys(card.authors)) or ([standard] if standard else [])


def _author_link(context: RenderContext, name: str) -> Link:
    has_page = context.site.has_authors and slug_of_name(name)
    return Link(name=name, address=context.address(author_path(name)) if has_page else None)


def reading_minutes(facts: RenderedText) -> int:
    return minutes_for(facts.words)


def minutes_for(words: int) -> int:
    """Return the minutes that a text of some words takes to read."""
    return max(1, round(words / WORDS_A_MINUTE))


def policy(context: RenderContext, texts: Iterable[Text], base: str = POLICY) -> str | None:
    """Return a page's policy, from a base: it allows the styles that its texts carry.

    A page with active content has none if `allow:` waives that rule by name; in a preview it may not be waived.
    """
    facts = [(text, context.facts(text)) for text in texts]
    active = [text for text, found in facts if any(fault.rule == ACTIVE_CONTENT for fault in found.faults)]
    if active and all(ACTIVE_CONTENT in context.waived(text.file) for text in active):
        return None
    styled = any(found.styled for _, found in facts)
    return base.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") if styled else base


def _neighbour(context: RenderContext, file: str | None) -> Neighbour | None:
    if file is None:
        return None
    card = context.card(file)
    return Neighbour(
        label=context.label(card.number),
        title=card.title,
        address=context.address(card.path),
        language=card.language,
        direction=direction(card.language),
    )


def _player(context: RenderContext, file: str, details: IssueDetails) -> AudioPlayer | None:
    audio = details.audio
    if audio is None:
        return None
    headings = headings_by_name(context, file)
    rows = [
        ChapterRow(
            at=format_duration(chapter.at),
            title=chapter.title,
            heading=headings.get(folded_name(chapter.title)),
        )
        for chapter in audio.chapters
    ]
    return AudioPlayer(
        address=context.address(context.file_path(file, audio.file)) if audio.file else audio.url or "",
        type=audio.type,
        duration=None if audio.duration is None else format_duration(audio.duration),
        size=f"{audio.bytes / 1_000_000:.1f} MB" if audio.bytes else None,
        chapters=rows,
        transcript=[
            TranscriptRow(at=None if each.at is None else format_duration(each.at), words=each.words)
            for each in context.transcript(file)
        ],
        transcript_address=context.address(transcripts(context, file)[-1][0]),
    )


def transcripts(context: RenderContext, file: str) -> list[tuple[str, str]]:
    """Return path and media type of each transcript of an issue: its author's, then ours, unless that is plain text already."""
    audio, ours = context.details(file).audio, (transcript_path(context.card(file).path), "text/plain")
    if audio is None or audio.transcript is None or not is_published_as_is(audio.transcript.file):
        return [ours]
    name = audio.transcript.file
    theirs = context.file_path(file, name), transcript_type(name)
    return [theirs] if theirs[1] == ours[1] else [theirs, ours]


def transcript_path(page: str) -> str:
    return f"{page}transcript.txt"


def headings_by_name(context: RenderContext, file: str) -> dict[str, str]:
    """Return the id of each heading of an issue by its folded name."""
    return {folded_name(heading.text): heading.id for heading in context.facts(context.body(file)).headings}


def folded_name(words: str) -> str:
    """Return words as they compare: headings have true apostrophes where authors type straight ones."""
    return plain_marks(words).casefold()


def _series_box(context: RenderContext, card: IssueCard, part: SeriesPart) -> SeriesBox:
    """Return the parts of a series from the first one here: those still to come without a word about them."""
    cards = [context.card(file) for file in context.series(part.name)]
    by_part = {found.series.part: found for found in cards if found.series} | {part.part: card}
    total = parts_in_all(cards)
    numbers = range(min(by_part), max([*by_part, part.of or 0]) + 1)
    rows = [_part_row(context, number, by_part.get(number), part.part) for number in numbers]
    before, after = by_part.get(part.part - 1), by_part.get(part.part + 1)
    return SeriesBox(
        **asdict(series_line(context, part)),
        parts=rows,
        progress=series_progress(context, by_part, total),
        previous=_neighbour(context, before.file) if before else None,
        next=_neighbour(context, after.file) if after else None,
        books=books_of_series(context, part.name) if part.part == max(by_part) else [],
    )


def _part_row(context: RenderContext, part: int, card: IssueCard | None, current: int) -> PartRow:
    return PartRow(
        part=part,
        title=card.title if card else None,
        label=context.label(card.number) if card else None,
        address=context.address(card.path) if card else None,
        current=part == current,
        language=card.language if card else None,
        direction=direction(card.language) if card else None,
    )


def parts_in_all(cards: Iterable[IssueCard]) -> int | None:
    """Return how many parts a series means to have, as far as its author has said."""
    return max((card.series.of or 0 for card in cards if card.series), default=0) or None


def series_progress(context: RenderContext, parts: Collection[int], of: int | None) -> str:
    """Return how many parts of a series are published, in the letter's language; if it began elsewhere, how many are here."""
    count = len(parts)
    if min(parts) > 1:
        return context.translator.translate("series_here" if of else "series_here_so_far", count=count, of=of)
    if of is None:
        return context.translator.translate("series_so_far", count=count)
    return context.translator.translate("series_complete" if of == count else "series_progress", count=count, of=of)


def _share_links(context: RenderContext, card: IssueCard) -> list[Link]:
    """Return plain links that pass an issue on."""
    url, title = quote(context.absolute(card.path), safe=""), quote(card.title, safe="")
    ways = {
        "email": (context.translator.translate("share_by_email"), f"mailto:?subject={title}&body={url}"),
        "whatsapp": ("WhatsApp", f"https://wa.me/?text={title}%20{url}"),
        "bluesky": ("Bluesky", f"https://bsky.app/intent/compose?text={title}%20{url}"),
        "linkedin": ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        "x": ("X", f"https://x.com/intent/post?text={title}&url={url}"),
        "facebook": ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        "reddit": ("Reddit", f"https://www.reddit.com/submit?url={url}&title={title}"),
        "telegram": ("Telegram", f"https://t.me/share/url?url={url}&text={title}"),
        "hackernews": ("Hacker News", f"https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    }
    return [Link(name=ways[way][0], address=ways[way][1]) for way in context.config.share]
