"""An issue in another language than its letter."""

from __future__ import annotations

import json

import pytest
from lxml import etree, html
from tests.conftest import LETTER, Folder, issue_text

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def hebrew(folder: Folder, body: str = 'אמר "שלום".', **keys: str) -> None:
    """Publish number 4 of the letter in Hebrew."""
    keys = {"language": "he", "slug": "shavua", "summary": "תקציר.", **keys}
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "שבוע", body, **keys))
    folder.build()


def tree(folder: Folder, name: str) -> html.HtmlElement:
    return html.document_fromstring(folder.read(name))


def language(element: html.HtmlElement) -> tuple[str, str]:
    """The language and direction of an element."""
    ways = (element.xpath(f"(ancestor-or-self::*[@{name}])[last()]/@{name}")[0] for name in ("lang", "dir"))
    return next(ways), next(ways)


def test_its_page_has_its_language_and_what_is_around_it_that_of_the_letter(folder: Folder) -> None:
    hebrew(folder, research_note="הערה.", corrected="[{date: 2022-01-29, what: תיקון.}]", tags="[זמן]")
    page = tree(folder, "issues/4-shavua/index.html")
    assert (page.get("lang"), page.get("dir")) == ("he", "rtl")
    for its in ("//h1", "//p[@class='standfirst']", "//div[@class='prose']/p", "//aside[@class='note']/p[last()]"):
        assert language(page.xpath(its)[0]) == ("he", "rtl"), its
    for beside in ("//a[@class='skip']", "//header[@class='masthead']/a", "//aside[@class='subscribe']/h2"):
        assert language(page.xpath(beside)[0]) == ("en", "ltr"), beside
    for beside in ("footer[@class='after']/p", "h2[@id='wa-coming']", "nav[@class='neighbours']/a", "footer/p"):
        assert language(page.xpath(f"//{beside}")[0]) == ("en", "ltr"), beside
    for within in ("p[@class='meta']/b", "p[@id='wa-note']", "h2[@id='wa-corrections']", "li/time"):
        assert language(page.xpath(f"//{within}")[0])[0] == "en", within
    assert "”שלום”" in page.xpath("//div[@class='prose']/p")[0].text
    assert "Week 4" in page.xpath("//p[@class='meta']")[0].text_content()
    assert '"inLanguage": "he"' in folder.read("issues/4-shavua/index.html")


@pytest.mark.parametrize("page", ["index.html", "archive/index.html", "tags/t/index.html", "series/s/index.html"])
def test_lists_mark_its_title(folder: Folder, page: str) -> None:
    hebrew(folder, tags="[t]", series="{name: S, part: 1}")
    found = tree(folder, page)
    (title,) = found.xpath("//a[text()='שבוע']")
    assert (title.get("lang"), title.get("dir")) == ("he", "rtl")
    assert (found.get("lang"), found.get("dir")) == ("en", "ltr")
    assert all(language(one) == ("he", "rtl") for one in found.xpath("//p[text()='תקציר.']"))
    assert all(language(one) == ("en", "ltr") for one in found.xpath("//a[text()='Fifth letter']"))


def test_pages_of_other_issues_mark_its_title(folder: Folder) -> None:
    hebrew(folder, series="{name: S, part: 2}")
    folder.write(
        "issues/0003-third.md", issue_text(3, "2022-01-21", "Third", slug="third", series="{name: S, part: 1}")
    )
    folder.build()
    page = tree(folder, "issues/3-third/index.html")
    titles = page.xpath("//*[text()='שבוע']")
    assert {title.getparent().tag for title in titles} == {"li", "a"}  # the series, what's next; the neighbour
    assert len(titles) == 3
    assert {language(title) for title in titles} == {("he", "rtl")}


def test_it_is_the_newest_issue_on_the_front_page(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "שבוע", "מילים.", language="he"))
    folder.build()
    front = tree(folder, "index.html")
    assert [language(one) for one in front.xpath("//h2[@id='wa-newest']/a | //p[text()='מילים.']")] == [
        ("he", "rtl")
    ] * 2
    assert language(tree(folder, "404.html").xpath("//span[text()='שבוע']")[0]) == ("he", "rtl")


def test_feeds_carry_it(folder: Folder) -> None:
    hebrew(folder)
    items = json.loads(folder.read("feed.json"))["items"]
    assert [item.get("language") for item in items] == [None, "he", None, None, None]
    for name, tag in (("feed.xml", "item"), ("atom.xml", "{http://www.w3.org/2005/Atom}entry")):
        entries = list(etree.fromstring(folder.read(name).encode()).iter(tag))
        assert [entry.get(LANG) for entry in entries] == [None, "he", None, None, None]


@pytest.mark.parametrize(("of_letter", "own"), [("en", "en"), ("en", "EN"), ("pt-BR", "pt-br"), ("he", "he")])
def test_the_letters_own_language_marks_nothing(folder: Folder, of_letter: str, own: str) -> None:
    folder.write("letter.yaml", LETTER + f"language: {of_letter}\n")
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth letter", slug="fourth"))
    folder.build()
    before = folder.site()
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth letter", slug="fourth", language=own))
    folder.build()
    assert folder.site() == before


def test_an_issue_that_reads_from_left_to_right_in_a_letter_from_right_to_left(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "language: ar\n")
    folder.write(
        "issues/0004-fourth.md", issue_text(4, "2022-01-28", "Quatre", 'Il dit "oui".', slug="q", language="fr")
    )
    folder.build()
    page = tree(folder, "issues/4-q/index.html")
    assert (page.get("lang"), page.get("dir")) == ("fr", "ltr")
    assert language(page.xpath("//footer[@class='colophon']/p")[0]) == ("ar", "rtl")
    assert "«\u00a0oui\u00a0»" in page.xpath("//div[@class='prose']/p")[0].text.replace("\u202f", "\u00a0")


def test_rules_for_english_pass_it_over(folder: Folder) -> None:
    for language_key, found in (({}, True), ({"language": "en-GB"}, True), ({"language": "he"}, False)):
        text = issue_text(4, "2022-01-28", "Fourth", "It came on Monday, 28 January 2022.", **language_key)
        folder.write("issues/0004-fourth.md", text)
        assert ("stale-date" in {rule for _, _, rule in folder.rules()}) is found


@pytest.mark.parametrize(
    ("written", "rule", "is_error"),
    [
        ("tlh", "unknown-language", False),
        ("hebrew", "unknown-language", False),
        ("he_IL", "value", True),
    ],
)
def test_a_language_that_is_none_is_a_finding_in_its_line(
    folder: Folder, written: str, rule: str, is_error: bool
) -> None:
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", language=written))
    (found,) = [each for each in folder.check().findings if each.where.file == "issues/0004-fourth.md"]
    assert (found.rule, found.where.line, found.is_error) == (rule, 6, is_error)
