"""Fields of a Ghost post that have no form here: each is named in the report with its words."""

from __future__ import annotations

from collections.abc import Mapping

from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.ghost_tables import GhostPost, Named, PostMeta, text
from weekahead.importers.platforms.markup import cut

_SEARCH_FIELDS = (
    "meta_title",
    "og_title",
    "og_description",
    "og_image",
    "twitter_title",
    "twitter_description",
    "twitter_image",
)


def note_fields(row: GhostPost, meta: PostMeta, newsletters: Mapping[str, Named], notes: PostNotes) -> None:
    """Name the fields that have no form here, with their words."""
    if subject := text(meta.email_subject):
        notes.add(Outcome.DROPPED, "mail-subject", f'its e-mail had a subject of its own: "{subject}"')
    for field in _SEARCH_FIELDS:
        if value := text(getattr(meta, field)):
            notes.add(Outcome.DROPPED, "search-fields", f'{field} has no form here; it was "{cut(value)}"')
    if text(row.custom_excerpt) and (description := text(meta.meta_description)):
        notes.add(Outcome.DROPPED, "search-fields", f'meta_description has no form here; it was "{cut(description)}"')
    if text(meta.frontmatter):
        notes.add(Outcome.DROPPED, "front-matter", f"left out its `frontmatter`: {cut(text(meta.frontmatter))}")
    if text(row.codeinjection_head) or text(row.codeinjection_foot):
        notes.add(Outcome.DROPPED, "code-injection", "left out the code that was injected into its page")
    if text(row.custom_template):
        notes.add(Outcome.DROPPED, "template", f"left out its template: {text(row.custom_template)}")
    newsletter = newsletters.get(text(row.newsletter_id))
    if newsletter is not None and len(newsletters) > 1:
        notes.add(Outcome.DROPPED, "newsletter", f'it went out with the newsletter "{text(newsletter.name)}"')
