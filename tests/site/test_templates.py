"""The theme as a product: documented whole, changed by one file, its faults explained."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jinja2
import pytest
from msgspec import Struct
from tests.conftest import Folder, Said, issue_text

from weekahead.book.outputs import EpubPage
from weekahead.book.printing import PrintPage
from weekahead.mail.edition import EditionPage
from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.findings import BuildError
from weekahead.site import pages, templates
from weekahead.site.page_context import Card, LetterInfo, PageContext, PageInfo, SeriesLine, UpcomingIssue

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = {path.name: path.read_text() for path in (REPOSITORY / "templates").glob("*.*")}
DOCS = (REPOSITORY / "docs/templates.md").read_text()
SECTIONS = dict(re.findall(r"(?ms)^### (\S[^\n]*)\n(.*?)(?=^##|\Z)", DOCS))


PAGES: list[type[Struct]] = [*PageContext.__subclasses__(), EditionPage, EpubPage, PrintPage]
KINDS = {str(kind.__doc__): kind for kind in PAGES}
"""The context of each kind of page, by its template; they are defined in what `pages` imports."""
assert pages


def structs(kind: Any) -> set[type[Struct]]:
    """Every struct in a type: that of `list[Card] | None` is Card."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return {kind}
    return {found for part in get_args(kind) for found in structs(part)}


def fields(kind: type[Struct]) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}


def own_fields(kind: type[Struct]) -> dict[str, Any]:
    """What a kind of page has besides what every page has. An e-mail has all of its own."""
    shared = fields(PageContext) if issubclass(kind, PageContext) else {}
    return {name: hint for name, hint in fields(kind).items() if name not in shared}


def names_in(kind: Any) -> set[str]:
    """Every name that a template can say of what a value of this type holds."""
    found = {name: hint for struct in structs(kind) - {TextRef} for name, hint in fields(struct).items()}
    return {*found, *(name for hint in found.values() for name in names_in(hint))}


def words(text: str) -> set[str]:
    """What stands in backticks, each part of a dotted name for itself."""
    return {part for word in re.findall(r"`([\w.]+)`", text) for part in word.split(".")}


def rows(section: str) -> dict[str, str]:
    """The rows of a section's table: each name in the first column, with what the second says."""
    found = re.findall(r"(?m)^\| (`.*?) \| (.*) \|$", section)
    return {name: about for names, about in found for name in re.findall(r"`([\w.]+)`", names)}


def test_a_template_that_is_compiled_already_has_the_words_and_the_text_of_its_letter(folder: Folder) -> None:
    folder.write("templates/404.html", '{{ "archive" | say }}')
    said = []
    for edit in (
        ("", ""),
        ("letter.yaml", "title:", "language: de\ntitle:"),
        ("templates/404.html", "{{", "! {{"),
        ("", ""),
    ):
        if all(edit):
            folder.replace(*edit)
        folder.build()
        said.append(folder.read("404.html"))
    assert said == ["Archive\n", "Archiv\n", "! Archiv\n", "! Archiv\n"]


