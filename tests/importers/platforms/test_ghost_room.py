"""Ghost's exports, of several versions."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from tests.importers.exports import ghost as exports
from tests.importers.exports.damage import in_json
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.platforms.ghost import Ghost
from weekahead.importers.platforms.ghost_lexical import lexical_html, lone_markdown, mobiledoc_html
from weekahead.importers.post import Access, Form


@pytest.fixture
def current(tmp_path: Path) -> ReadExport:
    members: dict[str, str | bytes] = {
        "harbour.ghost.2024-03-20.json": exports.wrapped(exports.current()),
        "members.harbour.csv": "email\nsecretcsv@readers.example\n",
        "content/images/2024/03/keptpier.png": exports.PNG,
        "content/images/keptcover.png": exports.PNG,
        "content/media/2024/keptwave.mp3": b"ID3" * 100,
    }
    return read(Ghost(), write_zip(tmp_path / "export.zip", members))


def test_everything_of_an_export_comes_over_and_no_secret_does(current: ReadExport) -> None:
    assert_whole(exports.wrapped(exports.current()), current)


def test_only_what_every_flag_says_is_public(current: ReadExport) -> None:
    access = {post.title or post.id[-2:]: post.access for post in current.publication.posts}
    assert access == {
        "keptcards & more": Access.PUBLIC,
        "Week 2": Access.PAID,
        "Week 3": Access.PAID,
        "Week 4": Access.PRIVATE,
        "Week 5": Access.PAID,
        "Week 6": Access.MAIL_ONLY,
        "Week 7": Access.WITHDRAWN,
        "08": Access.DRAFT,
        "Week 9": Access.SCHEDULED,
        "Week 10": Access.SCHEDULED,
        "Week 11": Access.MAIL_ONLY,
        "Week 12": Access.PUBLIC,
        "Week 13": Access.DRAFT,
        "Week 14": Access.PUBLIC,
    }


def test_a_post_has_what_its_tables_say(current: ReadExport) -> None:
    post = current.post("keptcards & more")
    assert post.at == datetime(2024, 3, 1, 16, tzinfo=UTC)
    assert (post.guid, post.slug, post.address) == (post.id, "week-1", "/week-1/")
    assert post.tags == ("keptfirst tag", "keptlast")
    assert post.authors == ("keptwriter", "keptguest")
    assert post.cover is not None
    assert (post.cover.file, post.cover.alt) == ("content/images/keptcover.png", "keptcoveralt")
    assert post.audio is not None
    assert (post.audio.media.file, post.audio.bytes, post.audio.duration) == (
        "content/media/2024/keptwave.mp3",
        300,
        448,
    )
    assert current.publication.timezone == "America/Denver"


def test_a_draft_has_no_old_address_and_a_mail_has_its_own(current: ReadExport) -> None:
    assert [post.address for post in current.publication.posts if post.access is Access.DRAFT] == ["", "/week-13/"]
    assert current.post("Week 6").address == "/email/00000000-0000-4000-8000-000000000006/"


def test_a_page_may_have_the_name_of_a_post(current: ReadExport) -> None:
    assert current.post("Week 12").is_page
    assert current.post("Week 12").slug == current.post("keptcards & more").slug


def test_pictures_of_other_sizes_are_the_original(current: ReadExport) -> None:
    text = current.text("keptcards & more")
    assert "/content/images/2024/03/keptpier.png" in text
    assert "/size/w" not in text


def test_a_part_for_members_is_held_back_and_counted(current: ReadExport) -> None:
    assert current.said("members-only-part") == [
        "a part of 1 word that visitors did not see was left out (status:-free)"
    ]


def test_tables_and_files_with_readers_are_named_and_never_opened(current: ReadExport) -> None:
    assert current.said("not-opened") == [
        "these tables were not read: members, comments, api_keys",
        "these files may list readers and were not opened: members.harbour.csv",
    ]


def test_unknown_cards_and_states_are_asked_about(current: ReadExport) -> None:
    assert current.said("unknown-card") == [
        'the card "kg-hologram-card" is unknown; its text was brought over as it is'
    ]
    assert current.said("unknown-status") == ['its status "shelved" is unknown; it arrives as a draft']


def test_older_versions_come_over_from_what_their_editors_stored(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(exports.old(), encoding="utf-8")
    export = read(Ghost(), path)
    assert_whole(exports.old(), export)
    assert export.post("Week 1").access is Access.PAID
    assert export.post("Week 2").at == datetime(2012, 1, 1, tzinfo=UTC)
    assert export.post("Week 3").body.form is Form.MARKDOWN
    assert export.text("Week 3") == "## keptoriginal\n\nWritten *keptas* `{{kepttag}}`.\n"
    assert export.post("Week 5").is_page
    assert export.post("Week 5").authors == ("keptowner",)
    assert export.publication.timezone == "Europe/Lisbon"
    assert [note.post[-2:] for note in export.notes if note.rule == "damaged-text"] == ["04", "06"]
    assert export.said("unknown-card") == ['the card "crossword" is unknown; nothing of it was brought over']


def test_an_editors_text_keeps_its_structure(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(exports.old(), encoding="utf-8")
    body = read(Ghost(), path).post("Week 1").body.text
    assert '<ol start="3"><li>keptitem</li>' in body
    assert "keptplain &lt;b&gt; <strong>keptstrong</strong>" in body
    assert '<a href="https://a.example/keptaddress?a=1&amp;b=2"><em>keptlinked</em></a>' in body


@pytest.mark.parametrize(
    "text",
    ['{"db": []}', '{"db": [{"meta": {}}]}', '{"version": "https://jsonfeed.org/version/1.1", "items": []}', "[", ""],
)
def test_other_json_is_not_taken_for_an_export(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    assert not recognises(Ghost(), path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text("\ufeff" + exports.wrapped(exports.current()), encoding="utf-8")
    assert read(Ghost(), path).publication.title == "keptletter"


def test_a_version_without_a_placeholder_names_its_site(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    picture = '<img src="https://harbour.example/content/images/2016/05/pier.jpg">'
    tables = {"posts": [exports.post(1, html=picture), exports.post(2, html="<p>x</p>")]}
    path.write_text(exports.wrapped(tables), encoding="utf-8")
    assert read(Ghost(), path).publication.url == "https://harbour.example"
    tables = {
        "posts": [exports.post(1, html=picture), exports.post(2, html='<img src="__GHOST_URL__/content/images/x.png">')]
    }
    path.write_text(exports.wrapped(tables), encoding="utf-8")
    assert read(Ghost(), path).publication.url == ""


@pytest.mark.parametrize("tree", ["LEXICAL", "MOBILEDOC", "LONE_MARKDOWN"])
def test_an_editors_tree_of_any_shape_is_html_or_refused(tree: str) -> None:
    source = getattr(exports, tree)
    written = source if isinstance(source, str) else json.dumps(source)
    made = 0
    for number in range(150):
        odd = in_json(written, Random(f"{tree} {number}"))
        for convert in (lexical_html, mobiledoc_html, lone_markdown):
            with suppress(ValueError):
                made += bool(convert(odd))
    assert made


def test_a_text_of_a_kind_that_is_not_known_is_kept() -> None:
    children = [{"type": "sparkling-text", "format": 1, "text": "kept"}, {"type": "sparkling-card", "text": "x"}]
    html = lexical_html(json.dumps({"root": {"children": children}}))
    assert html.startswith("<strong>kept</strong>")
    assert "kg-unknown-card" in html
