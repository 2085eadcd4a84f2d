"""A letter to build: made here to any length, the same bytes on every machine.

An issue is about 9 KB of Markdown: prose, link lists, nested lists, tables, code, footnotes, quotations. Its words depend
on its age alone, counted from the newest one, so that all letters end alike: what is edited and added in a long letter is
what is edited and added in a short one. The newest issue always comes out on the same Friday.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

ADDRESS = "https://letter.example"
NEWEST = date(2110, 1, 3)
"""The Friday on which the newest made issue comes out: so late that 10,000 weeks begin after 1900."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue, before any builder's manner of writing it down."""

    number: int
    title: str
    slug: str
    date: date
    body: str
    tags: tuple[str, ...] = ()
    series: tuple[str, int, int] | None = None
    """Name, part and number of parts."""
    summary: str = ""

    @property
    def path(self) -> str:
        """Where every builder puts its page, below the site's root."""
        return f"issues/{self.number}-{self.slug}/"

    @property
    def file(self) -> str:
        return f"{self.number:05}-{self.slug}.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Issues 1 to `count`, and the one after, which a build may add."""

    name: str
    count: int
    issue: Callable[[int], Issue]

    def issues(self, count: int | None = None) -> Iterator[Issue]:
        return (self.issue(number) for number in range(1, (count or self.count) + 1))


def made_letter(count: int) -> Letter:
    """A made letter of so many issues."""
    return Letter(name=f"{count}", count=count, issue=cache(lambda number: made_issue(number, count)))


