"""What a reader takes the schema takes, and what a schema can tell it refuses as the reader does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from tests.conftest import LETTER, SCHEDULE, Folder, Said

from weekahead.model.findings import Finding, Location, Severity
from weekahead.source.front_matter import parse_issue
from weekahead.source.json_schema import KINDS, schema
from weekahead.source.parsers import config_file, schedule_file

Run = Callable[..., Said]
REPOSITORY = Path(__file__).parents[2]
FILES = {"issue": "issues/0001-x.md", "letter": "letter.yaml", "schedule": "schedule.yaml"}
READERS: dict[str, Callable[[str, bytes, list[Finding]], object]] = {
    "issue": parse_issue,
    "letter": config_file,
    "schedule": schedule_file,
}
VALIDATORS = {kind: Draft7Validator(schema(kind), format_checker=FormatChecker(["date"])) for kind in KINDS}


class Yaml12(yaml.SafeLoader):
    """YAML as editors read it: the core schema of version 1.2, in which 7:28, no and 2022-09-23 are text."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"null|Null|NULL|~|", "nN~\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    letters = [*first.replace("\0", ""), *([""] if "\0" in first else [])]
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), letters)
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value.lstrip("+"), 0 if node.value[:2] in ("0x", "0o") else 10))  # fmt: skip
Yaml12.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def seen_by_an_editor(text: str) -> Any:
    return json.loads(json.dumps(yaml.load(text, Yaml12)))  # keys are text, as in JSON


def header(kind: str, text: str) -> str:
    """The YAML of a file."""
    return text.split("\n---\n")[0].removeprefix("---\n") if kind == "issue" else text


def read(kind: str, text: str) -> list[Finding]:
    """The errors that the reader finds in a file's YAML."""
    data = f"---\n{text}\n---\nx\n" if kind == "issue" else text
    findings: list[Finding] = []
    READERS[kind](FILES[kind], data.encode(), findings)
    return [finding for finding in findings if finding.is_error]


def accepts(kind: str, text: str) -> bool:
    return bool(VALIDATORS[kind].is_valid(seen_by_an_editor(text)))


def test_schemas_are_schemas() -> None:
    for kind in KINDS:
        Draft7Validator.check_schema(schema(kind))


def test_our_own_letter_is_taken() -> None:
    for path in sorted((REPOSITORY / "issues").glob("**/*.md")):
        assert accepts("issue", header("issue", path.read_text())), path
    assert accepts("letter", (REPOSITORY / "letter.yaml").read_text())
    assert accepts("schedule", (REPOSITORY / "schedule.yaml").read_text())


def test_every_key_says_what_it_means() -> None:
    for kind in KINDS:
        assert not [key for key, told in schema(kind)["properties"].items() if not told.get("description")], kind


# -- the law

WHOLE = {
    "issue": """\
number: 87
title: MLOps
date: 2022-09-23
status: ready
slug: mlops
series: {name: ML syllabus, part: 8, of: 8}
tags: [a, b]
summary: Words
authors: [Ida]
research_note: Words
audio: {url: "https://x.example/a.mp3", bytes: 5, duration: 7:28, type: audio/mpeg, chapters: [{at: "0:00", title: x}]}
cover: {file: a.png, alt: x}
aliases: [/p/x]
guid: x
corrected: [{date: 2022-09-24, what: x}]
discussion: https://x.example/
mail: {subject: x, send: true}
next: [{number: 88, title: x, date: 2022-09-30}]
extra: {a: 1}
""",
    "letter": LETTER
    + """\
language: en-GB
subscribe_form: {action: "https://x.example/", field: email, also: {a: b}}
share: [email, x]
theme: {accent: "#1d4a73", paper: "#fff", font: humanist}
feed: {items: 20, max_kb: 500, archive: true, hub: "https://x.example/", series: false, tags: false}
podcast: {cover: a.png, category: Education, explicit: false, locked: true, items: 300}
deploy: {branch: gh-pages, remote: origin}
mail: {from: Ida <ida@x.example>, reply_to: a@x.example, subject: "{title}", footer: x, via: smtp, subscribers: ../x.db,
  unsubscribe: "https://x.example/u/", per_minute: 60, late: 2 days, url: "https://x.example/", list: five}
social_cards: false
render_timeout: 2
whats_next: 8
permalink: /issues/{number}-{slug}/
allow: [active-content]
copyright: x
""",
    "schedule": SCHEDULE
    + """\
skip: [2022-02-25, {from: 2022-03-04, until: 2022-03-11}]
slips: {3: 2022-01-22}
buffer: 1
""",
}

SCALARS = ["", "~", "x", "7:28", "09:00", "25:00", "010", "87", '"87"', "-5", "8.5", "no", "true", '"true"', "null", "x y",
           "2022-09-23", '"2022-09-23"', "2022-02-30", "2022-9-3", "https://x.example/", "ftp://x", "a@b.example", "ready", "review",
           "#1d4a73", '"#1d4a73"', "[]", "[a]", "[1, ~]", "[2022-09-23]", "{}", "{a: b}", "[{a: b}]", "audio/mpeg", "1e-3", '" "', '""',
           "urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11", "9999999999", "friday", "Europe/London"]  # fmt: skip
