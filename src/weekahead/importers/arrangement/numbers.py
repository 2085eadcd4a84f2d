"""The numbers of issues: from their titles, else the platform's count, else the order of their days.

What does not fit together is asked, and never papered over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import count, groupby, pairwise

from msgspec import Struct

from weekahead.importers.arrangement.days import Clock
from weekahead.importers.arrangement.title_numbers import common_form, number_of, numbers_in
from weekahead.importers.before import LetterBefore
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.placed import ConvertedPost
from weekahead.importers.post import Post


class Numbering(Struct, frozen=True, kw_only=True):
    """The number of each post that has one, and the title of each whose number was taken off it, by their ids.

    `is_counted` tells that nothing in the export has numbers, so that posts were counted.
    """

    numbers: Mapping[str, int]
    titles: Mapping[str, str] = {}
    is_counted: bool = False


def stated_numbers(issues: Sequence[ConvertedPost], before: LetterBefore, notes: Notes) -> Numbering | None:
    """Return the numbers that titles or the platform state; None where they do not for most. Issues are in the order of days."""
    posts = [issue.post for issue in issues]
    public = [issue.post for issue in issues if issue.is_public]
    titled = [post.title for post in public or posts]
    if form := common_form(titled):
        found = {post.id: number for post in posts if (number := number_of(post.title, form))}
        stated = {id: number.number for id, number in found.items()}
        notes.add(Outcome.INFERRED, "number", f"numbers are those in the titles: {_examples(posts, stated)}")
        is_bare = len(found) == len(posts) and all(number.title for number in found.values())
        titles = {id: number.title for id, number in found.items()} if is_bare else {}
        if titles:
            message = "the number was taken off every title, since pages and feeds show it beside the title"
            notes.add(Outcome.CHANGED, "number", message)
        return Numbering(numbers=_unique(posts, stated, before, notes), titles=titles)
    stated = {post.id: post.number for post in posts if post.number is not None}
    if public and 2 * sum(post.id in stated for post in public) > len(public):
        notes.add(Outcome.INFERRED, "number", f"numbers are the platform's own: {_examples(posts, stated)}")
        return Numbering(numbers=_unique(posts, stated, before, notes))
    return None


def counted_numbers(regular: Sequence[Post], before: LetterBefore, clock: Clock, notes: Notes) -> Numbering:
    """Return numbers in the order of days, from 1 or from the first that the letter does not have."""
    known = {post.id: entry.number for post in regular if (entry := before.entry(post.id)) and entry.number is not None}
    used = {*before.taken_numbers, *known.values()}
    free = count(max(used, default=0) + 1)
    numbers = {post.id: known.get(post.id) or next(free) for post in regular if known.get(post.id) != 0}
    numbers |= {id: number for id, number in known.items() if number == 0}
    if numbers:
        ends = regular if len(regular) < 3 else (regular[0], regular[-1])
        message = (
            "most titles have no number, and neither has the export, so issues are counted in the order of their days: "
            + ", ".join(f'"{post.title}" of {clock.day(post)} is {numbers[post.id]}' for post in ends)
        )
        notes.add(Outcome.INFERRED, "number", message)
    for post in regular:
        said = [found.number for found in numbers_in(post.title)]
        if said and numbers[post.id] not in said:
            message = f"its title says {said[0]}, but it is number {numbers[post.id]} in the order of days, which counts here because most titles have no number"
            notes.add(Outcome.ASK, "number", message, post=post.id, source=post.where, words="number:")
    return Numbering(numbers=numbers, is_counted=True)


def _examples(posts: Sequence[Post], numbers: Mapping[str, int]) -> str:
    """Return the first and the last post with a number, in words."""
    named = [post for post in posts if post.id in numbers]
    ends = named if len(named) < 3 else [named[0], named[-1]]
    return ", ".join(f'{numbers[post.id]} is "{post.title}"' for post in ends)


def _unique(posts: Sequence[Post], stated: Mapping[str, int], before: LetterBefore, notes: Notes) -> dict[str, int]:
    """Return numbers, each once: of two posts with one number the first keeps it."""
    numbers: dict[str, int] = {}
    owner: dict[int, Post] = {}
    for post in posts:
        number = stated.get(post.id)
        if number is None:
            continue
        if number in before.taken_numbers:
            message = f"number {number} is that of {before.taken_numbers[number]}, so this one has none"
            notes.add(Outcome.ASK, "number-taken", message, post=post.id, source=post.where)
        elif number in owner:
            message = f'number {number} is that of "{owner[number].title}" as well, so this one has none'
            hint = "Give it its own number, if it has one."
            notes.add(Outcome.ASK, "number-taken", message, post=post.id, source=post.where, hint=hint)
        else:
            numbers[post.id], owner[number] = number, post
    _ask_for_gaps({*owner}, before.taken_numbers, notes)
    for (number, post), (later, other) in pairwise(owner.items()):
        if later < number:
            message = f'number {later} came out after number {number}, "{post.title}": is that so?'
            notes.add(Outcome.ASK, "number-order", message, post=other.id, source=other.where, words="number:")
    return numbers


def _ask_for_gaps(numbers: Collection[int], taken: Collection[int], notes: Notes) -> None:
    """Add a note for each row of numbers that are missing between the first and the last."""
    if not numbers:
        return
    missing = [number for number in range(min(numbers), max(numbers)) if number not in {*numbers, *taken}]
    for _, group in groupby(enumerate(missing), lambda item: item[1] - item[0]):
        row = [number for _, number in group]
        what = f"number {row[0]} is" if len(row) == 1 else f"numbers {row[0]} to {row[-1]} are"
        hint = (
            "If they came out, add them; if not, `check` names their slots as missed until later issues are renumbered."
        )
        notes.add(Outcome.ASK, "number-missing", f"{what} not in the export", hint=hint)
