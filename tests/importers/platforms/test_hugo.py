"""Hugo's sites."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.importers.exports import hugo as exports
from tests.importers.rooms import ReadExport, assert_whole, read, write_folder, write_zip

from weekahead.importers.platforms.hugo import PLATFORM
from weekahead.importers.post import Access, MediaFile, SeriesHint


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(PLATFORM, write_zip(tmp_path_factory.mktemp("site") / "site.zip", exports.letter()))


def test_everything_of_a_site_comes_over(letter: ReadExport) -> None:
    assert_whole("".join(str(data) for name, data in exports.letter().items() if name.endswith(".md")), letter)
    assert letter.unproved() == []


def test_the_settings_are_the_publication(letter: ReadExport) -> None:
    publication = letter.publication
    assert (publication.url, publication.title, publication.language) == ("https://letter.example", "keptsite", "en-gb")
    assert (publication.author, publication.email) == ("keptowner", "keptmail@letter.example")
    assert (publication.tagline, publication.copyright, publication.timezone) == (
        "kepttagline",
        "keptcopyright",
        "Europe/Oslo",
    )


def test_front_matter_becomes_fields(letter: ReadExport) -> None:
    post = letter.post("Week 9: keptpiers & cranes")
    assert post.at == datetime(2024, 3, 8, 16, tzinfo=timezone(timedelta(hours=-7)))
    assert (post.tags, post.authors, post.summary) == (
        ("kepttag1", "kepttag2", "keptcategory"),
        ("keptauthor",),
        "keptsummary",
    )
    assert post.series == SeriesHint(name="keptseries", part=3)
    assert post.address == post.guid == "https://letter.example/letters/week-9/"
    assert post.paths == ("/keptold/", "/letters/keptolder")
    assert post.cover == MediaFile(file="content/letters/week-9/keptcover.png")
    assert post.folder == "content/letters/week-9"
    assert post.leftover == {"lastmod": "2024-03-10 00:00:00+00:00", "mood": "keptmood"}


def test_addresses_are_those_of_hugo(letter: ReadExport) -> None:
    addresses = {post.title: post.address.removeprefix("https://letter.example") for post in letter.publication.posts}
    assert addresses["keptjson"] == "/letters/own/"
    assert addresses["keptnote one"] == "/2024/02/keptn/"
    assert addresses["Uke 8"] == "/nb/letters/week-8/"
    assert addresses["About"] == "/who/"


def test_only_what_every_flag_says_is_public(letter: ReadExport) -> None:
    hidden = {post.title: post.access for post in letter.publication.posts if post.access is not Access.PUBLIC}
    assert hidden == {
        "Draft": Access.DRAFT, "Later": Access.SCHEDULED, "Gone": Access.WITHDRAWN, "Unlisted": Access.PRIVATE
    }  # fmt: skip


def test_sections_and_parts_of_bundles_are_no_posts(letter: ReadExport) -> None:
    titles = {post.title for post in letter.publication.posts}
    assert not titles & {"Home", "Letters", "A part"}
    assert letter.said("bundle-text")
    assert letter.said("not-markdown")
    assert letter.post("Uke 8").language == "nb"


def test_broken_toml_is_a_note_and_the_rest_is_read(letter: ReadExport) -> None:
    post = letter.post("keptbrokentitle")
    assert (post.day, letter.text("keptbrokentitle")) == (date(2024, 5, 1), "keptbroken\n")
    assert letter.said("front-matter")


def test_shortcodes_become_our_markdown_and_code_stays(letter: ReadExport) -> None:
    text = letter.text("Week 9: keptpiers & cranes")
    assert '````go linenums="1" hl_lines="2-3"\n// keptcode {{< not "a shortcode" >}}\n```\n````' in text
    assert 'keptfence := "{{< keptinfence >}}"' in text
    assert 'Write `{{< keptspan >}}` or `{{< keptshown arg="x" >}}`.' in text
    assert "[keptref](/letters/week-8/), [keptrel](/letters/week-8/#keptpart), keptgone." in text
    assert "- keptitem [kepttube](https://www.youtube.com/watch?v=dQw4w9WgXcQ)" in text
    assert "\n\n/// video | YouTube\naddress: https://www.youtube.com/watch?v=dQw4w9WgXcQ\n///\n" in text
    assert "[keptfile.py](https://gist.github.com/keptgister/0123456789abcdef#file-keptfile-py)" in text
    assert "> [!TIP]\n> **keptheading**\n>\n> keptnotice with **bold** and" in text
    assert "<details><summary>keptfolded</summary>" in text
    assert "```mermaid\ngraph LR; keptgraph-->b\n```" in text
    assert "> [!NOTE]\n> keptalert\n" in text
    assert "> [!WARNING]\n> **keptwarned**\n>\n> keptwarning" in text
    assert "\\==keptplain== and `==kept==`" in text
    assert '`{{< keptunknown words="kept words of a shortcode" >}}` keptbetween keptmood' in text


def test_a_site_without_settings(tmp_path: Path) -> None:
    export = read(PLATFORM, write_folder(tmp_path, exports.bare()))
    assert export.post("Named").day == date(2024, 1, 5)
    assert export.post("Rule").at == datetime(2024, 1, 12, 8, tzinfo=timezone(timedelta(hours=1)))
    assert export.text("Rule") == "---\n\nkeptrule\n\n---\n"
