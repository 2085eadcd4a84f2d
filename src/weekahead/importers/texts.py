"""The texts that come over: what may be taken of each post, as our Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from weekahead.importers.converted import ConvertedText
from weekahead.importers.dialects.converter import convert_markdown
from weekahead.importers.html.converter import convert_html
from weekahead.importers.noted_work import map_noted
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.options import ImportOptions, Notice, Paid
from weekahead.importers.placed import ConvertedPost, packed
from weekahead.importers.platforms.platform import Platform
from weekahead.importers.post import Access, Body, Form, Post, Publication
from weekahead.source.yaml_tree import CONTROL

_WHY_HELD = {
    Access.DRAFT: "it arrives as a draft",
    Access.SCHEDULED: "it was scheduled there, and arrives as a draft",
    Access.WITHDRAWN: "it was taken back there, and arrives as a draft",
    Access.PRIVATE: "not everybody may read it there, and it arrives as a draft",
    Access.MAIL_ONLY: "it was sent by mail only and never on the site, and arrives as a draft",
}


def convert_posts(
    publication: Publication, platform: Platform, options: ImportOptions, notes: Notes, notice: Notice
) -> list[ConvertedPost]:
    """Return the posts that come over, with their texts as Markdown."""
    taken = [*_taken(publication.posts, options, notes)]

    def convert(number: int, notes: Notes) -> tuple[ConvertedText, bytes]:
        post, body, _ = taken[number]
        text = convert_body(body, platform, PostNotes(notes, post.id, post.where))
        return replace(text, html=""), packed(text.html)

    converted = []
    for number, (text, html) in enumerate(map_noted(convert, len(taken), notes)):
        post, body, is_public = taken[number]
        done_with = replace(post, body=replace(body, text="", paid=""))  # it is not needed any more, and may be large
        converted.append(ConvertedPost(post=done_with, text=text, packed=html, is_public=is_public))
        notice("texts", number + 1, len(taken))
    return converted


def _taken(posts: Sequence[Post], options: ImportOptions, notes: Notes) -> Iterator[tuple[Post, Body, bool]]:
    """Yield the posts that come over, what may be taken of their texts, and whether they are public."""
    for post in posts:
        own = PostNotes(notes, post.id, post.where)
        body = _body(post, options, own)
        if body is not None:
            yield post, body, _is_public(post, options.now, own)


def convert_body(body: Body, platform: Platform, notes: PostNotes) -> ConvertedText:
    """Return a text in our Markdown, without the characters that no page may have."""
    text, count = CONTROL.subn("", body.text)
    if count:
        what = "a control character" if count == 1 else f"{count} control characters"
        notes.add(Outcome.CHANGED, "control-character", f"took out {what}, which cannot be seen")
        body = replace(body, text=text)
    if body.form is Form.HTML:
        return convert_html(body.text, platform.html_passes, notes)
    return convert_markdown(body.text, (*body.passes, *platform.markdown_passes), notes)


def _body(post: Post, options: ImportOptions, notes: PostNotes) -> Body | None:
    """Return what may be taken of a text; None if the post stays where it is."""
    is_paid = post.access is Access.PAID or bool(post.body.paid)
    if not is_paid:
        return post.body
    if options.paid is Paid.LEAVE:
        notes.add(Outcome.HELD, "paid", "it is for paying readers, and was not brought over")
        return None
    if options.paid is Paid.KEEP:
        notes.add(Outcome.HELD, "paid", "it is for paying readers, and arrives as a draft with its whole text")
        parts = (post.body.text.rstrip(), post.body.paid.lstrip())
        return replace(post.body, text="\n\n".join(filter(None, parts)), paid="")
    what = "its free part arrives as a draft" if post.body.text.strip() else "it has no free part: its draft is empty"
    hint = "`--paid keep` brings the whole text, `--paid leave` nothing."
    notes.add(Outcome.HELD, "paid", f"it is for paying readers, and {what}", hint=hint)
    return replace(post.body, paid="")


def _is_public(post: Post, now: datetime, notes: PostNotes) -> bool:
    """Return whether everything says that a post is public; else add a note, but for paid ones, which have theirs."""
    if post.access is Access.PAID or post.body.paid:
        return False
    if post.access is not Access.PUBLIC:
        notes.add(Outcome.HELD, post.access.name.lower().replace("_", "-"), _why_held(post))
        return False
    if _is_later(post, now):
        notes.add(Outcome.HELD, "scheduled", "its day has not come, and it arrives as a draft")
        return False
    if post.at is None and post.day is None and not post.is_page:
        hint = "Give it a number or a date, and status: ready."
        notes.add(Outcome.ASK, "no-day", "the export has no day for it, and it arrives as a draft", hint=hint)
        return False
    return True


def _why_held(post: Post) -> str:
    when = post.at or post.day
    return _WHY_HELD[post.access] + (f" (its day there: {when:%Y-%m-%d})" if when else "")


def _is_later(post: Post, now: datetime) -> bool:
    if post.at is not None:
        return post.at > (now if post.at.tzinfo else now.replace(tzinfo=None))
    return post.day is not None and post.day > now.date()
