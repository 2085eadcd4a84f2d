"""Authors who come from Jekyll, Hugo, Zola or Pelican are told what their keys are called here."""

from __future__ import annotations

import pytest
from tests.conftest import LETTER, Folder


def hint(folder: Folder, line: str) -> str:
    folder.write("issues/0006-x.md", f"---\nnumber: 6\ntitle: X\n{line}\n---\n\nWords.\n")
    (found,) = [found for found in folder.check().findings if found.where.line == 4]
    assert (found.where.file, found.rule) == ("issues/0006-x.md", "unknown-key")
    return found.hint


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("categories: news", 'It is called "tags" here. Write tags: [news].'),
        ("categories: news, sea", 'It is called "tags" here. Write tags: [news, sea].'),
        ("categories: [news]", 'It is called "tags" here.'),
        ("Keywords:", 'It is called "tags" here. Write tags: [one, two].'),
        ("excerpt: Short.", 'It is called "summary" here.'),
        ("description: Short.", 'It is called "summary" here.'),
        ("author: Ida Holm", 'It is called "authors" here. Write authors: [Ida Holm].'),
        ("pubDate: 2026-12-01T09:00", 'It is called "date" here. Write date: 2026-12-01.'),
        ("published: false", "Write status: draft."),
        ("published: true", "Write status: ready."),
        ("published: 2026-12-01", "Write date: 2026-12-01, and status: ready."),
        ("draft: true", "Write status: draft."),
        ("draft: false", "Write status: ready."),
        ("DATE: 1.12.2026", 'It is called "date" here. Write date: 2026-12-01.'),
        ("lang: en", 'It is called "language" here.'),
        ("mathjax: true", 'It is called "maths" here.'),
        ("titel: x", 'Did you mean "title"?'),
        ("tag: x", 'It is called "tags" here. Write tags: [x].'),
    ],
)
def test_a_key_of_another_system_is_named_as_it_is_here(folder: Folder, line: str, wanted: str) -> None:
    assert hint(folder, line) == wanted


@pytest.mark.parametrize(("line", "key"), [("permalink: /a/", "aliases: ["), ("image: a.png", "cover: {"), ("lastmod: x", "corrected: [")])  # fmt: skip
def test_a_key_that_is_more_than_another_name_is_explained(folder: Folder, line: str, key: str) -> None:
    assert key in hint(folder, line)


@pytest.mark.parametrize("line", ["layout: post", "comments: true", "toc: true", "weight: 3"])
def test_a_key_that_nothing_needs_may_go(folder: Folder, line: str) -> None:
    assert hint(folder, line).startswith("weekahead has no such key. Delete the line, or keep it under extra:")


def test_a_page_has_no_tags(folder: Folder) -> None:
    folder.write("pages/about.md", "---\ntitle: About\ncategories: x\nauthors: [y]\n---\nWords.\n")
    assert [found.hint[:25] for found in folder.check().findings] == [
        "weekahead has no such key",
        "weekahead has no such key",
    ]


def test_settings_of_another_system_are_named_too(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER.replace("tagline", "description") + "baseURL: x\nplugins: []\ntimezone: UTC\n")
    assert [found.hint.partition(":")[0] for found in folder.check().findings] == [
        'It is called "tagline" here.',
        'It is called "url" here.',
        "weekahead has no such key. Delete the line.",
        "Days and times are in schedule.yaml",
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("series: Tides", "Write series: {name: Tides, part: ...}."),
        ("cover: a.png", "Write cover: {file: a.png}."),
        ("audio: https://x.example/a.mp3", "Write audio: {url: https://x.example/a.mp3}."),
        ("audio: a.mp3", "Write audio: {file: a.mp3}."),
        ("extra: x", "Write extra: {key: value}."),
    ],
)
def test_a_value_in_place_of_a_map_is_given_as_one(folder: Folder, line: str, wanted: str) -> None:
    folder.write("issues/0006-x.md", f"---\nnumber: 6\ntitle: X\n{line}\n---\n\nWords.\n")
    assert [found.hint for found in folder.check().findings if found.where.line == 4] == [wanted]


@pytest.mark.parametrize("name", ["issues/0006-x.md", "pages/about.md"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('+++\ntitle = "A"\n+++\n\nWords.\n', "this front matter is TOML (+++), as Hugo and Zola write it"),
        ("\n+++\n+++\n", "this front matter is TOML (+++), as Hugo and Zola write it"),
        ('{\n  "title": "A"\n}\n\nWords.\n', "this front matter is JSON, as Hugo writes it"),
        ("Title: A\nDate: 2026-12-01\n\nWords.\n", 'begins with "Title: A" and has no lines ---, as Pelican writes it'),
        ("tags: a\n\nWords.\n", 'begins with "tags: a" and has no lines ---'),
    ],
)
def test_front_matter_of_another_system_is_named(folder: Folder, name: str, text: str, words: str) -> None:
    folder.write(name, text)
    (found,) = folder.check().findings
    assert (found.where.file, found.rule) == (name, "no-front-matter")
    assert found.where.line == (2 if text.startswith("\n") else 1)
    assert words in found.message


@pytest.mark.parametrize("text", ["# A + B\n\n+++\n", "# A\n\nTitle: no header.\n", "# {a}\n"])
def test_a_page_that_begins_with_its_title_is_a_page(folder: Folder, text: str) -> None:
    folder.write("pages/about.md", text)
    assert not folder.check().findings
