"""Buttondown's exports, and its folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.importers.exports import buttondown as exports
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.platforms.buttondown import Buttondown
from weekahead.importers.platforms.template_tags import without_tags
from weekahead.importers.post import Access, Form
from weekahead.model.findings import Location


def source(members: dict[str, str | bytes]) -> str:
    return "\n".join(data for data in members.values() if isinstance(data, str))


@pytest.fixture
def export(tmp_path: Path) -> ReadExport:
    return read(Buttondown(), write_zip(tmp_path / "export.zip", exports.members()))


def test_everything_of_an_export_comes_over(export: ReadExport) -> None:
    text = source(exports.members()).replace("keptnofile", "").replace("keptnever", "").replace("keptwidget", "")
    assert_whole(text, export)


def test_an_email_has_its_day_count_and_access(export: ReadExport) -> None:
    assert {post.title: (post.access, post.number) for post in export.publication.posts} == {
        'Week 1: keptsubject, "quoted"': (Access.PUBLIC, 1),
        "Week 2": (Access.PAID, 2),
        "Week 3": (Access.PAID, 3),
        "Week 4": (Access.PRIVATE, 4),
        "Week 5": (Access.PRIVATE, 5),
        "Week 6": (Access.DRAFT, None),
        "Week 7": (Access.SCHEDULED, 7),
        "Week 8": (Access.PUBLIC, 8),
        "Week 9": (Access.DRAFT, 9),
        "A draft": (Access.DRAFT, None),
        "": (Access.DRAFT, None),
    }
    first = export.publication.posts[1]
    assert first.at == datetime(2024, 1, 5, 16, 55, 0, 343246, tzinfo=UTC)
    assert first.address == "/archive/week-1/"


def test_template_tags_go_and_code_keeps_them(export: ReadExport) -> None:
    text = export.text('Week 1: keptsubject, "quoted"')
    assert "Dear keptreader and ," in text
    assert "`{{ keptcode }}`" in text
    assert "{% if keptfence %}{{ keptvalue }}{% endif %}" in text
    assert "{{ subscribe_form }}" not in text
    assert "{{ keptincode }}" in export.text("Week 2")
    assert export.said("members-only-part") == [
        f"a part of {part}, and was left out"
        for part in (
            "2 words was for some readers only (subscriber.is_premium)",
            '1 word was for some readers only (medium == "email")',
            "1 word was for some readers only (subscriber.tags)",
            "1 word was for some readers only (subscriber.premium)",
        )
    ]


def test_both_editors_are_read(export: ReadExport) -> None:
    forms = {post.slug: post.body.form for post in export.publication.posts}
    assert (forms["week-1"], forms["week-2"]) == (Form.MARKDOWN, Form.HTML)


def test_texts_and_rows_without_each_other_are_named(export: ReadExport) -> None:
    assert len(export.said("no-text")) == 1
    assert len(export.said("text-without-row")) == 1
    assert export.said("not-opened") == ["these files may list readers or keys and were not opened: subscribers.csv"]


def test_an_older_export_says_less(tmp_path: Path) -> None:
    export = read(Buttondown(), write_zip(tmp_path / "export.zip", exports.as_json()))
    assert_whole(source(exports.as_json()), export)
    assert [post.access for post in export.publication.posts] == [Access.PUBLIC, Access.PUBLIC]
    assert len(export.said("no-email-type")) == 1


def test_the_folder_of_its_command_line_is_read(tmp_path: Path) -> None:
    export = read(Buttondown(), write_zip(tmp_path / "folder.zip", exports.own_folder()))
    assert_whole(source(exports.own_folder()), export)
    later, own = export.publication.posts
    assert (own.access, later.access) == (Access.PUBLIC, Access.DRAFT)
    assert own.cover is not None
    assert (own.summary, own.cover.file) == ("keptdescription", "media/keptcover.png")


def test_other_folders_of_markdown_are_not_taken_for_it(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "emails/one.md": "---\ntitle: One\n---\ntext",
        "emails.csv": "email,name\nsecret@x.example,x\n",
    }
    assert not recognises(Buttondown(), write_zip(tmp_path / "x.zip", members))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ x }} b", "a  b"),
        ("{% if subscriber.premium %}secret{% else %}free{% endif %}", "free"),
        ("{% if not subscriber.premium %}free{% endif %}", "free"),
        ("{% if unknown %}kept{% endif %}", "kept"),
        ("{% if subscriber.premium %}never closed", ""),
        ("{# a comment #}text", "text"),
        ("[button]({{ url }}) after", " after"),
        ('<a class="b" href="{{ url }}"><b>x</b></a> after', " after"),
        ("no tags { here } %}", "no tags { here } %}"),
    ],
)
def test_template_tags(text: str, expected: str) -> None:
    assert without_tags(text, Form.MARKDOWN, PostNotes(Notes(), "1", Location("x"))) == expected
