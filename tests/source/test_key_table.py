"""A table reads every key of a map, and finds every fault at once."""

from __future__ import annotations

from typing import ClassVar

import pytest

from weekahead.model.findings import Finding
from weekahead.source import value_types as types
from weekahead.source.key_table import Incomplete, MapOf, Table, build_sound, maps_of, optional, required
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map


class Point(Table[tuple[int, int]]):
    x = required(types.WHOLE, "How far right.")
    y = optional(types.WHOLE, "How far up.", 7)

    def build(self) -> tuple[int, int]:
        return self.x, self.y


class Drawing(Table["Drawing"]):
    renamed: ClassVar = {"heading": "title"}

    title = required(types.LINE, "Its [name](names.md), such as `x`.")
    origin = optional(MapOf(Point), "Where it begins.")
    points = optional(maps_of(Point), "Where it leads.", ())
    until = optional(types.DAY, "The day it ends.", name="from")


def read(text: str) -> tuple[YamlMap, list[Finding]]:
    findings: list[Finding] = []
    yaml = read_yaml_map(text, YamlSource("x.yaml", findings), "x.yaml")
    assert yaml
    return yaml, findings


def found(text: str) -> list[tuple[int, str, str, str]]:
    yaml, findings = read(text)
    assert build_sound(yaml, Drawing) is None
    return [(finding.where.line, finding.rule, finding.message, finding.hint) for finding in findings]


def test_keys_are_attributes_with_their_values_or_defaults() -> None:
    drawing = Drawing(read("title: A\norigin: {x: 1}\npoints: [{x: 2, y: 3}]\nfrom: 2022-01-01")[0])
    assert (drawing.title, drawing.origin, drawing.points, str(drawing.until)) == ("A", (1, 7), ((2, 3),), "2022-01-01")
    bare = Drawing(read("title: A\norigin:\npoints: ~")[0])
    assert (bare.origin, bare.points, bare.until) == (None, (), None)


def test_every_fault_is_found_at_once() -> None:
    assert found("tittle: A\norigin: {x: a, z: 1}\npoints: [{y: 1}]") == [
        (1, "unknown-key", 'unknown key "tittle"', 'Did you mean "title"?'),
        (2, "type", '"x" must be a whole number, but it is a', "Write it in digits, without quotes."),
        (2, "unknown-key", 'unknown key "z"', "Known here: x, y."),
        (3, "key-missing", '"x" is missing', "Add a line such as x: ..."),
        (1, "key-missing", '"title" is missing', "Add a line such as title: ..."),
    ]


@pytest.mark.parametrize("value", ["", "~", '""', '" "', "|\n  \n"])
def test_a_required_key_without_a_value_is_empty(value: str) -> None:
    assert found(f"title: {value}\n")[0][1:3] == ("key-missing", '"title" is empty')


def test_the_old_name_of_a_key_leads_to_the_new_one() -> None:
    assert found("heading: A\ntitle: B")[0] == (1, "unknown-key", 'unknown key "heading"', 'It is now called "title".')


def test_nothing_is_made_without_a_required_key() -> None:
    with pytest.raises(Incomplete):
        Point(read("y: 1")[0]).build()


def test_nothing_is_made_where_there_is_an_error() -> None:
    yaml, findings = read("x: 1\nz: 2")
    assert build_sound(yaml, lambda yaml: Point(yaml).build()) is None
    assert len(findings) == 1


def test_the_schema_has_what_the_table_says() -> None:
    schema = Drawing.schema()
    assert schema["required"] == ["title"]
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == ["title", "origin", "points", "from"]
    assert schema["properties"]["title"]["description"] == "Its name, such as x."
    assert schema["properties"]["origin"]["properties"]["x"]["type"] == "integer"


def test_a_title_that_a_comma_cuts_is_given_in_quotes() -> None:
    cut = found("{title: Keyboards, chairs and kettles, from: 1}")
    assert cut[0][3] == 'If it belongs to title, use quotes: title: "Keyboards, chairs and kettles"'
