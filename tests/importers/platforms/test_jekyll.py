"""Jekyll's sites."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.importers.exports import jekyll as exports
from tests.importers.rooms import ReadExport, assert_whole, read, write_folder, write_zip

from weekahead.importers.platforms.jekyll import PLATFORM
from weekahead.importers.post import Access, MediaFile, SeriesHint


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(PLATFORM, write_folder(tmp_path_factory.mktemp("site"), exports.letter()))


def test_everything_of_a_site_comes_over(letter: ReadExport) -> None:
    assert_whole(exports.LIQUID, letter)
    assert letter.unproved() == []
    members = exports.letter()
    assert_whole("".join(str(data) for name, data in members.items() if name.endswith(".md")), letter)


def test_the_settings_are_the_publication(letter: ReadExport) -> None:
    publication = letter.publication
    assert (publication.url, publication.title, publication.timezone) == (
        "https://letter.example/blog",
        "keptsite",
        "America/Denver",
    )
    assert (publication.author, publication.email, publication.language) == (
        "keptowner",
        "keptmail@letter.example",
        "en",
    )


def test_front_matter_becomes_fields(letter: ReadExport) -> None:
    post = letter.post("Week 9: keptpiers & cranes")
    assert post.at == datetime(2024, 3, 8, 23, 30, tzinfo=timezone(timedelta(hours=-7)))
    assert post.tags == ("kepttag1", "kepttag2", "keptcategory")
    assert post.address == "https://letter.example/blog/keptcategory/2024/03/08/week-9-piers.html"
    assert post.guid == "https://letter.example/blog/keptcategory/2024/03/08/week-9-piers"
    assert post.paths == ("/keptold/", "/keptolder.html")
    assert post.cover == MediaFile(file="assets/keptcover.png")
    assert (post.summary, post.authors) == ("keptexcerpt", ("keptauthor",))
    assert post.series == SeriesHint(name="keptseries")
    assert post.leftover == {"custom_key": {"a": "keptcustom"}}


def test_dates_and_addresses_come_from_names(letter: ReadExport) -> None:
    early = letter.post("Keptearly")
    assert (early.day, early.slug, early.tags) == (date(2021, 9, 1), "keptearly", ("one", "two words"))
    assert early.address == "https://letter.example/blog/2021/09/01/keptearly.html"
    own = letter.post("Week 10")
    assert (own.address, own.tags) == ("https://letter.example/blog/kept/2024/own", ("keptfolder",))
    assert letter.post("keptspecial").address == "https://letter.example/blog/l/special/"
    assert letter.post("keptabout").address == "https://letter.example/blog/about/"


def test_only_what_jekyll_shows_is_public(letter: ReadExport) -> None:
    access = {post.title: post.access for post in letter.publication.posts}
    hidden = {title: value for title, value in access.items() if value is not Access.PUBLIC}
    assert hidden == {"Week 11": Access.DRAFT, "Week 12": Access.DRAFT, "Week 300": Access.SCHEDULED}
    assert letter.post("keptabout").is_page
    assert not letter.post("keptspecial").is_page


def test_broken_front_matter_is_a_note_and_the_rest_goes_on(letter: ReadExport) -> None:
    broken = letter.post("Kept: a colon")
    assert (broken.tags, broken.day) == (("[a", '"keptopen]'), date(2024, 4, 1))
    assert len(letter.said("front-matter")) == 2
    assert letter.said("encoding")
    assert "café" in letter.text("Latin")
    assert letter.text("kepthtml") == "kepthtmltext keptsite\n"


def test_code_is_never_changed(letter: ReadExport) -> None:
    text = letter.text("Week 9: keptpiers & cranes")
    assert '````python linenums="1"\n# keptcode {{ not.liquid }}\n```\n````' in text
    assert "``` liquid\n{{ keptfence }} {% keptfence2 %}\n```" in text
    assert "    {{ keptindented }}\n\n`{% keptspan %}` and {{ keptraw }}" in text
    assert '  ```ruby\n  puts "keptnested"\n  ```' in text


def test_liquid_and_kramdown_become_our_markdown(letter: ReadExport) -> None:
    text = letter.text("Week 9: keptpiers & cranes")
    assert "[keptlink](/blog/2024/03/01/week-8.html) and [keptfile](/blog/assets/keptpaper.pdf)" in text
    assert "Gone: keptgone. {{ page.nothing" in text
    assert "## A heading {#keptid}\n" in text
    assert "![keptalt](/assets/keptpier.png)\n\nA *keptcaption*" in text
    assert "/// video | keptvideo\naddress: https://www.youtube.com/watch?v=dQw4w9WgXcQ\n///" in text
    assert "$a^2$ in a line" in text
    assert "\\/// note\nkeptslashes\n\\///" in text
    assert "toc" not in text
    assert "{:" not in text
    assert "<script" not in text


def test_an_old_blog_without_settings(tmp_path: Path) -> None:
    export = read(PLATFORM, write_zip(tmp_path / "old.zip", exports.bare()))
    assert [post.title for post in export.publication.posts] == ["Second", "Third", "Never closed", "Last wins"]
    assert export.post("Second").tags == ("a", "b c", "Two Words")
    assert "![keptimg](/images/keptold.png)" in export.text("Second")
    assert export.post("Third").day == date(2009, 1, 4)
    assert export.said("date") == ['its date "2009-13-45" is none, and the one in its name holds']
    assert '```js title="keptcodetitle"\nvar x;\n```' in export.text("Third")
    assert export.text("Never closed") == "keptunclosed\n"
    assert export.said("not-markdown") == ["this text is Textile, which is not read"]
    assert len(export.said("front-matter")) == 3


def test_an_empty_config_is_no_site(tmp_path: Path) -> None:
    export = read(
        PLATFORM, write_folder(tmp_path, {"_posts/2024-01-01-a.md": "Just text.\n", "_config.yml": "[broken"})
    )
    (post,) = export.publication.posts
    assert (post.access, post.day, post.at) == (Access.PUBLIC, date(2024, 1, 1), None)
    assert export.said("settings")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("{{ site.baseurl }}{% post_url 2024-01-01-a %}", "/blog/2024/01/01/a.html"),
        ("{% post_url 2024-01-01-a %}", "/blog/2024/01/01/a.html"),
        ("{% link _posts/2024-01-01-a.md %}", "/blog/2024/01/01/a.html"),
        ("{{ '/x.png' | relative_url }}", "/blog/x.png"),
        ('{{ "x.png" | absolute_url }}', "https://letter.example/blog/x.png"),
        ("{{ '/x.png' | prepend: site.baseurl | prepend: site.url }}", "https://letter.example/blog/x.png"),
        ("{{ site.url }}{{ site.baseurl }}/x", "https://letter.example/blog/x"),
        ("{{site.baseurl}}/assets/x", "/blog/assets/x"),
    ],
)
def test_addresses_that_liquid_makes(written: str, address: str, tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "_config.yml": "url: https://letter.example\nbaseurl: /blog\n",
        "_posts/2024-01-01-a.md": "---\ntitle: A\n---\nx\n",
        "_posts/2024-01-02-b.md": f"---\ntitle: B\n---\n[words]({written})\n",
    }
    assert read(PLATFORM, write_folder(tmp_path, members)).text("B") == f"[words]({address})\n"