def test_packaged_templates_are_compiled_once_and_a_letter_leaves_nothing_in_the_package(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled: list[str | None] = []
    compile_one = jinja2.Environment.compile

    def counted(self: jinja2.Environment, source: Any, name: str | None = None, *more: Any, **options: Any) -> Any:
        compiled.append(name)
        return compile_one(self, source, name, *more, **options)

    def built() -> dict[str, bytes]:
        """The site, by a process that has not compiled anything yet."""
        compiled.clear()
        templates._compiled.clear()
        templates._last.clear()
        shutil.rmtree(folder.root / "site", ignore_errors=True)
        shutil.rmtree(folder.root / ".weekahead", ignore_errors=True)
        folder.build()
        return folder.site()

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    folder.write("templates/404.html", "Nothing, in my own words.")
    first = built()
    assert {"404.html", "issue.html", "base.html"} <= {*compiled}
    assert built() == first
    assert compiled == ["404.html"]
    assert not any(b"in my own words" in path.read_bytes() for path in (tmp_path / "kept").rglob("*.pyc"))
    folder.replace("letter.yaml", "title:", "language: de\ntitle:")
    built()
    assert "issue.html" in compiled


def test_the_docs_have_a_section_for_every_template() -> None:
    assert set(SECTIONS) - {"What every page has", "Things in many pages", "A book"} == set(TEMPLATES)


def test_the_docs_name_every_block_of_every_template() -> None:
    for name, text in TEMPLATES.items():
        said = re.search(r"Blocks: (.*?)\.(?:\s|$)", SECTIONS[name].replace("\n", " "))
        assert said, name
        assert set(re.findall(r"`(\w+)`", said[1])) == set(re.findall(r"\{% block (\w+)", text)), name


def test_every_template_of_a_page_has_a_kind_of_page() -> None:
    assert set(KINDS) == {name for name in TEMPLATES if name.endswith(".html")} - {
        "base.html",
        "_parts.html",
        "_book.html",
    }


@pytest.mark.parametrize("template", sorted(KINDS))
def test_the_docs_name_every_field_of_a_page(template: str) -> None:
    own, section = own_fields(KINDS[template]), SECTIONS[template]
    assert set(own) <= set(rows(section))
    for name, hint in own.items():
        assert names_in(hint) <= words(section) | words(SECTIONS["Things in many pages"]) | words(SECTIONS["A book"]), (
            name
        )


@pytest.mark.parametrize("template", sorted(KINDS))
def test_whatever_the_docs_name_is_a_field_of_the_page(template: str) -> None:
    own = own_fields(KINDS[template])
    for name, about in rows(SECTIONS[template]).items():
        first, *inner = name.split(".")
        assert first in own
        assert set(inner) <= {field for struct in structs(own[first]) for field in fields(struct)}, name
        assert words(about) <= names_in(own[first]), name


def test_the_docs_name_what_every_page_has_and_nothing_else() -> None:
    said = rows(SECTIONS["What every page has"])
    for about, kind in (("letter", LetterInfo), ("page", PageInfo)):
        assert {name for name in said if name.startswith(f"{about}.")} == {f"{about}.{name}" for name in fields(kind)}
        for name, hint in fields(kind).items():
            assert names_in(hint) <= words(said[f"{about}.{name}"]), name


def test_the_docs_name_what_cards_and_rows_have_and_nothing_else() -> None:
    section = SECTIONS["Things in many pages"]
    table, _, row = section.partition("A **row**")
    assert set(rows(table)) == set(fields(Card))
    assert words(rows(table)["series"]) == set(fields(SeriesLine))
    fates = {"kept", "kept_late", "moved", "renamed", "now", "dropped"}
    assert words(row) == set(fields(UpcomingIssue)) | fates


def test_an_author_changes_accent_footer_and_issue_by_what_the_docs_say(folder: Folder, run: Any) -> None:
    """The examples of docs/templates.md, as they stand there, in a letter that has just been begun."""
    examples = re.findall(r"(?m)(?:^    .*\n)+", DOCS)
    bare = [re.sub(r"(?m)^    ", "", example) for example in examples]
    look = next(example for example in bare if example.startswith("theme:"))
    base = next(example for example in bare if "weekahead/base.html" in example)
    issue = next(example for example in bare if "weekahead/issue.html" in example)
    begun = Folder(folder.root.parent / "begun")
    assert run("init", begun.root).status == 0
    begun.write("letter.yaml", (begun.root / "letter.yaml").read_text() + look)
    begun.write("templates/base.html", base)
    begun.write("templates/issue.html", issue)
    assert run("build", "--root", begun.root).status == 0
    assert "--accent: #1d4a73" in begun.read("assets/theme.css")
    pages = [path for path in begun.site() if path.endswith("index.html")]
    for page in pages:
        if 'http-equiv="refresh"' not in begun.read(page):
            assert "grandmother" in begun.read(page)
            assert "RSS feed" in begun.read(page)
    assert "This one was Week 1." in begun.read("issues/1-pick-the-day/index.html")
    (special,) = [page for page in pages if page.endswith("two-minutes-out/index.html")]
    assert "This one was Special edition." in begun.read(special)


def test_a_copied_template_changes_nothing_until_it_is_changed(folder: Folder, run: Any) -> None:
    folder.build()
    before = folder.site()
    said: Said = run("theme", "copy", "issue.html", "--root", folder.root)
    assert said.status == 0
    assert said.out.strip() == str(folder.root / "templates/issue.html")
    folder.build()
    assert folder.site() == before
    path = folder.root / "templates/issue.html"
    path.write_text(path.read_text().replace("<article>", '<article class="mine">'))
    folder.build()
    assert '<article class="mine">' in folder.read("issues/1-first/index.html")


def test_everything_that_is_listed_can_be_copied(folder: Folder, run: Any) -> None:
    listed = run("theme", "list").out.split()
    assert {"issue.html", "assets/style.css", "words/de.toml"} <= set(listed)
    for name in listed:
        assert run("theme", "copy", name, "--root", folder.root).status == 0
    folder.build()


def test_copying_never_overwrites_and_helps_with_names(folder: Folder, run: Any) -> None:
    run("theme", "copy", "tag.html", "--root", folder.root)
    again, wrong, outside = (
        run("theme", "copy", name, "--root", folder.root) for name in ("tag.html", "isue.html", "../letter.yaml")
    )
    assert again.status == wrong.status == outside.status == 1
    assert "already exists" in again.err
    assert 'Did you mean "issue.html"?' in wrong.err


def test_a_wrong_name_in_a_template_is_answered_with_the_nearest(folder: Folder) -> None:
    folder.write("templates/tag.html", '{% extends "base.html" %}\n{% block content %}\n{{ isues }}\n{% endblock %}\n')
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert "templates/tag.html:3: error" in str(refused.value)
    assert 'Did you mean "issues"?' in str(refused.value)


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("{{ issue.titel }}", 'no "titel" here', 'Did you mean "title"?'),
        ('{{ issue["titel"] }}', 'no "titel" here', 'Did you mean "title"?'),
        ("{% if letter.tag_line %}x{% endif %}", 'no "tag_line" here', 'Did you mean "tagline"?'),
        ("{{ page.adress|upper }}", 'no "adress" here', 'Did you mean "address"?'),
        ("{% for tag in issue.tag %}{% endfor %}", 'no "tag" here', 'Did you mean "tags"?'),
        ("{{ issue.extras.mood }}", 'no "extras" here', 'Did you mean "extra"?'),
        ("{{ parts.row([]) }}", 'no "row" here', 'Did you mean "rows"?'),
        ("{{ issue.audio.duration }}", 'no "duration" of nothing', "Put it within {% if … %}."),
        ("{{ issue.date|dya }}", "No filter named 'dya'", 'Did you mean "day"?'),
        ("{{ issue.zzz }}", 'no "zzz" here', "Known here: number, label, title"),
    ],
)
def test_a_misspelt_field_is_answered_with_the_nearest(folder: Folder, written: str, message: str, hint: str) -> None:
    head = '{% extends "weekahead/issue.html" %}\n{% import "_parts.html" as parts %}\n{% block after_text %}\n'
    folder.write("templates/issue.html", head + written + "\n{% endblock %}\n")
    with pytest.raises(BuildError) as refused:
        folder.build()
    (found,) = refused.value.findings
    assert str(found.where) == "templates/issue.html:4"
    assert message in found.message
    assert hint in found.hint
    assert "object" not in found.message


