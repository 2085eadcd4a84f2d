"""The documentation is whole: every command, option and key is in the reference, and every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.conftest import Folder
from tools.make_reference import reference

from weekahead.commands.main import weekahead

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.glob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"])
REFERENCE = (DOCS / "reference.md").read_text("utf-8")
COMMANDS = REFERENCE.partition("## Commands\n")[2].partition("\n## ")[0]


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield before + name, command
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


@pytest.mark.parametrize("name", [name for name, _ in commands(weekahead)])
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    command = dict(commands(weekahead))[name]
    rows = [row for row in COMMANDS.split("\n") if re.match(rf"\| `{name}[ `]", row)]
    assert rows or name == "theme", f"docs/reference.md has no row for `{name}`"
    told = " ".join(rows)
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in ("root", "help"):
            assert option.opts[0] in told, f"`{name}` has {option.opts[0]}, and the reference does not say so"


def test_the_reference_names_no_option_that_is_gone() -> None:
    known = {word for _, command in commands(weekahead) for option in command.params for word in option.opts}
    assert {*re.findall(r"(?<![\w-])--[a-z][a-z-]+", COMMANDS)} <= known | {"--help", "--version"}


def test_the_tables_of_keys_are_those_of_the_readers() -> None:
    assert reference(REFERENCE) == REFERENCE, "run .venv/bin/python tools/make_reference.py"
    assert REFERENCE.count("| `allow` |") == 3


def anchors(text: str) -> set[str]:
    """The fragments of a page's headings, as GitHub makes them."""
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    heads = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"(?ms)^ *```.*?^ *```$|^    .*?$|`[^`]*`", "", page.read_text("utf-8"))
    for address in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"https?:", address):
            continue
        name, _, fragment = address.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), address
        assert not fragment or fragment in anchors(target.read_text("utf-8")), address


def test_every_test_file_that_is_named_anywhere_is_there() -> None:
    named = re.compile(r"\btests/[a-z_/]+\.py\b")
    sources = [
        path for folder in ("src", "tests", "tools", "benchmarks") for path in (REPOSITORY / folder).rglob("*.py")
    ]
    files = [REPOSITORY / "Makefile", *PAGES, *sources]
    found = {(file.name, path) for file in files for path in named.findall(file.read_text("utf-8"))}
    assert found, "no file names a test"
    assert not sorted(one for one in found if not (REPOSITORY / one[1]).exists())


def test_the_index_has_every_page() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    assert not [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"({page.name})" not in index]


def test_the_architecture_lists_every_package_in_import_order() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    page = (DOCS / "architecture.md").read_text("utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", page) == contracts[0]["layers"]


def test_the_example_patch_for_contributors_applies() -> None:
    (patch,) = re.findall(r"(?ms)^```diff\n(.*?)^```$", (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8"))
    subprocess.run(["git", "apply", "--check"], cwd=REPOSITORY, input=patch, text=True, check=True)


def test_a_first_letter_of_ones_own_builds_and_keeps_its_promise(folder: Folder) -> None:
    """The schedule of docs/how-to.md with no issue yet."""
    for path in (folder.root / "issues").iterdir():
        path.unlink()
    text = re.findall(r"(?ms)^   ```yaml\n(.*?)^   ```$", (DOCS / "how-to.md").read_text("utf-8"))[0]
    folder.write("schedule.yaml", re.sub(r"(?m)^   ", "", text))
    checked = folder.check("2026-12-30T12:00:00+00:00")
    assert checked.findings == ()
    assert checked.promise
    assert checked.promise.kept
    folder.build("2026-12-30T12:00:00+00:00")
    assert "Why I write" in folder.read("next/index.html")
