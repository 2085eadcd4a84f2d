"""Give each post its place in the letter, and the letter the schedule that it kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.arrangement.aliases import OWN_PATHS, Aliases
from weekahead.importers.arrangement.days import Clock, clock_of
from weekahead.importers.arrangement.names import Stems, bare_slug, slug_of, stem_of, title_of, with_sound_names
from weekahead.importers.arrangement.numbers import Numbering, counted_numbers, stated_numbers
from weekahead.importers.arrangement.plan import known_rhythm, schedule_of
from weekahead.importers.arrangement.plan_text import ScheduleFacts
from weekahead.importers.arrangement.series import find_series
from weekahead.importers.arrangement.specials import regular_places
from weekahead.importers.arrangement.whats_next import announced
from weekahead.importers.before import LetterBefore
from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.placed import ConvertedPost, PlacedPost
from weekahead.importers.post import Post, Publication
from weekahead.model.issue import SeriesPart, StampedPromise, slug_from_stem, slug_of_name, slugify
from weekahead.model.letter import fold_path


class Arrangement(Struct, frozen=True, kw_only=True):
    """The posts with their places, and the schedule that they kept."""

    posts: tuple[PlacedPost, ...]
    schedule: ScheduleFacts


def arrange(
    publication: Publication,
    posts: Sequence[ConvertedPost],
    before: LetterBefore,
    timezone: str,
    now: datetime,
    notes: Notes,
) -> Arrangement:
    """Return the places of posts in a letter, and what was worked out as notes."""
    clock = clock_of(publication, (each.post for each in posts), timezone, notes)
    posts = _with_own_guids(_with_sound_names(posts, before, notes), notes)
    issues = sorted((post for post in posts if not post.post.is_page), key=lambda each: clock.order(each.post))
    numbering = stated_numbers(issues, before, notes) or _counted(issues, before, clock, notes)
    _name_specials(issues, numbering, clock, notes)
    series, namer = find_series(issues, notes), _Namer(publication, before, numbering, clock, notes)
    placed = [namer.issue(issue, series.get(issue.post.id)) for issue in issues]
    placed += [namer.page(post) for post in posts if post.post.is_page]
    placed = namer.with_aliases(placed)
    kept = _kept(before, [each.post.id for each in placed])
    schedule = schedule_of([each for each in placed if not each.post.is_page], kept, clock, now, notes)
    return Arrangement(posts=tuple(placed), schedule=schedule)


def _kept(before: LetterBefore, posts: Sequence[str]) -> list[tuple[int, date]]:
    """Return the numbers that the letter has, with their days, but for those of posts that are imported again."""
    letter = before.letter
    again = {entry.file for post in posts if (entry := before.entry(post))}
    dated = ((issue, letter.known_day(issue)) for issue in letter.issues) if letter else ()
    return [
        (issue.number, day)
        for issue, day in dated
        if issue.number is not None and day and issue.source.file not in again
    ]


def _with_sound_names(posts: Sequence[ConvertedPost], before: LetterBefore, notes: Notes) -> list[ConvertedPost]:
    letter = before.letter
    tags = {fold_path(slug_of_name(tag)): tag for issue in (letter.issues if letter else ()) for tag in issue.tags}
    authors = {
        fold_path(slug_of_name(name)): name for issue in (letter.issues if letter else ()) for name in issue.authors
    }
    named = with_sound_names([post.post for post in posts], tags, authors, notes)
    return [replace(post, post=sound) for post, sound in zip(posts, named, strict=True)]


def _with_own_guids(posts: Sequence[ConvertedPost], notes: Notes) -> list[ConvertedPost]:
    """Return posts of which no two have one feed id: the first keeps it."""
    first: dict[str, Post] = {}
    found = []
    for each in posts:
        post = each.post
        owner = first.setdefault(clean(post.guid), post) if post.guid else post
        if owner is not post:
            message = f'its feed id {post.guid} is that of "{owner.title}" as well, and was left out'
            notes.add(Outcome.ASK, "guid-taken", message, post=post.id, source=post.where)
            each = replace(each, post=replace(post, guid=""))
        found.append(each)
    return found


def _counted(issues: Sequence[ConvertedPost], before: LetterBefore, clock: Clock, notes: Notes) -> Numbering:
    """Return numbers in the order of days, for the public issues that are in the row."""
    public = [(issue.post, day) for issue in issues if issue.is_public and (day := clock.day(issue.post))]
    if not public:
        return Numbering(numbers={}, is_counted=True)
    days = [day for _, day in public]
    regular = [public[place][0] for place in regular_places(days, known_rhythm(days, clock))]
    return counted_numbers(regular, before, clock, notes)


def _name_specials(issues: Sequence[ConvertedPost], numbering: Numbering, clock: Clock, notes: Notes) -> None:
    """Add a note for each public issue that has no number."""
    for issue in issues:
        post = issue.post
        if issue.is_public and post.id not in numbering.numbers and (day := clock.day(post)):
            why = (
                f"it came out on {day:%A} {day}, out of step with the others"
                if numbering.is_counted
                else "unlike others it has no number"
            )
            message = f"{why}, so it is a special edition: it has a date and no number"
            notes.add(Outcome.INFERRED, "special-edition", message, post=post.id, source=post.where, words="date:")


class _Namer:
    """Gives posts their names in the letter."""

    def __init__(
        self, publication: Publication, before: LetterBefore, numbering: Numbering, clock: Clock, notes: Notes
    ) -> None:
        self._publication, self._before, self._numbering, self._clock, self._notes = (
            publication,
            before,
            numbering,
            clock,
            notes,
        )
        self._stems = {
            top: Stems([text.source.stem for text in before.others if text.source.file.startswith(top)])
            for top in ("issues", "pages")
        }
        self._stems["pages"].take(OWN_PATHS)
        self.aliases = Aliases([alias for text in before.others for alias in text.aliases], notes)

    def issue(self, issue: ConvertedPost, series: SeriesPart | None) -> PlacedPost:
        """Return an issue with its number, day and names."""
        post, numbers = issue.post, self._numbering
        number, day = numbers.numbers.get(post.id), self._clock.day(post)
        title = numbers.titles.get(post.id) or title_of(post, self._notes)
        slug = bare_slug(slug_of(post, title), number)
        wanted = stem_of(slug, number, day)
        stem = self._known_stem(post) or self._stems["issues"].free(wanted)
        if number is None and re.fullmatch(rf"{re.escape(wanted)}-[0-9]+", stem):
            slug = slug_from_stem(stem)  # two of one day may not share an address
        promises = tuple(StampedPromise(number=each, title=words) for each, words in _next(issue, number))
        return PlacedPost(
            post=post, text=issue.text, packed=issue.packed, is_public=issue.is_public, title=title, slug=slug, stem=stem, number=number, day=day,
            series=series, next=promises,
        )  # fmt: skip

    def page(self, page: ConvertedPost) -> PlacedPost:
        """Return a page with its name, from which its address is made."""
        post = page.post
        title = title_of(post, self._notes)
        slug = slugify(slug_of(post, title))
        stem = self._known_stem(post) or self._stems["pages"].free(slug)
        return PlacedPost(
            post=post, text=page.text, packed=page.packed, is_public=page.is_public, title=title, slug=slug, stem=stem
        )

    def with_aliases(self, placed: Sequence[PlacedPost]) -> list[PlacedPost]:
        """Return posts with their old paths, none of which is the path of a page."""
        own = [self._path(each) for each in placed]
        self.aliases.reserve([*filter(None, own)])
        url = self._publication.url
        return [
            replace(each, aliases=self.aliases.of(each.post, url, path)) for each, path in zip(placed, own, strict=True)
        ]

    def _path(self, placed: PlacedPost) -> str:
        """Return the path of a post's page in the new site; nothing where it has none."""
        if placed.post.is_page:
            return placed.stem
        number = placed.day if placed.number is None else placed.number
        known = self._before.letter.config.permalink_format if self._before.letter else "issues/{number}-{slug}/"
        day = placed.day or date.min
        return "" if number is None else known.format(number=number, slug=placed.slug, day=day).strip("/")

    def _known_stem(self, post: Post) -> str:
        """Return the name that an earlier import gave to the file of a post."""
        entry = self._before.entry(post.id)
        return entry.file.removesuffix(".md").removesuffix("/index").rpartition("/")[2] if entry else ""


def _next(issue: ConvertedPost, number: int | None) -> list[tuple[int, str]]:
    """Return what an issue with a number announced of later ones."""
    return [(each, title) for each, title in announced(issue.text.markdown) if number is not None and each > number]