def test_a_key_of_ones_own_that_an_issue_has_not_is_false(folder: Folder) -> None:
    asked = (
        "{% if issue.extra.mood %}Mood: {{ issue.extra.mood.colour }}.{% endif %}"
        "{{ issue.extra.weather }}{{ issue.extra['a b'] }}{{ issue.extra.mood.deep.er }}|"
        "{{ issue.extra.weather|default('dry') }}{% for one in issue.extra.list %}{{ one }}{% endfor %}."
    )
    folder.write(
        "templates/issue.html", '{% extends "weekahead/issue.html" %}{% block after_text %}' + asked + "{% endblock %}"
    )
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "A", slug="a", extra="{mood: {colour: grey}}"))
    folder.build()
    assert "Mood: grey.|dry." in folder.read("issues/5-a/index.html")
    page = folder.read("issues/1-first/index.html")
    assert "|dry." in page
    assert "Mood" not in page


def test_a_word_that_is_not_there_is_answered_with_the_nearest(folder: Folder) -> None:
    folder.write(
        "templates/tag.html", '{% extends "base.html" %}\n{% block content %}\n{{ "archiv"|say }}\n{% endblock %}\n'
    )
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert "templates/tag.html:3: error" in str(refused.value)
    assert 'Did you mean "archive"?' in str(refused.value)


