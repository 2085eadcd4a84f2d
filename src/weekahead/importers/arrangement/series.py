"""The series that posts are parts of: as their titles and first lines say, as their fields say, or by a tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.placed import ConvertedPost
from weekahead.model.counts import counted
from weekahead.model.issue import SeriesPart, slug_of_name
from weekahead.model.letter import is_too_long

_IN_TITLE = re.compile(
    r"[(\[](?P<name>[^()\[\]]*?)\s*\b(?:edition|part|episode|chapter|ed\.|pt\.)\s+(?P<part>[0-9]{1,4})\s*(?:/|of)\s*(?P<of>[0-9]{1,4})[)\]]",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\bpart\s+(?P<part>[0-9]{1,4})(?:\s*(?:of|/)\s*(?P<of>[0-9]{1,4}))?,?\s+(?:in|of|from)\s+"
    r"(?:(?:the|our|my|a|this)\s+)?[“\"*_]*(?P<name>[^.,;:!?\n“”\"*_]{2,60}?)[”\"*_]*\s+series\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"series\s*[:/-]\s*(?P<name>\S.*)|(?P<name2>\S.*?)\s+series", re.IGNORECASE)
MOST_PARTS = 9999
FIRST = 400
"""Characters of a text that are searched for words about its series."""


class Said(Struct, frozen=True):
    """A part as a post says it; without a number where only the series is known."""

    post: str
    name: str
    part: int | None = None
    of: int | None = None
    title: str = ""
    """The words of its title before the series."""


def find_series(issues: Sequence[ConvertedPost], notes: Notes) -> dict[str, SeriesPart]:
    """Return the part of each post that is one, by its id. Issues are in the order of days."""
    where = {issue.post.id: issue.post.where for issue in issues}
    said = [found for issue in issues if (found := _said(issue))]
    names = _names(said)
    for found in [found for found in said if is_too_long(slug_of_name(names[found.post]))]:
        message = f'its series "{names[found.post]}" was left out: it is too long for a series'
        notes.add(Outcome.DROPPED, "series-name", message, post=found.post, source=where[found.post])
        said.remove(found)
    parts: dict[str, SeriesPart] = {}
    for name, group in _by_name(said, names).items():
        parts |= _numbered(name, group, notes)
    for name, count in Counter(part.name for part in parts.values()).items():
        notes.add(
            Outcome.INFERRED,
            "series",
            f'"{name}" is a series of {counted(count, "issue")} here: {_evidence(said, names, name)}',
        )
    taken: dict[tuple[str, int], str] = {}
    for post, part in [*parts.items()]:
        if taken.setdefault((part.name, part.part), post) != post:
            message = f'it is part {part.part} of "{part.name}", which another issue is as well; so it is left out of the series'
            notes.add(Outcome.ASK, "series-part-taken", message, post=post, source=where[post])
            del parts[post]
    return parts


def _said(issue: ConvertedPost) -> Said | None:
    post = issue.post
    words = next(filter(None, map(_IN_WORDS.search, (post.title, post.summary, issue.text.markdown[:FIRST]))), None)
    named = clean(words["name"]) if words else ""
    if match := _IN_TITLE.search(post.title):
        name, title = clean(match["name"]).removeprefix("the "), post.title[: match.start()].strip(" :–—-")
        is_longer = words and words["part"] == match["part"] and _ends_in(named, name)
        part, of = int(match["part"]), int(match["of"])
        return _sound(Said(post.id, named, part, of) if is_longer else Said(post.id, name, part, of, title))
    if words:
        return _sound(Said(post.id, named, int(words["part"]), int(words["of"]) if words["of"] else None))
    if post.series and slug_of_name(clean(post.series.name)):
        return _sound(Said(post.id, clean(post.series.name), post.series.part, post.series.of))
    tags = (_TAG.fullmatch(tag.strip()) for tag in post.tags)
    tag = next((match["name"] or match["name2"] for match in tags if match), "")
    return Said(post.id, clean(tag)) if slug_of_name(tag) else None


def _sound(said: Said) -> Said | None:
    """Return what is said if it can be true."""
    is_part = said.part is None or (said.part > 0 and (said.of is None or said.part <= said.of))
    return said if is_part and (slug_of_name(said.name) or slug_of_name(said.title)) else None


def _names(said: Sequence[Said]) -> dict[str, str]:
    """Return the name of the series of each post, where "syllabus" in a title is the "piers syllabus" of another post's words."""
    whole = {found.name for found in said if not found.title and found.name}
    names = {}
    for found in said:
        longer = (name for name in sorted(whole) if found.title and _ends_in(name, found.name))
        fallback = found.name if slug_of_name(found.name) else found.title
        names[found.post] = next((name for name in longer if _fits(name, found)), fallback)
    return _spelt_once(said, names)


def _ends_in(name: str, word: str) -> bool:
    return f" {name}".casefold().endswith(f" {word}".casefold()) or name.casefold() == word.casefold()


def _fits(name: str, found: Said) -> bool:
    """Return whether the longer name is that of the title as a whole, or of its series alone."""
    return name.casefold() in (found.name.casefold(), f"{found.title} {found.name}".casefold())


def _spelt_once(said: Iterable[Said], names: dict[str, str]) -> dict[str, str]:
    """Return names of which those that would share a page are spelt as the first of them."""
    first: dict[str, str] = {}
    return {found.post: first.setdefault(slug_of_name(names[found.post]), names[found.post]) for found in said}


def _by_name(said: Iterable[Said], names: dict[str, str]) -> dict[str, list[Said]]:
    groups: dict[str, list[Said]] = {}
    for found in said:
        groups.setdefault(names[found.post], []).append(found)
    return groups


def _numbered(name: str, group: Sequence[Said], notes: Notes) -> dict[str, SeriesPart]:
    """Return the parts of a series; those without a number are counted in the order of their days."""
    totals = Counter(found.of for found in group if found.of and found.of <= MOST_PARTS)
    of = totals.most_common(1)[0][0] if totals else None
    if all(found.part is None for found in group):
        notes.add(Outcome.INFERRED, "series", f'the parts of "{name}" are counted in the order of their days')
        return {found.post: SeriesPart(name=name, part=part) for part, found in enumerate(group, 1)}
    used = {found.part for found in group}
    free: Iterator[int] = (number for number in range(1, MOST_PARTS + 1) if number not in used)
    next_free: Callable[[Said], int] = lambda found: found.part or next(free)  # noqa: E731
    return {
        found.post: SeriesPart(name=name, part=part, of=of if of is None or part <= of else None)
        for found in group
        if (part := next_free(found)) <= MOST_PARTS
    }


def _evidence(said: Iterable[Said], names: dict[str, str], name: str) -> str:
    found = next(each for each in said if names[each.post] == name)
    if found.part is None:
        return "a field or a tag names it"
    return f"a title, a first line or a field says part {found.part}" + (f" of {found.of}" if found.of else "")
