"""The names of posts in the letter: slugs, file names, and the spelling of tags and authors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import unquote

from msgspec.structs import replace

from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.post import Post
from weekahead.model.issue import slug_of_name, slugify, spelling, without_marks
from weekahead.model.letter import fold_path

LONGEST_SLUG = 80
"""Characters, so that with a number before it and an ending after it no file system objects."""
_UNTITLED = "Untitled"


def title_of(post: Post, notes: Notes) -> str:
    """Return the title of a post; of one without, what its slug says, and a note."""
    if title := clean(post.title):
        return title
    words = clean(unquote(post.slug).replace("-", " ").replace("_", " "))
    title = words[:1].upper() + words[1:] or _UNTITLED
    what = f'its slug gives "{title}"' if words else f'it is called "{_UNTITLED}"'
    notes.add(Outcome.ASK, "no-title", f"it has no title; {what}", post=post.id, source=post.where, words="title:")
    return title


def slug_of(post: Post, title: str) -> str:
    """Return the slug of a post: the one it had if it can be one here, else made from it or its title."""
    slug = unicodedata.normalize("NFC", clean(unquote(post.slug)))
    is_slug = re.fullmatch(r"[^\W_]([\w-]*[^\W_])?", without_marks(slug)) and slug[0].isalnum()
    if not is_slug or len(slug) > LONGEST_SLUG or len(slug.encode()) > 180:
        slug = _cut(slugify(slug)) or _cut(slugify(title)) or "untitled"
    return slug


def _cut(slug: str) -> str:
    """Return a slug without what is too long for a file name, at a hyphen if there is one."""
    if len(slug) <= LONGEST_SLUG and len(slug.encode()) <= 180:
        return slug
    short = slug[:LONGEST_SLUG].encode()[:180].decode("utf-8", "ignore")
    return (short.rpartition("-")[0] or short).strip("-")


def bare_slug(slug: str, number: int | None) -> str:
    """Return a slug without the number that its file name has already: "week-12-cranes" stays, "12-cranes" does not."""
    match = re.fullmatch(r"0*([0-9]{1,5})-(.+)", slug)
    return match[2] if match and number is not None and int(match[1]) == number else slug


def stem_of(slug: str, number: int | None, day: date | None) -> str:
    """Return the name of an issue's file without `.md`."""
    return f"{number:04}-{slug}" if number is not None else f"{day}-{slug}" if day else slug


class Stems:
    """Names of files that are taken, as file systems see them."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._taken = {fold_path(name) for name in taken}

    def take(self, names: Iterable[str]) -> None:
        """Let names be nobody's."""
        self._taken |= {fold_path(name) for name in names}

    def free(self, stem: str) -> str:
        """Return a name, with a number behind it where it is taken, and take it."""
        name, count = stem, 1
        while fold_path(name) in self._taken:
            count += 1
            name = f"{stem}-{count}"
        self._taken.add(fold_path(name))
        return name


# -- languages, tags and authors


def language_tag(words: str) -> str:
    """Return the tag of a language (RFC 5646) that an export writes as "en", "pt-BR" or "pt_BR.UTF-8"; nothing for anything else."""
    tag = words.partition(".")[0].strip().replace("_", "-")
    return tag if re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag) else ""


def _with_language(post: Post, notes: Notes) -> Post:
    tag = language_tag(post.language)
    if post.language and not tag:
        message = f'its language "{post.language}" is not a language tag such as en or pt-BR, and was left out'
        notes.add(Outcome.ASK, "language", message, post=post.id, source=post.where)
    return replace(post, language=tag)


def with_sound_names(
    posts: Sequence[Post], spelt: Mapping[str, str], authors: Mapping[str, str], notes: Notes
) -> list[Post]:
    """Return posts whose tags and authors have one spelling each, and whose language is a tag; `spelt` and `authors` are those of the letter, by their pages."""
    tags, names = _Spellings("tag", spelt, notes), _Spellings("author", authors, notes)
    posts = [_with_language(post, notes) for post in posts]
    return [replace(post, tags=tags.sound(post, post.tags), authors=names.sound(post, post.authors)) for post in posts]


class _Spellings:
    """The first spelling of each name, and a note for each that differs."""

    def __init__(self, kind: str, known: Mapping[str, str], notes: Notes) -> None:
        self._kind, self._first, self._notes = kind, dict(known), notes
        self._said = set[str]()

    def sound(self, post: Post, names: Sequence[str]) -> tuple[str, ...]:
        """Return names that can have pages of their own, each once."""
        return tuple(dict.fromkeys(name for each in names if (name := self._sound(post, clean(each)))))

    def _sound(self, post: Post, name: str) -> str:
        page = fold_path(slug_of_name(name))
        if not page or len(page.encode()) > 200:
            if name:
                self._say(
                    post,
                    Outcome.DROPPED,
                    name,
                    f'the {self._kind} "{name}" was left out, for no address can be made from it',
                )
            return ""
        first = self._first.setdefault(page, name)
        if first != name:
            alike: Callable[[str], str] = lambda words: re.sub(r"[\s_-]+", " ", spelling(words))  # noqa: E731
            message = f'the {self._kind} "{name}" is written "{first}" now, with which it would share a page'
            self._say(post, Outcome.CHANGED if alike(first) == alike(name) else Outcome.ASK, name, message)
        return first

    def _say(self, post: Post, outcome: Outcome, name: str, message: str) -> None:
        if name not in self._said:
            self._said.add(name)
            self._notes.add(outcome, f"{self._kind}-name", message, post=post.id, source=post.where)