def test_a_template_compiled_before_has_the_words_of_the_letter(folder: Folder) -> None:
    def written(template: str) -> str:
        folder.write("templates/404.html", template)
        folder.build()
        return folder.read("404.html").strip()

    constant = '{{ "draft" | say }}'
    assert written(constant) == "Draft"
    folder.replace("letter.yaml", "title:", "language: de\ntitle:")
    assert written(constant) == "Entwurf"
    folder.write("templates/words/de.toml", 'draft = "Roh"\n')
    assert written(constant) == "Roh"
    assert written('{{ "review" | say }}') == "In Durchsicht"
    folder.replace("letter.yaml", "language: de\n", "")
    assert written(constant) == "Draft"


def test_a_letter_of_several_authors_has_a_page_for_each(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", authors='["Ann <b>", Bob]'))
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert 'By <a href="/authors/ann-b/">Ann &lt;b&gt;</a> and <a href="/authors/bob/">Bob</a>' in page
    assert "Fifth" in folder.read("authors/bob/index.html")
    assert "First letter" in folder.read("authors/test-author/index.html")
    assert "/authors/bob/" in folder.read("sitemap.xml")


def test_a_letter_of_one_author_has_no_such_page(folder: Folder) -> None:
    folder.build()
    assert not [name for name in folder.site() if name.startswith("authors/")]
    assert "By Test Author" in folder.read("issues/1-first/index.html")


def test_a_part_says_which_come_before_and_after_it_and_a_long_series_shows_those_alone(folder: Folder) -> None:
    folder.build()
    parts = folder.read("issues/2-second/index.html").partition('class="parts"')[2].partition("</nav>")[0]
    assert "Complete in 3 parts." in parts
    assert re.findall(r">([^<>]+)</a><span class=\"label\">(\w+)<", parts) == [
        ("First letter", "Previous"),
        ("Third letter", "Next"),
    ]
    for number, word in enumerate(["first", "second", "third"], 1):
        path = folder.root / f"issues/{number:04}-{word}.md"
        path.write_text(path.read_text().replace("of: 3", "of: 40"))
    folder.build()
    page = folder.read("issues/3-third/index.html")
    assert "3 of 40 parts published." in page
    assert re.findall(r"Part (\d+)<", page.partition('class="parts"')[2]) == ["4"]


def test_short_words_in_brackets_of_a_title_stay_together(folder: Folder) -> None:
    """Others are not taken for such words: what belongs to the word before it, what is long, what never ends."""
    titles = {
        "Syllabus (edition 8/8)": 'Syllabus <span class="whole">(edition 8/8)</span>',
        "(Part <1>) of two & (b)": '<span class="whole">(Part &lt;1&gt;)</span> of two &amp; <span class="whole">(b)</span>',
        "周报（第八期）": '周报<span class="whole">（第八期）</span>',
        "Model(s) of f(x)": "Model(s) of f(x)",
        "Two () of (a remark far too long for one line of a phone) and (no end": "",
    }
    for number, title in enumerate(titles, 1):
        day = f"2022-01-{7 * number:02}" if number < 5 else "2022-02-04"
        folder.write(f"issues/000{number}-x.md", issue_text(number, day, f"'{title}'"))
    for file in folder.root.glob("issues/*[!x].md"):
        file.unlink()
    folder.build()
    for number, (title, shown) in enumerate(titles.items(), 1):
        assert re.findall(r"<h1.*?>(.*)</h1>", folder.read(f"issues/{number}-x/index.html")) == [shown or title]
