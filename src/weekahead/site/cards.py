"""What lists and pages show of an issue's front matter, and a digest that need not be reckoned from all of it."""

from __future__ import annotations

from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue
from weekahead.site.aspects import IssueCard, IssueDetails
from weekahead.site.published import Place, PublishedIssue, PublishedPage

MAX_DIGESTS = 1024
"""Digests of one name that are kept in memory; a page is made from a dozen."""


def card_of(published: PublishedIssue) -> IssueCard:
    """Return what lists show of a published issue."""
    issue = published.issue
    return IssueCard(
        file=issue.source.file,
        number=issue.number,
        title=issue.title,
        slug=issue.slug,
        path=published.path,
        day=published.day,
        summary=issue.summary,
        language=published.own_language,
        series=issue.series,
        tags=issue.tags,
        authors=issue.authors,
        duration=issue.audio.duration if issue.audio else None,
        cover=issue.cover,
        mark=published.mark,
    )


def details_of(issue: Issue) -> IssueDetails:
    """Return what only an issue's own page and feed items show of its front matter."""
    return IssueDetails(
        note=issue.research_note,
        audio=issue.audio,
        cover=issue.cover,
        corrections=issue.corrected,
        stamped=issue.next,
        discussion=issue.discussion,
        extra=issue.extra,
    )


def details_digest(place: Place) -> str:
    """Return what is equal for equal details: the digest of the front matter, and what is known of the recording."""
    if isinstance(place, PublishedPage):
        return ""
    audio = place.issue.audio
    return f"{place.issue.head} {hash_value(audio)}" if audio else place.issue.head
