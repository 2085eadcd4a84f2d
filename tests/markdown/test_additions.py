"""What our Markdown has beyond GitHub's specification, and what stays text because it only looks like it."""

from __future__ import annotations

import re

import pytest
from tests.conftest import Folder, issue_text
from tests.markdown.compare import ours
from tests.markdown.structure import difference

from weekahead.markdown.renderer import convert, place

ATTRIBUTES = {
    "a class behind a link": (
        "Read [this](b){.wide} first, then set {name}, and rest.",
        '<p>Read <a href="b" class="wide">this</a> first, then set {name}, and rest.</p>',
    ),
    "an id and a pair behind emphasis": ("*a*{#b lang=de}", '<p><em id="b" lang="de">a</em></p>'),
    "a colon before them": ("*a*{: .b}", '<p><em class="b">a</em></p>'),
    "a pair in quotation marks": ('[a](b){title="c d"}', '<p><a href="b" title="c d">a</a></p>'),
    "two classes": ("![a](b){.c .d}", '<p><img src="b" alt="a" class="c d"></p>'),
    "on the line below a paragraph": ("a\n{: .b #c}", '<p class="b" id="c">a</p>'),
    "a bare word is none": ("*a*{.b c}", "<p><em>a</em>{.b c}</p>"),
    "a lone dot is none": ("*a*{.} *b*{#}", "<p><em>a</em>{.} <em>b</em>{#}</p>"),
    "with a backslash none": ("*a*\\{.b}", "<p><em>a</em>{.b}</p>"),
    "in code none": ("`*a*{.b}`", "<p><code>*a*{.b}</code></p>"),
}


@pytest.mark.parametrize(("text", "wanted"), ATTRIBUTES.values(), ids=list(ATTRIBUTES))
def test_attribute_lists(text: str, wanted: str) -> None:
    assert difference(ours(text), wanted) == ""


# -- alerts


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION", "note"])
def test_an_alert_has_its_words_and_not_its_mark(kind: str) -> None:
    found = ours(f"> [!{kind}]\n> *Low* water.\n>\n> - a\n\nb")
    assert f"[!{kind}]" not in found
    assert "<em>Low</em> water." in found
    assert "<li>a</li>" in found
    assert "b</p>" in found


@pytest.mark.parametrize(
    "text",
    [
        "> [!NOTE] on one line",
        "> a\n> [!NOTE]\n> b",
        "> [!NOSUCH]\n> a",
        "[!NOTE]\na",
        "> \\[!NOTE]\n> a",
        "> [NOTE]\n> a",
    ],
)
def test_what_is_no_alert(text: str) -> None:
    assert "NOTE]" in ours(text) or "NOSUCH]" in ours(text)


# -- emoji


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("done :tada: here", "done 🎉 here"),
        (":+1: :heart:", "👍 ❤"),
        ("## A :rocket:", "🚀"),
        ("`:tada:`", "<code>:tada:</code>"),
        ("    :tada:", ":tada:"),
        ("at 10:30:45", "10:30:45"),
        (":no_such_name:", ":no_such_name:"),
        ("a::nosuch::c", "a::nosuch::c"),
        ("\\:tada:", ":tada:"),
        ("[a](b:tada:c)", 'href="b:tada:c"'),
    ],
)
def test_emoji_by_the_names_github_has(text: str, found: str) -> None:
    assert found in ours(text)


# -- footnotes, definitions, marks


def test_labels_of_footnotes_have_no_case() -> None:
    found = ours("a[^Low] b[^low]\n\n[^LOW]: *c*")
    assert found.count('href="#fn:') == 2
    assert "<em>c</em>" in found
    assert "[^" not in found


@pytest.mark.parametrize(
    "text",
    [
        "a[^1]\n\n[^1]: b\n[^2]: c",
        "a[^1]\n\n[^1]: b [^2]\n[^2]: c",
        "[^1]: b",
        "a[^1]",
        "a[^A]\n\n[^a]: b\n\n[^B]: c [^b]",
        "[^a](b) [^a][b]\n\n[^a]: c",
        "`[^1]` <b>a[^1]</b>\n\n[^1]: b",
    ],
)
def test_no_footnote_of_ours_leads_nowhere(text: str) -> None:
    found = ours(text)
    ids = {*re.findall(r'id="([^"]*)"', found)}
    assert {*re.findall(r'href="#([^"]*)"', found)} <= ids


