"""The house is kept in order: rooms import upward, libraries stay in their room, the contract is documented."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from weekahead.runtime.toolchain import PROSE

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "src/weekahead"
MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))
HOMES = {
    "markdown": {
        "markdown/renderer",
        "markdown/extension",
        "markdown/fast/simple_inline",
        "markdown/fast/inline",
        "markdown/fast/passes",
    },
    "pymdownx": {"markdown/renderer", "markdown/fast/passes"},
    "selectolax": {"markdown/renderer", "site/html_text"},
    "jinja2": {"site/pages"},
    "feedgen": {"feeds/rss_atom"},
    "icalendar": {"feeds/calendars"},
    "frontmatter": {"source/front_matter"},
    "yaml": {"source/yaml_map"},
    "sqlite3": {"runtime/store"},
    "click": {"commands/main"},
    "watchfiles": {"serve/watcher"},
    "mutagen": {"source/audio_probe"},
}


def imports(module: str) -> set[str]:
    """Return the full names of what a module imports."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_what_makes_html_of_a_text_is_part_of_its_cache_key() -> None:
    modules, waiting = set(), ["markdown/renderer"]
    while waiting:
        module = waiting.pop()
        modules.add(module)
        ours = {
            name.removeprefix("weekahead.").replace(".", "/")
            for name in imports(module)
            if name.startswith("weekahead.")
        }
        waiting += ours - modules
    assert sorted(modules) == list(PROSE)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = {
        module
        for module in MODULES
        if any(name == library or name.startswith(library + ".") for name in imports(module))
    }
    assert users == HOMES[library]