class Dice:
    """Choices from random() alone, the one sequence that Python promises never to change."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name).random

    def upto(self, most: int) -> int:
        """A number from 1 to `most`."""
        return 1 + int(self._random() * most)

    def one(self, things: tuple[str, ...]) -> str:
        return things[int(self._random() * len(things))]

    def chance(self, share: float) -> bool:
        return self._random() < share


# -- words: the life of a canal


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


THINGS = words(
    "lock gate towpath paddle winch culvert barge boat bridge cutting basin wharf sluice weir aqueduct tunnel hedge "
    "embankment reservoir pump ledger gauge lantern bollard mooring windlass kettle bicycle heron otter stove rope "
    "notebook timetable crane warehouse chimney orchard ferry milestone"
)
KINDS = words(
    "narrow wide borrowed crooked early frozen green heavy honest leaking muddy new old patient quiet restored rusty "
    "second slow small stubborn tidy unexpected upper lower"
)
DEEDS = words("holds leaks opens waits freezes floods creaks matters fails returns drifts settles turns drains closes")
PEOPLE = ("the keeper", "my neighbour", "a volunteer", "the inspector", "an old friend", "somebody on a green boat")
WHEN = ("On Monday", "Before breakfast", "In the rain", "Last winter", "By candlelight", "After the flood", "At noon")
TAGS = words("water tools weather people boats repairs walks birds maps food history winter books counting lights")
HEADINGS = (
    "From the towpath",
    "What broke",
    "What was mended",
    "Letters received",
    "The level this week",
    "A longer walk",
    "Tools and how to keep them",
    "Corrections",
    "On the shelf",
)
SENTENCES: tuple[Callable[[Dice], str], ...] = (
    lambda d: (
        f"{d.one(WHEN)} {d.one(PEOPLE)} found that the {thing(d)} {d.one(DEEDS)} when nobody watches the {thing(d)}."
    ),
    lambda d: f"There is {a(d)} behind the {thing(d)}, and {d.one(PEOPLE)} says it has always been there.",
    lambda d: f"I measured the {thing(d)} twice: {d.upto(90)} centimetres, then {d.upto(90)}, which is {inline(d)}.",
    lambda d: f"If the {thing(d)} {d.one(DEEDS)}, the {thing(d)} {d.one(DEEDS)} as well; that much is {inline(d)}.",
    lambda d: f"“Leave the {d.one(THINGS)} alone,” {d.one(PEOPLE)} told me, “and it won't trouble the {thing(d)}.”",
    lambda d: f"Nobody had asked for {a(d)} -- least of all {d.one(PEOPLE)} -- but {inline(d)} came of it...",
    lambda d: (
        f"It's {d.upto(40)} steps from the {thing(d)} to the {thing(d)}, or {d.upto(60)} if you're carrying {a(d)}."
    ),
    lambda d: f"You may remember {inline(d)} from an earlier week, when the {thing(d)} was still {a(d)}.",
    lambda d: f"What {d.one(PEOPLE)} calls {a(d)}, I would call {a(d)} with {inline(d)}.",
)
INLINES: tuple[Callable[[Dice], str], ...] = (
    lambda d: f"*{thing(d)}*",
    lambda d: f"**{thing(d)}**",
    lambda d: f"`{d.one(THINGS)}.{d.one(DEEDS)}()`",
    lambda d: f"[{a(d)}]({page(d)})",
    lambda d: (
        f'[the {thing(d)}]({page(d)}?year={d.upto(99)}&view=all "{a(d).capitalize()}, seen from the {d.one(THINGS)}")'
    ),
    lambda d: f"<{page(d)}>",
    lambda d: f"{a(d)} &amp; {a(d)}",
    lambda d: f"{a(d)}",
    lambda d: f"{a(d)}",
)


def thing(d: Dice) -> str:
    return f"{d.one(KINDS)} {d.one(THINGS)}"


def a(d: Dice) -> str:
    """A thing with its article."""
    found = thing(d)
    return f"an {found}" if found[0] in "aeiou" else f"a {found}"


def page(d: Dice) -> str:
    return f"https://canal.example/{d.one(THINGS)}/{d.one(KINDS)}-{d.upto(9999)}"


def inline(d: Dice) -> str:
    """A few words with markup in them."""
    return INLINES[d.upto(len(INLINES)) - 1](d)


def sentence(d: Dice) -> str:
    return SENTENCES[d.upto(len(SENTENCES)) - 1](d)


def paragraph(d: Dice) -> str:
    return " ".join(sentence(d) for _ in range(3 + d.upto(3)))


# -- blocks


def prose(d: Dice) -> str:
    return "\n\n".join(paragraph(d) for _ in range(d.upto(2)))


def links(d: Dice) -> str:
    return "\n".join(f"- [{a(d).capitalize()} for {a(d)}]({page(d)}): {sentence(d)}" for _ in range(2 + d.upto(4)))


def nested_list(d: Dice) -> str:
    return "\n".join(
        f"{place}. {sentence(d)}\n    - the {thing(d)}\n    - the {thing(d)}, with {inline(d)}"
        for place in range(1, 2 + d.upto(3))
    )


def table(d: Dice) -> str:
    rows = (f"| {thing(d)} | {d.upto(400)} | {inline(d)} |" for _ in range(3 + d.upto(6)))
    return "\n".join(("| what | cm | remark |", "|:-----|---:|--------|", *rows))


def code(d: Dice) -> str:
    first, second = d.one(THINGS), d.one(THINGS)
    return (
        f"```python\nfrom canal import {first}, {second}\n\n\n"
        f"def level(day: int) -> float:\n"
        f'    """How high the water stands, in metres."""\n'
        f"    if day % {d.upto(9)} == 0 and {first}.open:\n"
        f'        return {d.upto(9)}.5 * len({second}.boats)  # "<" & ">" are text here\n'
        f"    return {second}.level(day - 1)\n```"
    )


def quotation(d: Dice) -> str:
    return f"> {sentence(d)}\n>\n> {sentence(d)}\n>\n> -- *{d.one(PEOPLE)}*"


def footnotes(d: Dice) -> str:
    name = f"{d.one(THINGS)}-{d.upto(99999)}"
    return f"{sentence(d)}[^{name}] {sentence(d)}\n\n[^{name}]: {sentence(d)}"


def references(d: Dice) -> str:
    name = f"{d.one(THINGS)} {d.upto(99999)}"
    return f'{sentence(d)} More of it in [the {thing(d)}][{name}].\n\n[{name}]: {page(d)} "{thing(d)}"'


def raw_html(d: Dice) -> str:
    return f"<details>\n<summary>About the {thing(d)}</summary>\n<p>It {d.one(DEEDS)} &mdash; {d.upto(9)} times.</p>\n</details>"


BLOCKS = (
    prose,
    prose,
    prose,
    prose,
    links,
    links,
    nested_list,
    table,
    code,
    quotation,
    footnotes,
    references,
    raw_html,
)


# -- issues

PARTS, APART = 6, 20
"""A series has six issues, and of each twenty issues six make one."""
LONG = 25
"""Every so many issues one is a long one."""


@cache
def title_of(age: int) -> str:
    d = Dice(f"title {age}")
    first, second = thing(d), thing(d)
    return (f"The {first} and the {second}", f"On the {first}, again", f"What the {first} knows")[age % 3]


@cache
def slug_of(number: int, age: int) -> str:
    plain = "".join(letter for letter in title_of(age).lower() if letter.isalpha() or letter == " ")
    return f"{plain.replace(' ', '-')}-{number}"


def made_issue(number: int, count: int) -> Issue:
    """Issue `number` of a made letter of `count`."""
    age = count - number
    d = Dice(f"issue {age}")
    return Issue(
        number=number,
        title=title_of(age),
        slug=slug_of(number, age),
        date=NEWEST - timedelta(weeks=age),
        body=made_body(d, number, age),
        tags=tuple(sorted({d.one(TAGS) for _ in range(3)})),
        series=series_of(age),
        summary=f"{d.one(WHEN)}: {a(d)} and {a(d)}.",
    )


def series_of(age: int) -> tuple[str, int, int] | None:
    walk, left = divmod(age, APART)
    return (f"Walk {walk}", PARTS - left, PARTS) if left < PARTS else None


def made_body(d: Dice, number: int, age: int) -> str:
    parts = [paragraph(d), earlier(d, number, age)]
    for _ in range(20 if age % LONG == LONG // 2 else 2 + d.upto(4)):
        parts += [f"## {d.one(HEADINGS)}", *(BLOCKS[d.upto(len(BLOCKS)) - 1](d) for _ in range(1 + d.upto(2)))]
    parts += ["## Links", links(d), f"That was week {number}, written beside the {thing(d)} by {d.one(PEOPLE)}."]
    return "\n\n".join(part for part in parts if part) + "\n"


def earlier(d: Dice, number: int, age: int) -> str:
    """A link to an issue before this one."""
    back = min(d.upto(50), number - 1)
    if back < 1:
        return ""
    other = number - back
    return f"This goes on from [week {other}]({ADDRESS}/issues/{other}-{slug_of(other, age + back)}/)."
