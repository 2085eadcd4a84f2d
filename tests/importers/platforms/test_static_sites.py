"""Sites of Zola, Pelican and Eleventy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from tests.importers.exports import eleventy, pelican, zola
from tests.importers.rooms import ReadExport, assert_whole, read, write_folder, write_zip

from weekahead.importers.platforms.eleventy import PLATFORM as ELEVENTY
from weekahead.importers.platforms.pelican import PLATFORM as PELICAN
from weekahead.importers.platforms.zola import PLATFORM as ZOLA
from weekahead.importers.post import Access, MediaFile, SeriesHint


def markdown_of(members: dict[str, str | bytes]) -> str:
    return "".join(str(data) for name, data in members.items() if name.endswith(".md"))


def hidden(export: ReadExport) -> dict[str, Access]:
    return {post.title: post.access for post in export.publication.posts if post.access is not Access.PUBLIC}


# -- Zola


@pytest.fixture(scope="module")
def of_zola(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(ZOLA, write_folder(tmp_path_factory.mktemp("zola"), zola.letter()))


def test_everything_of_a_zola_site_comes_over(of_zola: ReadExport) -> None:
    assert_whole(markdown_of(zola.letter()), of_zola)
    assert of_zola.unproved() == []
    assert (of_zola.publication.url, of_zola.publication.author) == ("https://letter.example", "keptowner")


def test_taxonomies_and_extra_of_zola_become_fields(of_zola: ReadExport) -> None:
    post = of_zola.post("Week 9: keptpiers")
    assert (post.tags, post.authors) == (("kepttag1", "kepttag2", "keptcategory"), ("keptauthor",))
    assert post.series == SeriesHint(name="keptseries")
    assert post.cover == MediaFile(file="content/letters/week-9/keptcover.png")
    assert post.address == post.guid == "https://letter.example/letters/week-nine/"
    assert (post.paths, post.leftover) == (("/keptold",), {"mood": "keptmood"})
    assert (of_zola.post("Week 8").day, of_zola.post("Week 8").slug) == (date(2024, 3, 1), "week-8")
    assert of_zola.post("keptyaml").address == "https://letter.example/own/way/"


def test_only_what_zola_shows_is_public(of_zola: ReadExport) -> None:
    assert hidden(of_zola) == {"Draft": Access.DRAFT, "Hidden": Access.PRIVATE}
    assert of_zola.post("About").is_page


def test_shortcodes_of_zola_become_our_markdown(of_zola: ReadExport) -> None:
    text = of_zola.text("Week 9: keptpiers")
    assert "[keptlink](/letters/week-8/) and [keptpart](/letters/week-8/#keptanchor)." in text
    assert '![keptalt](keptpier.png "keptcaption")' in text
    assert "> keptquoted *words*\n>\n> — keptquoter" in text
    assert (
        '> [!WARNING]\n> **kepttitle**\n>\n> keptwarning\n>\n> ```toml\n> # keptcode\n> [extra]\n> x = "{{ kept }}"\n> ```'
        in text
    )
    assert '`{{ youtube(id="keptshown") }}` and `{{ kept(x=1) }}`.' in text


def test_a_zola_site_without_settings(tmp_path: Path) -> None:
    assert read(ZOLA, write_zip(tmp_path / "x.zip", zola.bare())).post("A").tags == ("x",)


# -- Pelican


@pytest.fixture(scope="module")
def of_pelican(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(PELICAN, write_folder(tmp_path_factory.mktemp("pelican"), pelican.letter()))


def test_everything_of_a_pelican_site_comes_over(of_pelican: ReadExport) -> None:
    assert_whole(markdown_of(pelican.letter()), of_pelican)
    assert of_pelican.unproved() == []


def test_the_settings_of_pelican_are_read_and_never_run(of_pelican: ReadExport) -> None:
    publication = of_pelican.publication
    assert (publication.title, publication.url, publication.timezone) == (
        "keptsite",
        "https://letter.example",
        "Europe/Oslo",
    )
    assert not Path("secretfile").exists()


def test_headers_of_pelican_become_fields(of_pelican: ReadExport) -> None:
    post = of_pelican.post("Week 9: keptpiers & cranes")
    assert (post.at, post.summary) == (datetime.fromisoformat("2024-03-08T16:00"), "keptsummary, keptgoes on: here")
    assert (post.tags, post.authors) == (("kepttag1", "kepttag two", "keptcategory"), ("keptfirst", "keptsecond"))
    assert post.address == "https://letter.example/2024/03/week-9/"
    assert post.guid == "tag:letter.example,2024-03-08:/2024/03/week-9//"
    assert post.cover == MediaFile(file="content/images/keptcover.png")
    assert post.leftover == {"modified": "2024-03-09", "keptkey": "keptvalue"}
    assert of_pelican.post("In a folder").tags == ("folder",)


def test_only_what_pelican_shows_is_public(of_pelican: ReadExport) -> None:
    assert hidden(of_pelican) == {"Draft": Access.DRAFT, "Hidden": Access.PRIVATE}
    assert of_pelican.post("About").is_page
    assert of_pelican.said("no-front-matter")
    assert of_pelican.said("not-markdown")


def test_links_and_admonitions_of_pelican_become_ours(of_pelican: ReadExport) -> None:
    text = of_pelican.text("Week 9: keptpiers & cranes")
    assert '![keptalt](/images/keptpier.png "keptcaption") and [keptlast](/2024/03/week-8/#keptpart)' in text
    assert "[keptattach](/keptpaper.pdf) and [keptrst](/old) and [kepttag](/tag/tides)" in text
    assert (
        "> [!WARNING]\n> **keptheading**\n>\n> keptadmonition with\n>\n> - a list\n>\n> > quoted\n>\n>     keptcode {static}"
        in text
    )
    assert "``{static}/keptspan``" in text
    assert "[TOC]" not in text


def test_a_folder_of_pelican_texts_alone(tmp_path: Path) -> None:
    export = read(PELICAN, write_zip(tmp_path / "x.zip", pelican.bare()))
    assert (export.post("One").number, export.post("Two").at) == (1, datetime.fromisoformat("2014-06-08T20:00"))
    assert export.text("One") == "keptone {{ keptbraces }} {% keptpercent %}\n"


# -- Eleventy


@pytest.fixture(scope="module")
def of_eleventy(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(ELEVENTY, write_folder(tmp_path_factory.mktemp("eleventy"), eleventy.letter()))


def test_everything_of_an_eleventy_site_comes_over(of_eleventy: ReadExport) -> None:
    assert_whole(markdown_of(eleventy.letter()), of_eleventy)
    assert of_eleventy.unproved() == []
    assert of_eleventy.publication.author == "keptowner"


def test_data_of_folders_and_texts_become_fields(of_eleventy: ReadExport) -> None:
    post = of_eleventy.post("Week 9")
    assert (post.tags, post.summary) == (("keptfoldertag", "kepttag"), "keptsummary")
    assert post.address == "https://letter.example/letters/week-9/"
    heading = of_eleventy.post("keptheading")
    assert (heading.tags, heading.address) == (("keptfoldertag",), "https://letter.example/posts/week-10/")
    assert of_eleventy.text("keptheading") == "keptbody\n"


def test_only_what_eleventy_shows_is_public(of_eleventy: ReadExport) -> None:
    assert hidden(of_eleventy) == {"Week 11": Access.DRAFT, "Hidden": Access.PRIVATE, "Nowhere": Access.DRAFT}
    assert of_eleventy.post("About").is_page
    assert of_eleventy.said("template")


def test_templates_of_eleventy_become_our_markdown(of_eleventy: ReadExport) -> None:
    text = of_eleventy.text("Week 9")
    assert "keptlead keptsite and ![keptalt](./keptpier.png) and `{{ keptspan }}`." in text
    assert "{{ keptraw }} {{ keptvariable | keptfilter }}" in text
    assert "A heading \\{#kepttext} and \\==keptplain== and \\:tada:" in text


def test_an_eleventy_site_that_only_its_package_names(tmp_path: Path) -> None:
    export = read(ELEVENTY, write_zip(tmp_path / "x.zip", eleventy.bare()))
    one, two = export.post("One"), export.post("Two")
    assert (one.day, one.authors, one.tags) == (date(2024, 3, 8), ("keptfolderauthor",), ("letter",))
    assert one.address == "https://letter.example/letters/one/"
    assert two.address == "https://letter.example/letters/two/"
    assert export.text("One") == " keptbranch keptsite\n"
    assert_whole(markdown_of(eleventy.bare()), export)