def test_a_footnote_nobody_leads_to_is_a_finding_at_its_line(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", "a[^1]\n\n[^1]: b\n\n[^2]: c"))
    assert [(line, rule) for _, line, rule in folder.rules() if "0005" in _] != []
    assert {line for file, line, _ in folder.rules() if "0005" in file} == {12}


MARKS = {
    "a mark": ("==a== b", "<p><mark>a</mark> b</p>"),
    "no mark": ("a == b and b == c", "<p>a == b and b == c</p>"),
    "an abbreviation with signs": (
        "R&D, R\\&D, A:B and A!\n\n*[R&D]: c\n\n*[A:B]: d\n\n*[A!]: e",
        '<p><abbr title="c">R&amp;D</abbr>, <abbr title="c">R&amp;D</abbr>, <abbr title="d">A:B</abbr> and <abbr title="e">A!</abbr></p>',
    ),
    "definitions": ("Low\n:   *a*\n:   b", "<dl><dt>Low</dt><dd><em>a</em></dd><dd>b</dd></dl>"),
    "abbreviations": ("The GFM.\n\n*[GFM]: Markdown", '<p>The <abbr title="Markdown">GFM</abbr>.</p>'),
}


@pytest.mark.parametrize(("text", "wanted"), MARKS.values(), ids=list(MARKS))
def test_other_marks(text: str, wanted: str) -> None:
    assert difference(ours(text), wanted) == ""


# -- ids of headings


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("## Tides\n\n## Tides\n\n## Tides", ["tides", "tides-1", "tides-2"]),
        ("## A\n\n## A-1\n\n## A", ["a", "a-1", "a-2"]),
        ("## Low & high", ["low--high"]),
        ("## What's new in 1.2?", ["whats-new-in-12"]),
        ("## snake_case, kebab-case", ["snake_case-kebab-case"]),
        ("## *One* `two` [three](four)", ["one-two-three"]),
        ("## पहला भाग", ["पहला-भाग"]),
        ("## ภาษาไทย ที่นี่", ["ภาษาไทย-ที่นี่"]),
        ("## שָׁלוֹם", ["שָׁלוֹם"]),
        ("## مُحَمَّد", ["مُحَمَّد"]),
        ("## Über 什么", ["über-什么"]),
    ],
)
def test_ids_are_as_on_github(text: str, ids: list[str]) -> None:
    assert [*convert(text).ids] == ids


@pytest.mark.parametrize(
    "body",
    [
        '[Down](#low)\n\n<a name="low"></a>Low water.',
        "[Up](#top)",
        "[Again](#tides-1)\n\n## Tides\n\na\n\n## Tides\n\nb",
        "[Part](#पहला-भाग)\n\n## पहला भाग\n\na",
    ],
)
def test_a_fragment_that_is_there_is_no_dead_link(folder: Folder, body: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", body))
    assert [found for found in folder.rules() if found[2] == "dead-link"] == []


# -- marks of other systems


@pytest.mark.parametrize(
    "mark",
    [
        "{{< highlight python >}}",
        '{% include video.html id="1" %}',
        "[a]({{ site.url }}/b)",
        "See [[Wiki Page|shown]].",
        '!!! note "A note"',
        "::: warning",
        '[caption id="a"]words[/caption]',
        "<!--more-->",
        "$$\n\\begin{pmatrix} 1 \\end{pmatrix}\n$$",
    ],
)
def test_another_systems_mark_is_a_finding_at_its_line(folder: Folder, mark: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", f"Words.\n\n{mark}\n\nWords."))
    assert 10 in [line for file, line, _ in folder.rules() if "0005" in file]


@pytest.mark.parametrize(
    "mark",
    [
        "```\n{{< x >}}\n```",
        "`{% x %}` and `[[a]]`",
        "    !!! note",
        "`<!--more-->`",
        "a[[1]](https://b.example)",
        "Wow!!! Yes: so::: b",
    ],
)
def test_what_looks_like_another_systems_mark(folder: Folder, mark: str) -> None:
    before = {rule for _, _, rule in folder.rules()}
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", f"Words.\n\n{mark}\n\nWords."))
    assert {rule for _, _, rule in folder.rules()} <= before


def test_a_first_heading_that_repeats_the_title_is_a_finding(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", "# Fifth letter\n\n# Links\n\nWords.")
    )
    rules = [rule for file, line, rule in folder.rules() if "0005" in file and line == 8]
    assert rules
    assert "empty-section" not in rules


def test_mathematics_without_maths_loses_no_sign() -> None:
    for text in ("$a * b * c$", "costs $5 or $10", "$a_1 + b_2$"):
        assert place(convert(text), {}) == f"<p>{text}</p>"
