"""The menu, the author's picture and line, and the page of all tags."""

from __future__ import annotations

import re

import pytest
from tests.conftest import LETTER, Folder, issue_text, png


def menu(folder: Folder) -> list[tuple[str, str]]:
    nav = folder.read("index.html").partition("<nav")[2].partition("</nav>")[0]
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1#c"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("issues/0005-fifth.md", "/letter/issues/5-fifth/"),
        ("issues/5-fifth/", "/letter/issues/5-fifth/"),
        ("/issues/5-fifth", "/letter/issues/5-fifth/"),
        ("/letter/next/#x", "/letter/next/#x"),
        ("https://x.example/letter/tags/", "/letter/tags/"),
        ("pages/imprint.md", "/letter/imprint/"),
        ("feed.xml", "/letter/feed.xml"),
    ],
)
def test_an_entry_of_the_menu_leads_where_its_author_means(folder: Folder, address: str, target: str) -> None:
    folder.write("pages/imprint.md", "# Imprint\n\nX.\n")
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", tags="[a]"))
    letter = LETTER.replace("https://letter.example/", "https://x.example/letter/")
    folder.write("letter.yaml", f'{letter}menu: [{{title: "My <b>", address: "{address}"}}]\n')
    folder.build()
    assert menu(folder)[-1] == (target, "My &lt;b&gt;")


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("nowhere/", "dead-link"),
        ("pages/none.md", "dead-link"),
        ("issues/0006-sixth.md", "dead-link"),
        ("../../etc/", "dead-link"),
        ("javascript:alert(1)", "value"),
        ("a b", "value"),
    ],
)
def test_an_entry_that_leads_nowhere_is_an_error_with_its_line(folder: Folder, address: str, rule: str) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth", "Withheld."))
    folder.write("letter.yaml", f'{LETTER}menu:\n  - title: X\n    address: "{address}"\n')
    errors = [finding for finding in folder.check().findings if finding.is_error]
    assert [(finding.rule, str(finding.where)) for finding in errors] == [
        (rule, f"letter.yaml:{LETTER.count(chr(10)) + 3}")
    ]


def test_the_author_stands_below_the_issues_he_wrote(folder: Folder) -> None:
    letter = LETTER.replace("{name: Test Author,", "{name: Test Author, picture: me.png, about: Writes & walks.,")
    folder.write("letter.yaml", letter)
    assert [finding.rule for finding in folder.check().findings if finding.is_error] == ["file-missing"]
    folder.write("templates/assets/me.png", png(64, 64))
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", authors="[Another]"))
    folder.build()
    shown = folder.read("issues/5-fifth/index.html")
    assert '<img src="/assets/me.png" alt="" width="64" height="64" loading="lazy">' in shown
    assert "<b>Test Author</b> Writes &amp; walks." in shown
    assert 'class="author"' not in folder.read("issues/4-fourth/index.html")


def test_all_tags_stand_on_a_page_by_name_with_their_counts(folder: Folder) -> None:
    for file in (folder.root / "issues").iterdir():
        file.unlink()
    folder.build()
    assert "tags/index.html" not in folder.site()
    assert "/tags/" not in folder.read("archive/index.html")
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", tags="[zebra, Éclair, C++]"))
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", tags="[zebra, east]"))
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth", tags="[withheld]"))
    folder.build()
    found = re.findall(
        r'<li><a href="/tags/([^"]*)">(.*?)</a> <span class="faint">(\d+)', folder.read("tags/index.html")
    )
    assert [(name, count) for _, name, count in found] == [("C++", "1"), ("east", "1"), ("Éclair", "1"), ("zebra", "2")]
    assert '<a href="/tags/">Tags</a>' in folder.read("archive/index.html")
    assert "<loc>https://letter.example/tags/</loc>" in folder.read("sitemap.xml")


def test_an_author_may_write_that_page_himself(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", tags="[a]"))
    folder.write("pages/tags.md", "# My topics\n\nOwn words.\n")
    folder.build()
    assert "Own words." in folder.read("tags/index.html")