TELLABLE = {"unknown-key", "type", "key-missing", "no-such-day"}
"""Rules that a schema knows."""


def keys_of(told: Any) -> set[str]:
    """Every key that a schema names, at any depth."""
    if isinstance(told, list):
        return {key for each in told for key in keys_of(each)}
    if not isinstance(told, dict):
        return set()
    return {*told.get("properties", {})} | {key for each in told.values() for key in keys_of(each)}


KEYS = {kind: sorted(keys_of(schema(kind)) | {"tittle", "12"}) for kind in KINDS}


def dumped(value: Any) -> str:
    """A tree whose leaves are YAML as it stands."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {dumped(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dumped, value)) + "]"
    return str(value)


def tree(kind: str) -> Any:
    """The whole example as a tree whose leaves are YAML as it stands."""

    def plain(node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return {key.value: plain(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [plain(each) for each in node.value]
        assert isinstance(node, yaml.ScalarNode)
        return json.dumps(node.value) if node.style or re.search(r"[{},\[\]]", node.value) else node.value

    root = yaml.compose(WHOLE[kind], Yaml12)
    assert root
    return plain(root)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree: a map or a list, and one of its keys."""
    found: list[tuple[Any, Any]] = []
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += [(value, key), *places(each)]
    return found


def maps(value: Any) -> list[dict[str, Any]]:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [found for each in below for found in maps(each)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_whole_example_has_every_key(kind: str) -> None:
    assert read(kind, WHOLE[kind]) == []
    assert accepts(kind, WHOLE[kind])


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_schema_and_reader_agree(kind: str, data: st.DataObject) -> None:
    found = tree(kind)
    for _ in range(data.draw(st.integers(1, 3))):
        where, key = data.draw(st.sampled_from(places(found)))
        match data.draw(st.sampled_from(["set", "set", "add", "drop"])):
            case "set":
                where[key] = data.draw(st.sampled_from(SCALARS))
            case "drop":
                del where[key]
            case "add":
                into = data.draw(st.sampled_from(maps(found)))
                into[data.draw(st.sampled_from(KEYS[kind]))] = data.draw(st.sampled_from(SCALARS))
        if not found:
            return
    text = "\n".join(f"{key}: {dumped(value)}" for key, value in found.items()) + "\n"
    errors = read(kind, text)
    if not errors:
        assert accepts(kind, text), text
    if told := [finding for finding in errors if finding.rule in TELLABLE]:
        assert not accepts(kind, text), (text, told)


# -- where an editor finds them


def test_the_command_prints_them(run: Run, folder: Folder) -> None:
    assert json.loads(run("schema", "letter").out) == schema("letter")
    assert run("schema").status == 2
    said = run("schema", "--write", "--root", folder.root)
    assert said.status == 0
    assert json.loads((folder.root / ".vscode/issue.schema.json").read_text()) == schema("issue")


def without_comments(text: str) -> Any:
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


def test_a_new_letter_brings_them_where_its_settings_say(run: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    assert run("init", letter).status == 0
    settings = without_comments((letter / ".vscode/settings.json").read_text())
    assert len(settings["yaml.schemas"]) == 2
    for name, file in settings["yaml.schemas"].items():
        told = json.loads((letter / name).read_text())
        assert Draft7Validator(told).is_valid(seen_by_an_editor((letter / file.lstrip("/")).read_text()))


def test_the_problem_matcher_reads_what_check_says(run: Run, tmp_path: Path) -> None:
    letter = Folder(tmp_path / "letter")
    run("init", letter.root)
    (path,) = (letter.root / "issues").glob("0001-*.md")
    path.write_text(
        path.read_text().replace("\ntitle:", "\ntittle: x\ntitle:", 1).replace("number: 1\n", "number: two\n")
    )
    tasks = without_comments((letter.root / ".vscode/tasks.json").read_text())["tasks"]
    (task,) = (task for task in tasks if task["problemMatcher"])
    pattern = task["problemMatcher"]["pattern"]
    said = run(*task["command"].split()[1:], "--root", letter.root)
    found = [re.match(pattern["regexp"], line) for line in said.err.splitlines()]
    told = [(m[pattern["file"]], m[pattern["line"]], m[pattern["severity"]], m[pattern["code"]]) for m in found if m]
    name = f"issues/{path.name}"
    errors = [each for each in told if each[2] == "error"]
    assert errors == [(name, "2", "error", "type"), (name, "3", "error", "unknown-key")]
    for severity in Severity:
        line = str(Finding(where=Location("a.md", 7), rule="a-rule", message="x [y]: z", severity=severity))
        assert re.match(pattern["regexp"], line), severity
