"""Random small letters. A letter is a set of choices, and an edit another choice for one thing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from tests.conftest import NOON, Folder, sound

TEMPLATES = Path(__file__).parents[1] / "templates"
DAYS = {
    1: "2022-01-07",
    2: "2022-01-14",
    3: "2022-01-21",
    4: "2022-01-28",
    5: "2022-02-04",
    6: "2022-02-11",
    0: "2022-02-05",
}
"""The day of each issue by its number; 0 is a special edition, which has none."""
NAMES = {n: f"issues/000{n}-i{n}.md" for n in DAYS} | {3: "issues/0003-i3/index.md"}
MOVED = {2: ["2022-01-15"], 4: ["2022-02-03"]}
NONE = ""

Choices = dict[str, Any]

LETTER = {
    "title": ["The Test Letter", "Another Letter"],
    "url": ["https://letter.example/", "https://other.example/base/"],
    "id": ["urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11", "urn:uuid:00000000-6f0d-4f5e-9a53-0c7c2f5d9e11"],
    "tagline": [NONE, "A letter for tests."],
    "language": ["en", "de"],
    "author": [NONE, "{name: Ann}", "{name: Test Author, email: author@letter.example}"],
    "subscribe_url": [NONE, "https://lists.example/"],
    "signoff": [NONE, "Enjoy the week.", "'[All of them](/archive/)'"],
    "copyright": [NONE, "Ann"],
    "permalink": [NONE, "/{year}/{slug}/"],
    "whats_next": [NONE, "2"],
    "feed": [NONE, "{items: 2}", "{items: 2, archive: false}", "{series: true, tags: true}", "{items: 1, hub: 'https://hub.example/'}"],
    "social_cards": ["false", "true"],
    "search": ["true", "false"],
    "podcast": [NONE, "{category: Technology}", "{items: 1}"],
    "share": [NONE, "[x]"],
    "theme": [NONE, "{paper: '#fffff0'}"],
}  # fmt: skip
SCHEDULE = {
    "at": ["09:00", "10:30"],
    "timezone": ["America/Denver", "Europe/London"],
    "horizon": ["5", "4"],
    "skip": [NONE, "[2022-02-18]", "[2022-01-14]"],
    "2": [NONE, "title: Letter 2, state: ready, date: {day}"],
    "7": [NONE, "title: Small models, state: drafting", "title: Small models, state: drafting, secret: true", "title: Large models, state: idea"],
    "8": [NONE, "title: Small models, state: planning", "title: What a benchmark hides, state: planning"],
    "9": [NONE, "title: Paying for data, state: planning"],
}  # fmt: skip
FILES: dict[str, list[Any]] = {
    "issues/dot.png": [b"dot", b"dots"],
    "issues/0003-i3/dot.png": [b"dot", b"dots"],
    "issues/a.wav": [9, 70],
    "issues/undated.md": [NONE, "---\ntitle: No week\ntags: [x]\n---\n\n[One](0001-i1.md).", "---\ntitle: Small models\nslug: i2\nseries: {name: U, part: 1}\n---\n\nWords."],
    "pages/about.md": [NONE, "# About\n\nWe.", "---\ntitle: About us\nsummary: We.\naliases: [/us]\n---\n\nWe.", "---\ntitle: About\nstatus: draft\n---\n\nX."],
    "pages/imprint.md": [NONE, "# Imprint\n\nSee [one](../issues/0001-i1.md)."],
    "templates/assets/own.css": [NONE, "a {}"],
    "templates/tag.html": [NONE, "<p>{{ tag.name }}</p>{% for card in issues %}{{ card.title }}{% endfor %}\n"],
    "templates/words/en.toml": [NONE, (TEMPLATES / "words/en.toml").read_text("utf-8").replace('"Archive"', '"All issues"')],
}  # fmt: skip
OPTIONS: dict[str, list[Any]] = {"as_of": [NOON, "2022-01-25", "2022-02-12"], "drafts": [False, True]}
"""The options of a build."""


def issue_choices(n: int) -> dict[str, list[Any]]:
    """What there is to choose of an issue; number 1 is always there, so that others can link to it."""
    up = "../" if n == 3 else ""
    audio = "{url: 'https://x.example/a.mp3', bytes: 9, duration: 1:00"
    return {
        "title": [f"Letter {n}", f"Another {n}", "Small models"],
        "status": ["ready"] if n == 1 else ["ready", "ready", "draft", "review", "gone"],
        "date": [DAYS[n], *MOVED.get(n, [])],
        "slug": [NONE, f"other-{n}"],
        "series": [NONE, f"{{name: S, part: {n + 1}}}", f"{{name: S, part: {n + 1}, of: 9}}", f"{{name: T, part: {n + 1}}}"],
        "tags": [NONE, "[x]", "[x, y]", "[X]"],
        "authors": [NONE, "[Ann]", "[Ann, Bob]"],
        "summary": [NONE, f"Short {n}."],
        "research_note": [NONE, "A note.", "'A [note](/archive/).'"],
        "cover": [NONE, "{file: dot.png, alt: Dot}"],
        "audio": [NONE, audio + "}", audio + ", chapters: [{at: '0:00', title: One}]}", f"{{file: {up}a.wav}}"][: 3 if n == 3 else 4],
        "next": [NONE, "[{number: 7, title: Small models}]", f"[{{number: {n + 1}, title: Letter {n + 1}}}, {{number: 8, title: Nothing}}]"],
        "corrected": [NONE] if n == 6 else [NONE, "[{date: 2022-02-08, what: A word.}]"],
        "guid": [NONE, f"id-{n}"],
        "discussion": [NONE, "https://x.example/"],
        "extra": [NONE, "{mood: grey}"],
        "language": [NONE, "he"],
        "aliases": [NONE, f"[/p/{n}]"],
        "body": ["Words.", "Other words.", "## One\n\nWords.", "![Dot](dot.png)", f"[One]({up}0001-i1.md), [all](/archive/).", "`[x]` [it](https://x.example/ )"],
        "name": [NAMES[n], f"issues/renamed-{n}.md"] if n in (0, 4) else [NAMES[n]],
    }  # fmt: skip


CHOICES: dict[str, list[Any]] = {
    **{f"letter.yaml {key}": found for key, found in LETTER.items()},
    **{f"schedule.yaml {key}": found for key, found in SCHEDULE.items()},
    **{f"issue {n} {key}": found for n in DAYS for key, found in issue_choices(n).items()},
    **FILES,
    **OPTIONS,
}
"""What there is to choose of a letter. Whatever is chosen, the letter has no error."""


DEFAULTS = {name: values[0] for name, values in CHOICES.items()}


@st.composite
def letters(draw: st.DrawFn) -> Choices:
    """A letter: what is chosen of it other than by default."""
    names = draw(st.lists(st.sampled_from(sorted(CHOICES)), min_size=10, max_size=60, unique=True))
    return {name: value for name in names if (value := draw(st.sampled_from(CHOICES[name]))) != DEFAULTS[name]}


@st.composite
def edits(draw: st.DrawFn, chosen: Choices) -> Choices:
    """One other choice for a letter."""
    name = draw(st.sampled_from(sorted(name for name, values in CHOICES.items() if len(values) > 1)))
    now = chosen.get(name, DEFAULTS[name])
    return {name: draw(st.sampled_from([value for value in CHOICES[name] if value != now]))}


def write_letter(folder: Folder, chosen: Choices, before: Choices | None = None) -> None:
    """Write the files of a letter; only those that differ from the ones of a letter that was written `before`."""
    old, new = {} if before is None else _files(DEFAULTS | before), _files(DEFAULTS | chosen)
    for name in old.keys() - new.keys():
        (folder.root / name).unlink()
    for name, data in new.items():
        if old.get(name) != data:
            folder.write(name, data)


def options(chosen: Choices) -> dict[str, Any]:
    """The options of a build that are chosen with a letter."""
    return {name: chosen.get(name, DEFAULTS[name]) for name in OPTIONS}


def _files(chosen: Choices) -> dict[str, str | bytes]:
    """The files of a letter by name."""
    files: dict[str, str | bytes] = {
        "letter.yaml": _lines({key: chosen[f"letter.yaml {key}"] for key in LETTER}),
        "schedule.yaml": _schedule({key: chosen[f"schedule.yaml {key}"] for key in SCHEDULE}, chosen["issue 2 date"]),
    }
    for n in DAYS:
        keys = {key: chosen[f"issue {n} {key}"] for key in issue_choices(n)}
        name, body = keys.pop("name"), keys.pop("body")
        if keys["status"] != "gone":
            number = f"number: {n}\n" if n else ""
            files[name] = f"---\n{number}{_lines(keys)}---\n\n{body}\n"
    files |= {name: chosen[name] for name in FILES if chosen[name]}
    return files | {"issues/a.wav": sound(chosen["issues/a.wav"])}


def _lines(keys: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in keys.items() if value)


def _schedule(keys: Mapping[str, str], day: str) -> str:
    """Return schedule.yaml; an entry for issue 2 has the day of the issue, as it must."""
    entries = "".join(f"  - {{number: {n}, {keys[n]}}}\n" for n in "2789" if keys[n]).replace("{day}", day)
    return (
        f'cadence: {{every: friday, at: "{keys["at"]}", timezone: {keys["timezone"]}}}\n'
        f"horizon: {keys['horizon']}\nanchor: {{number: 1, date: 2022-01-07}}\n"
        + (f"skip: {keys['skip']}\n" if keys["skip"] else "")
        + (f"upcoming:\n{entries}" if entries else "")
    )
