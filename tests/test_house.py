"""The house is kept in order: rooms import upward, libraries stay in their room, the contract is documented."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from weekahead.revision import PROSE

REPOSITORY = Path(__file__).parents[1]
ROOMS = [
    "__init__",
    "findings",
    "palette",
    "cards",
    "digests",
    "files",
    "fields",
    "issue",
    "sketch",
    "slips",
    "audio",
    "schedule",
    "planning",
    "letter",
    "crons",
    "letter_file",
    "schedule_file",
    "tables",
    "kinds",
    "issue_file",
    "budget",
    "lists",
    "nesting",
    "dialect",
    "plain",
    "marks",
    "swift",
    "prose",
    "output",
    "cache",
    "ledger",
    "names",
    "revision",
    "crew",
    "theme",
    "words",
    "texts",
    "preflight",
    "online",
    "schema",
    "public",
    "links",
    "routes",
    "markup",
    "pages",
    "search",
    "items",
    "podcast",
    "calendars",
    "feeds",
    "plan",
    "reading",
    "writing",
    "rest",
    "gitlog",
    "outlook",
    "press",
    "deploying",
    "drafting",
    "board",
    "actions",
    "preview",
    "watching",
    "deskpages",
    "serve",
    "cli",
]
HOMES = {
    "markdown": {"prose", "dialect", "plain", "marks", "swift"},
    "pymdownx": {"prose", "swift"},
    "selectolax": {"prose", "markup"},
    "jinja2": {"pages"},
    "feedgen": {"feeds"},
    "icalendar": {"calendars"},
    "frontmatter": {"issue_file"},
    "yaml": {"fields"},
    "sqlite3": {"cache"},
    "click": {"cli"},
    "watchfiles": {"watching"},
    "mutagen": {"audio"},
}


def imports(room: str) -> set[str]:
    tree = ast.parse((REPOSITORY / f"src/weekahead/{room}.py").read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"weekahead.{alias.name}" for alias in node.names} if node.module == "weekahead" else {node.module}
            )
    return found


def test_every_room_is_on_the_list() -> None:
    assert sorted(ROOMS) == sorted(path.stem for path in (REPOSITORY / "src/weekahead").glob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_above_it(room: str) -> None:
    ours = {name.removeprefix("weekahead.") for name in imports(room) if name.startswith("weekahead.")} - {
        "__version__"
    }
    assert ours <= set(ROOMS[: ROOMS.index(room)])


def test_what_makes_html_of_a_text_names_it_in_the_cache() -> None:
    rooms, waiting = set(), ["prose"]
    while waiting:
        room = waiting.pop()
        rooms.add(room)
        ours = {name.removeprefix("weekahead.") for name in imports(room) if name.startswith("weekahead.")}
        waiting += ours & set(ROOMS) - rooms
    assert sorted(rooms) == list(PROSE)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = {room for room in ROOMS if any(name == library or name.startswith(library + ".") for name in imports(room))}
    assert users == HOMES[library]


def test_the_architecture_has_a_line_for_every_room() -> None:
    text = (REPOSITORY / "docs/architecture.md").read_text()
    assert not [room for room in ROOMS if room != "__init__" and f"`{room}.py`" not in text]
