"""Letters that are wrong in any number of ways: every command says so, or does what it can; none ends in a traceback."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Folder, Said
from tests.random_letter import CHOICES, write_letter

from weekahead.commands.main import COMMANDS

LETTERS = int(os.environ.get("WRONG", "80"))
BUG = 70
"""The exit status of a traceback."""

VALUES = [
    "null", "''", "' '", "0", "-1", "1", "2", "3", "7", "1000000", "999999999999999999999", "1.5", ".nan", "true", "[]", "{}", "[null]", "[[]]", "..", "../x", "/", "//", "x", "*", "*a", "é", "שלום",
    "2022-01-14", "2022-01-21", "0001-01-01", "9999-12-31", "2022-02-30", "2022-01-07T09:00:00Z", "12:30", "ready", "draft", "review",
    "https://x.example", "http://[::1", "javascript:x", "en-XX", "de", "ar", "[off-cadence]", "[nope]", "[active-content]",
    "[x, x]", "{a: b}", '"a\\nb"', "&a 1", "!x y", "{name: S, part: 1}", "{name: S, part: 2, of: 1}", "{name: '', part: 0}", "{name: T}",
    "[{number: 7, title: x}, {number: 7, title: y}]", "[{number: -1, title: x}]", "[{date: 9999-12-31, what: B}, {date: 0001-01-01, what: C}]",
    "{file: nope.png, alt: x}", "{file: dot.png}", "{url: 'https://x.example/a.mp3'}", "{url: 'https://x.example/a.mp3', bytes: 9, duration: 99:99:99}",
    "{file: a.wav, chapters: [{at: '9:00', title: A}, {at: '0:00', title: B}]}", "{every: friday}", "{every: 53 weeks on friday, at: '25:00', timezone: UTC}",
    "{every: 99 weeks on monday, at: '02:30', timezone: Europe/London}", "{every: last day of the month, at: '00:00', timezone: Pacific/Apia}",
    "{number: 1, date: 2022-01-08}", "{number: 999999, date: 2022-01-07}", "{number: 0, date: 0001-01-05}", "{number: 1, date: 9999-12-31}",
    "[{from: 2022-01-01, until: 9999-12-31}]", "[{from: 2022-03-01, until: 2022-02-01}]", "{2: 2022-01-15, 3: 2022-01-15}", "{items: 0}",
    "[{all: true}]", "[{series: S, name: s}, {series: S, name: s}]", "[{year: 2022, name: y}]", "{from: x}", "[{title: A, address: /}]",
]  # fmt: skip
KEYS = [
    "number", "title", "status", "date", "slug", "series", "tags", "authors", "summary", "research_note", "cover", "audio", "next",
    "corrected", "guid", "aliases", "files", "allow", "recorded", "maths", "language", "url", "id", "author", "permalink", "whats_next",
    "feed", "podcast", "theme", "books", "mail", "deploy", "menu", "every", "at", "timezone", "horizon", "skip", "slips", "anchor",
    "upcoming", "backlog", "buffer", "state",
]  # fmt: skip
BODIES = ["{latest} [^1] [@k] [9](t.csv#a/b)", "/// references\n///", "/// note\nx", "<div>", "$$x$$", "\0", "---"]
TRIED = [
    *(["check", *more] for more in ([], ["--fix"], ["--format", "json"], ["--numbers", "t.csv"])),
    *(["build", *more] for more in ([], ["--drafts"], ["--explain"], ["--dry-run"])),
    *(["plan", *more] for more in ([], ["--ics"], ["--simulate", "3"], ["move", "N", "12"], ["swap", "N", "8"], ["skip", "2022-02-25"])),
    *(["plan", *more] for more in (["fill"], ["drop", "N"], ["state", "N", "review"], ["add", "A"], ["idea", "B"], ["rename", "N", "C"])),
    *(["export", *more] for more in (["folder", "X"], ["ghost", "X.zip"], ["html", "X"])),
    *([name, "N"] for name in ("ready", "unpublish", "email", "new")),
    ["book", "y"], ["send", "N", "--dry-run"], ["subscribers", "list"], ["theme", "list"], ["deploy", "--dry-run"],
]  # fmt: skip


def spoil(root: Path, chance: random.Random) -> None:
    """Change a line of some file of a letter so that it may be wrong, or copy the file."""
    path = chance.choice(sorted(path for path in root.rglob("*") if path.suffix in (".md", ".yaml")))
    lines = path.read_text("utf-8").split("\n")
    keyed = [place for place, line in enumerate(lines) if re.match(r"\s*[a-z_]+: ", line)]
    place = chance.choice(keyed) if keyed else 0
    match chance.randrange(6):
        case 0 | 1:
            lines[place] = f"{lines[place].split(':')[0]}: {chance.choice(VALUES)}"
        case 2:
            lines.insert(1 if path.suffix == ".md" else place, f"{chance.choice(KEYS)}: {chance.choice(VALUES)}")
        case 3:
            lines[place] = ""
        case 4:
            lines.append(chance.choice(BODIES))
        case 5:
            shutil.copy(path, path.with_name(f"z{chance.randrange(9)}-{path.name}"))
    path.write_text("\n".join(lines), "utf-8")


def names(root: Path) -> list[str]:
    """What an author may call the issues of a letter: by their numbers, also odd ones, or by their files."""
    texts = sorted((root / "issues").rglob("*.md"))
    numbers = [found[1] for path in texts if (found := re.search(r"(?m)^number: (-?\d+)$", path.read_text("utf-8")))]
    return [*numbers, *(path.stem for path in texts), "7", "8", "0", "-1"]


def test_no_wrong_letter_is_a_traceback(tmp_path: Path, run: Callable[..., Said]) -> None:
    assert {command[0] for command in TRIED} <= {*COMMANDS}
    chance = random.Random(19)
    for number in range(LETTERS):
        folder = Folder(tmp_path / f"{number}")
        wanted = chance.sample(sorted(CHOICES), chance.randint(5, 40))
        write_letter(folder, {name: chance.choice(CHOICES[name]) for name in wanted})
        folder.write("t.csv", "n,b\na,9\n")
        for _ in range(chance.randint(1, 5)):
            spoil(folder.root, chance)
        for command in chance.sample(TRIED, 3):
            known = names(folder.root)
            words = [chance.choice(known) if word == "N" else word for word in command]
            words = [str(tmp_path / f"{number}-{word}") if word.startswith("X") else word for word in words]
            said = run("--root", folder.root, *words)
            assert said.status != BUG, f"letter {number}, weekahead {' '.join(words)}\n{said.err}"
            assert "Traceback" not in said.err, f"letter {number}, weekahead {' '.join(words)}\n{said.err}"
        shutil.rmtree(folder.root)
