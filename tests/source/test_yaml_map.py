"""YAML's traps are closed, and every refusal points at its line."""

from __future__ import annotations

from datetime import date, time

import pytest

from weekahead.model.findings import Finding
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map


def fields(text: str) -> tuple[YamlMap | None, list[Finding]]:
    findings: list[Finding] = []
    return read_yaml_map(text, YamlSource("letter.yaml", findings), "letter.yaml"), findings


def sound(text: str) -> YamlMap:
    found, findings = fields(text)
    assert found is not None
    assert not findings
    return found


def test_seven_twenty_eight_is_a_playing_time() -> None:
    assert sound("duration: 7:28").duration("duration") == 448
    assert sound("duration: 1:02:03").duration("duration") == 3723


def test_a_leading_zero_is_not_octal() -> None:
    assert sound("number: 010").whole("number") == 10


@pytest.mark.parametrize("word", ["no", "yes", "off", "1984", "2022-09-23", "7:28", "1e3", "True"])
def test_text_is_what_the_author_typed(word: str) -> None:
    assert sound(f"title: {word}").line("title") == word


@pytest.mark.parametrize("value", ['"87"', "yes", "8.5", "-1", "1e3", "0x10", "[87]", "1_000", "9999999999999999"])
def test_what_is_no_number_is_refused(value: str) -> None:
    found, findings = fields(f"title: x\nnumber: {value}")
    assert found
    assert found.whole("number") is None
    assert [(f.where.line, f.where.column, f.is_error) for f in findings] == [(2, 9, True)]


@pytest.mark.parametrize(
    "value", ["2022-13-01", "2022-02-29", "2022-9-3", "tomorrow", "2022-09-23T09:00", "20220923", "0000-01-01"]
)
def test_what_is_no_day_is_refused(value: str) -> None:
    found, findings = fields(f"date: {value}")
    assert found
    assert found.day("date") is None
    assert len(findings) == 1


def test_days_and_times() -> None:
    assert sound("date: 2024-02-29").day("date") == date(2024, 2, 29)
    assert sound("at: 9:00").clock("at") == time(9)
    assert sound('at: "23:59"').clock("at") == time(23, 59)


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    found, findings = fields("tittle: x")
    assert found
    found.line("title")
    found.close()
    assert findings[0].rule == "unknown-key"
    assert findings[0].hint == 'Did you mean "title"?'


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
    found, findings = fields(text)
    assert found is None
    assert (findings[0].rule, findings[0].where.line) == (rule, line)


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert fields(bomb)[1][0].rule == "yaml-alias"


def test_an_escaped_control_character_in_a_title_is_refused() -> None:
    found, findings = fields('title: "a\\x02b"')
    assert found
    assert found.line("title") is None
    assert findings[0].rule == "control-character"


def test_extra_holds_the_authors_own_values() -> None:
    own = sound("extra: {a: 1, b: [true, no, 010], c: {d: ~}}").anything("extra")
    assert own == {"a": 1, "b": [True, "no", "010"], "c": {"d": None}}
