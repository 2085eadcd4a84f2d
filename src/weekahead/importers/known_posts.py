"""Posts that the letter has already, from another export or written here: a feed tops up an export."""

from __future__ import annotations

from msgspec.structs import replace

from weekahead.importers.arrangement.aliases import old_paths
from weekahead.importers.before import LetterBefore
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.post import Post, Publication


def without_known(publication: Publication, before: LetterBefore, notes: Notes) -> Publication:
    """Return a publication without the posts that the letter has, told by feed id and old path; each is a note."""
    posts = [post for post in publication.posts if not _is_known(post, publication.url, before, notes)]
    return replace(publication, posts=tuple(posts))


def _is_known(post: Post, url: str, before: LetterBefore, notes: Notes) -> bool:
    ids = (post.guid, *(path.strip("/") for path in old_paths(post, url)))
    file = next((before.known_ids[id] for id in ids if id and id in before.known_ids), "")
    if file and before.entry(post.id) is None:
        notes.add(
            Outcome.HELD,
            "known",
            f'"{post.title}" is in the letter already, as {file}',
            post=post.id,
            source=post.where,
        )
        return True
    return False
