"""YAML's traps are closed, and every refusal points at its line."""

from __future__ import annotations

import pytest

from weekahead.model.findings import Finding
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map


def read(text: str) -> tuple[YamlMap | None, list[Finding]]:
    findings: list[Finding] = []
    return read_yaml_map(text, YamlSource("letter.yaml", findings), "letter.yaml"), findings


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\na: 2", "key-twice", 2),
        ("a: 1\nb: [1, 2", "yaml", 2),
        ("a: *x", "yaml", 1),
        ("a: &x 1\nb: *x", "yaml-alias", 1),
        ("a: !!python/name:os.system", "yaml-tag", 1),
        ("a: x\n\tb: y", "yaml", 2),
        ("- a", "not-a-map", 1),
        ("just words", "not-a-map", 1),
        ("a: 1\n---\nb: 2", "yaml", 2),
        ("a: \x07", "control-character", 1),
        ("a: " + "[" * 50 + "]" * 50, "yaml-depth", 1),
        ("a: " + "[" * 100_000, "yaml", 1),
        ("a:\n  " + "- " * 100_000, "yaml", 1),
        ("? [a]\n: b", "key", 1),
    ],
)
def test_broken_yaml_is_a_finding_with_its_line(text: str, rule: str, line: int) -> None:
    yaml, findings = read(text)
    assert yaml is None
    assert (findings[0].rule, findings[0].where.line) == (rule, line)


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert read(bomb)[1][0].rule == "yaml-alias"


def test_a_line_is_what_an_editor_counts() -> None:
    yaml, _ = read('a: "x\u2028y"\nb: z')
    assert yaml
    assert (yaml.at("b").line, yaml.at("b").column) == (2, 4)


def test_a_message_shows_no_control_character() -> None:
    _, findings = read('"a\\x1b[31m"')
    assert findings[0].message == 'letter.yaml must be keys and values, but it is "a\ufffd[31m"'


@pytest.mark.parametrize("text", ["", "# only a comment\n", "{}"])
def test_an_empty_text_is_an_empty_map(text: str) -> None:
    yaml, findings = read(text)
    assert yaml
    assert (yaml.pairs, findings) == ([], [])
