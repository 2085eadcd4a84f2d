"""Every rule that a finding can name has a place in docs/rules.md, and nothing else has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from weekahead.lint.rules import RULES
from weekahead.source.config_file import waivable

REPOSITORY = Path(__file__).parents[2]
SOURCES = REPOSITORY / "src/weekahead"
FINDINGS = ("Finding", "build_error", "warning")
"""What makes a finding, also in importers/, where other calls name the kind of a note: a line of the report."""


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    """Every node of our code that has to do with rules, and its file."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Call):
                yield path, node


def places(of: Iterable[ast.AST]) -> dict[str, int]:
    """The functions and structs that are given the name of a rule, and which of their arguments it is."""
    found = {}
    for node in of:
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args if each.arg != "self"]
        elif isinstance(node, ast.ClassDef):
            fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
            names = [each.id for each in fields if isinstance(each, ast.Name)]
        else:
            continue
        if "rule" in names:
            found[node.name] = names.index("rule")
    return found


def named() -> set[str]:
    """The names of rules in the code: given as `rule=`, or in the place where a function has them."""
    found, ours = set(), [*nodes()]
    where = places(node for _, node in ours)
    for path, node in ours:
        if isinstance(node, ast.Call):
            if "importers" in path.parts and getattr(node.func, "id", "") not in FINDINGS:
                continue
            given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given += node.args[where[name] : where[name] + 1] if name in where else []
            found |= {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return {name for name in found if re.fullmatch(r"[a-z][a-z0-9-]+", name)}


def rules() -> set[str]:
    return named() | RULES.keys()


@cache
def sections() -> dict[str, str]:
    """What docs/rules.md says, by the name of each rule."""
    parts = re.split(r"(?m)^### `([a-z0-9-]+)`$", (REPOSITORY / "docs/rules.md").read_text())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rule_is_documented_and_nothing_else() -> None:
    assert sorted(sections()) == sorted(rules())


def test_each_section_begins_with_a_severity_and_explains_the_rule() -> None:
    for name, words in sections().items():
        assert re.match(r"\n\n\*(Error|Warning|Note)[^*]*\*\s", words), name
        assert len(words.split()) > 15, name


@pytest.mark.parametrize("name", RULES)
def test_documented_severities_are_those_of_the_code(name: str) -> None:
    assert sections()[name].strip().lower().startswith(f"*{RULES[name].severity}")


def test_the_page_says_which_rules_can_be_waived() -> None:
    told = {name for name, words in sections().items() if "can be waived" in words.split("*")[1]}
    assert told == {*waivable()}
