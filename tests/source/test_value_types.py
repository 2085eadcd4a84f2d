"""The characters that the author typed decide what a value is."""

from __future__ import annotations

from datetime import date, time
from typing import TypeVar

import pytest

from weekahead.model.findings import Finding
from weekahead.source import value_types as types
from weekahead.source.config_file import SITE_URL
from weekahead.source.free_map import FreeMap
from weekahead.source.value_types import ValueType
from weekahead.source.yaml_map import YamlSource, read_yaml_map

T = TypeVar("T")


def read(kind: ValueType[T], words: str) -> tuple[T | None, list[Finding]]:
    """Return the value of a key in the second line of a file, and the findings."""
    findings: list[Finding] = []
    yaml = read_yaml_map(f"title: x\nkey: {words}", YamlSource("letter.yaml", findings), "letter.yaml")
    assert yaml
    return yaml.get("key", kind), findings


def sound(kind: ValueType[T], words: str) -> T | None:
    value, findings = read(kind, words)
    assert not findings
    return value


def test_seven_twenty_eight_is_a_duration() -> None:
    assert sound(types.DURATION, "7:28") == 448
    assert sound(types.DURATION, "1:02:03") == 3723


def test_a_leading_zero_is_not_octal() -> None:
    assert sound(types.WHOLE, "010") == 10


@pytest.mark.parametrize("word", ["no", "yes", "off", "1984", "2022-09-23", "7:28", "1e3", "True"])
def test_text_is_what_the_author_typed(word: str) -> None:
    assert sound(types.LINE, word) == word


@pytest.mark.parametrize("value", ['"87"', "yes", "8.5", "-1", "1e3", "0x10", "[87]", "1_000", "9999999999999999"])
def test_what_is_no_number_is_refused(value: str) -> None:
    number, findings = read(types.WHOLE, value)
    assert number is None
    assert [(finding.where.line, finding.where.column, finding.is_error) for finding in findings] == [(2, 6, True)]


@pytest.mark.parametrize("word", ["yes", "no", "on", "True", '"true"', "1", "[true]"])
def test_only_true_and_false_are_truths(word: str) -> None:
    assert [finding.rule for finding in read(types.BOOLEAN, word)[1]] == ["type"]


@pytest.mark.parametrize(
    "value", ["2022-13-01", "2022-02-29", "2022-9-3", "tomorrow", "2022-09-23T09:00", "20220923", "0000-01-01", "٢٠٢٢-01-01"]
)  # fmt: skip
def test_what_is_no_day_is_refused(value: str) -> None:
    day, findings = read(types.DAY, value)
    assert day is None
    assert len(findings) == 1


def test_days_and_times() -> None:
    assert sound(types.DAY, "2024-02-29") == date(2024, 2, 29)
    assert sound(types.CLOCK, "9:00") == time(9)
    assert sound(types.CLOCK, '"23:59"') == time(23, 59)


def test_an_escaped_control_character_is_refused() -> None:
    words, findings = read(types.LINE, '"a\\x02b"')
    assert words is None
    assert [(finding.rule, finding.hint) for finding in findings] == [("control-character", "Delete U+0002.")]


def test_a_word_that_is_nearly_known_is_named() -> None:
    (finding,) = read(types.choice(["draft", "review", "ready"]), "reddy")[1]
    assert finding.message == '"key" must be draft, review or ready, but it is reddy'
    assert finding.hint == 'Did you mean "ready"?'


def test_each_bad_item_of_a_list_is_a_finding() -> None:
    days, findings = read(types.ListOf(types.DAY), "[2022-01-01, x, 2022-02-30]")
    assert days == (date(2022, 1, 1),)
    assert [(finding.rule, finding.where.column) for finding in findings] == [("type", 19), ("no-such-day", 22)]


def test_keys_of_the_authors_own_have_plain_values() -> None:
    own = sound(FreeMap(), '{a: 1, b: [true, no, 010], c: {d: ~}, e: "1"}')
    assert own == {"a": 1, "b": [True, "no", "010"], "c": {"d": None}, "e": "1"}


@pytest.mark.parametrize(
    "address", ["letter.example", "ftp://letter.example", "https://", "https://a b.example", "https://a.example:x", "//a.example"]
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address: str) -> None:
    assert read(types.WEB_ADDRESS, f'"{address}"')[0] is None


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://letter.example", True),
        ("https://letter.example/@ida/her..letter", True),
        ("https://ida:hunter2@letter.example/", False),
        ("https://ida@letter.example/", False),
        ("https://letter.example/a/../b/", False),
        ("https://letter.example/?a=b", False),
    ],
)
def test_the_letters_address_is_plain(address: str, is_one: bool) -> None:
    assert read(SITE_URL, address)[0] == (address.rstrip("/") + "/" if is_one else None)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://lists.example/letter", True),
        ("mailto:nora+join@letter.example", True),
        ("mailto:nora+join@letter.example?subject=Subscribe", True),
        ("mailto:nora", False),
        ("mailto:", False),
        ("mailto:nora@letter.example, win@letter.example", False),
        ("nora@letter.example", False),
        ("javascript:alert(1)", False),
    ],
)
def test_readers_subscribe_at_an_address_of_the_web_or_by_mail(address: str, is_one: bool) -> None:
    assert read(types.WEB_OR_MAIL_ADDRESS, f'"{address}"')[0] == (address if is_one else None)
