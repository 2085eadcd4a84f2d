"""Bibliographies and styles that are not as they should be: a fault that says where, and references that are still sound."""

from __future__ import annotations

import json

import pytest

from weekahead.lint.bibliography import check_bibliography
from weekahead.references.csl_json import DATES, NAMES, TEXTS
from weekahead.references.formatter import hidden, shown, with_links
from weekahead.references.latex import sentence_case
from weekahead.references.library import Library, csl_json, read_library
from weekahead.references.names import read_names
from weekahead.references.style import format_text
from weekahead.references.style_file import BadStyle, is_note_style, load_style
from weekahead.references.syntax import Cite

BOOK = "@book{k, author = {Doe, Jane}, title = {T}, year = 2020"


def bibtex(text: str) -> Library:
    return read_library([("references.bib", text.encode())])


def faults(library: Library) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for _, fault in library.faults]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("@book{, title = {T}}", 1, "this entry has no key"),
        (f"{BOOK}, publisher = acm}}", 1, 'publisher is "acm", which no @string defines'),
        (f"\n{BOOK}, crossref = {{gone}}}}", 2, '"k" takes fields from "gone", which has no entry here'),
        (f"{BOOK}, crossref = {{k}}}}", 1, 'the crossref of "k" leads back to it'),
        ('@string{a = "' + "x" * 10_001 + '"}', 1, 'the @string "a" has more than 10,000 characters'),
    ],
)
def test_what_a_bibliography_refers_to_and_does_not_have_is_named(text: str, line: int, message: str) -> None:
    assert faults(bibtex(text)) == [(line, message)]


@pytest.mark.parametrize(
    "text",
    [
        f"{BOOK}, month = jan}}",
        f"{BOOK}, month = January}}",
        f"{BOOK}, publisher = {{acm}}}}",
        f'@string{{acm = "ACM"}}\n{BOOK}, publisher = acm # " Press"}}',
        f"@comment{{k}}\nwords\n{BOOK}, volume = 12}}",
    ],
)
def test_what_bibtex_allows_is_no_fault(text: str) -> None:
    assert faults(bibtex(text)) == []


def test_an_entry_takes_fields_from_a_chain_of_others_and_loops_end() -> None:
    chain = "@inbook{a, title={A}, crossref={b}} @book{b, title={B}, crossref={c}} @book{c, publisher={C}, year=1999}"
    item = bibtex(chain).works["a"].item
    assert (item["container-title"], item["publisher"], item["issued"]) == ("B", "C", {"date-parts": [[1999]]})
    loop = bibtex("@book{a, title={A}, crossref={b}} @book{b, year=1999, crossref={a}}")
    assert [message for _, message in faults(loop)] == [
        'the crossref of "a" leads back to it',
        'the crossref of "b" leads back to it',
    ]
    assert loop.works["a"].item["issued"] == {"date-parts": [[1999]]}


def test_definitions_that_hold_each_other_twice_end() -> None:
    bomb = '@string{s0 = "xxxxxxxxxx"}' + "".join(f"@string{{s{n + 1} = s{n} # s{n}}}" for n in range(60))
    assert len(str(bibtex(f"{bomb}@book{{k, title = s60}}").works["k"].item)) < 100


@pytest.mark.parametrize("field", ["date", "urldate", "origdate", "eventdate"])
@pytest.mark.parametrize(("words", "is_date"), [("yesterday", False), ("2020-13-45", False), ("2020-06/2020-07", True)])
def test_a_date_that_is_none_is_found(field: str, words: str, is_date: bool) -> None:
    library = bibtex(f"@book{{k, author = {{Doe}}, title = {{T}}, year = 2020, {field} = {{{words}}}}}")
    found = [finding.message for finding in check_bibliography(library, {"k"})]
    assert found == ([] if is_date else [f'{field} of "k" is not a date: "{words}"'])


# -- CSL-JSON

ODD = [True, [], {}, [[]], [{}], [None], [5], ["x"], {"a": 1}, {"date-parts": 5}, {"date-parts": [5]}, {"date-parts": [["x"]]},
    {"date-parts": [[2020, 25]]}, {"date-parts": [[10**9]]}, {"raw": [1]}, [{"family": ["x"]}], [{"family": None}], [{"literal": ""}]]  # fmt: skip
SOUND = {
    "id": "k", "type": "book", "title": "T", "author": [{"family": "Doe", "given": "Jane"}], "issued": {"date-parts": [[2020]]},
}  # fmt: skip


def csl(**values: object) -> Library:
    return read_library([("references.json", json.dumps([SOUND | values]).encode())])


def test_a_value_of_another_type_is_left_out_and_named() -> None:
    for name in NAMES | DATES | TEXTS:
        for value in ODD:
            if not (name in NAMES and value == []):
                library = csl(**{name: value})
                assert [message.partition(" of ")[0] for _, message in faults(library)] == [f'"{name}"'], value
                assert name not in library.works["k"].item


def test_values_of_programs_are_left_out_and_not_published() -> None:
    library = csl(
        custom={"file": "/home/me/x.pdf"}, attachments=["/home/me"], key="x", our_author="x", annote="private"
    )
    assert faults(library) == []
    words = csl_json([library.works["k"]]).decode()
    assert "home" not in words
    assert "private" not in words
    made = format_text([library.works["k"].item], [((Cite("k"),), False)], None, "en")
    assert made.citations == ((("(", ""), ("Doe, 2020", "k"), (")", "")),)


@pytest.mark.parametrize(("value", "words"), [([{"given": "Plato"}], "Plato, 2020"), ([{"literal": 5}], "5, 2020")])
def test_odd_names_that_are_names_stay(value: object, words: str) -> None:
    made = format_text([csl(author=value).works["k"].item], [((Cite("k"),), False)], None, "en")
    assert made.citations[0][1] == (words, "k")


# -- markup and addresses


@pytest.mark.parametrize(
    ("title", "html"),
    [
        ("<i>a</i> < b", "<i>a</i> &lt; b"),
        ("<b>a", "&lt;b&gt;a"),
        ("a</b>", "a&lt;/b&gt;"),
        ("<b><i>a</b></i>", "<b>&lt;i&gt;a</b>&lt;/i&gt;"),
        ("\ue000script\ue001a", "scripta"),
        ("</span>A", "&lt;/span&gt;A"),
        ("<script>a", "&lt;script&gt;a"),
    ],
)
def test_half_a_tag_of_a_title_is_text(title: str, html: str) -> None:
    assert shown(hidden(title)) == html


MANY = 20_000


@pytest.mark.parametrize(
    ("title", "html"),
    [
        ("<i>" * MANY + "</b>" * MANY, "&lt;i&gt;" * MANY + "&lt;/b&gt;" * MANY),
        ("<i>" * MANY + "<b>x</b>" * MANY, "&lt;i&gt;" * MANY + "<b>x</b>" * MANY),
        ("<i><b></i>" * MANY, "<i>&lt;b&gt;</i>" * MANY),
        ("<i>" * MANY + "</i>" * MANY, "<i>" * MANY + "</i>" * MANY),
    ],
)
def test_each_tag_of_a_long_title_is_looked_at_once(title: str, html: str) -> None:
    """Where each was looked for among all before it, this took minutes."""
    assert shown(hidden(title)) == html


@pytest.mark.parametrize("end", [".", ")", ".)", "&gt;"])
def test_a_long_end_of_an_address_is_cut_at_once(end: str) -> None:
    address = "https://a.example/b"
    assert with_links(address + end * MANY).startswith(f'<a href="{address}')
    assert with_links(address + end * MANY + "x").endswith("x</a>")


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("https://a.example/b.", '<a href="https://a.example/b">https://a.example/b</a>.'),
        (
            "https://a.example/?b=1&amp;c=2)",
            '<a href="https://a.example/?b=1&amp;c=2">https://a.example/?b=1&amp;c=2</a>)',
        ),
        ('https://a.example/"onload="x', '<a href="https://a.example/">https://a.example/</a>"onload="x'),
        ("https://a.example/'b", '<a href="https://a.example/&#x27;b">https://a.example/\'b</a>'),
        ("&lt;https://a.example&gt;", '&lt;<a href="https://a.example">https://a.example</a>&gt;'),
        ("https://doi.org/10.1/(b)", '<a href="https://doi.org/10.1/(b)">https://doi.org/10.1/(b)</a>'),
        ("http://[x", "http://[x"),
        ("https://&lt;b&gt;", "https://&lt;b&gt;"),
    ],
)
def test_an_address_is_a_link_if_it_leads_to_a_host(html: str, linked: str) -> None:
    assert with_links(html) == linked


@pytest.mark.parametrize(
    "address", ["http://[x", 'https://a.example/\\"><script>', "javascript:alert(1)", "https:///a.b"]
)
def test_an_address_that_leads_nowhere_is_found(address: str) -> None:
    library = bibtex(f"@online{{k, title = {{T}}, year = 2020, url = {{{address}}}}}")
    assert ["is not a web address" in finding.message for finding in check_bibliography(library, {"k"})] == [True]


# -- long values


def test_a_long_title_is_read_as_a_short_one_is() -> None:
    assert sentence_case("The A Title. The End " * 500) == sentence_case("The A Title. The End ") + (
        "the a title. The end " * 499
    )
    assert sentence_case("A " * 30 + "B: “the C” d? (E F)") == "A " + "a " * 29 + "b: “The c” d? (E f)"


def test_names_are_split_where_they_are_in_no_braces() -> None:
    assert read_names("{A and B} and C, D and {\\'E} F and {{G}}") == [
        {"literal": "A and B"},
        {"family": "C", "given": "D"},
        {"family": "F", "given": "É"},
        {"literal": "G"},
    ]


# -- styles

STYLE = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="{}"><info><title>S</title><id>s</id>{}<updated>2020-01-01T00:00:00Z</updated></info>{}</style>'
CITATION = "<citation><layout>{}</layout></citation>"
LOOP = '<macro name="a"><text macro="b"/></macro><macro name="b"><text macro="a"/></macro>'
BOMB = "".join(f'<macro name="m{n}">' + f'<text macro="m{n + 1}"/>' * 9 + "</macro>" for n in range(9))
PARENT = '<link href="http://www.zotero.org/styles/nature" rel="independent-parent"/>'


def style(citation: str = '<text variable="title"/>', info: str = "", kind: str = "in-text", more: str = "") -> bytes:
    return STYLE.format(kind, info, more + CITATION.format(citation)).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"words", "it is not XML"),
        (b"<html/>", "it begins with <html>"),
        (style().replace(b"purl.org", b"other.example"), "it begins with <style>, not with"),
        (b'<locale xmlns="http://purl.org/net/xbiblio/csl" version="1.0"/>', "it begins with <locale>"),
        (style(info=PARENT), "it only names another style, which to take in its place: http://www.zotero.org/styles/nature"),
        (style().replace(b"<layout>", b"<lay>").replace(b"</layout>", b"</lay>"), "it does not follow CSL 1.0.2"),
        (style('<text macro="gone"/>'), 'it calls a macro "gone", which it does not have'),
        (style('<text macro="a"/>', more=LOOP), 'its macro "a" calls itself'),
        (style('<text macro="m0"/>', more=BOMB + '<macro name="m9"><text value="x"/></macro>'), "its macros call each other"),
        (b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + style("&b;"), "it does not follow CSL"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_style_says_why(data: bytes, message: str) -> None:
    with pytest.raises(BadStyle) as error:
        load_style(data, "en")
    assert str(error.value).startswith(message)


def test_a_style_of_notes_stands_in_brackets_and_one_without_a_list_has_none() -> None:
    notes = style(kind="note")
    assert is_note_style(notes)
    assert not is_note_style(style())
    made = format_text([SOUND], [((Cite("k", prefix="see"),), False)], notes, "en")
    assert made.citations == ((("(see ", ""), ("T", "k"), (")", "")),)
    assert made.entries == ()


NUMBERS = '<text variable="citation-number"/>'
LIST = '<bibliography second-field-align="flush"><layout><text variable="citation-number" suffix="."/><text variable="title"/></layout></bibliography>'


def test_numbers_are_raised_where_a_style_wants_them_so() -> None:
    data = style(NUMBERS).replace(b"<layout>", b'<layout vertical-align="sup" delimiter=",">')
    data = data.replace(b"</style>", f"{LIST}</style>".encode())
    items = [SOUND | {"id": key} for key in "ab"]
    made = format_text(items, [((Cite("a"), Cite("b")), False)], data, "en")
    assert made.citations == ((("<sup>1</sup>", "a"), ("<sup>,</sup>", ""), ("<sup>2</sup>", "b")),)
    assert [entry.html for entry in made.entries] == ["1. T", "2. T"]


def test_a_letter_tells_years_apart_in_a_style_that_does_not_say_where_and_given_names_people() -> None:
    cite = (
        '<names variable="author"><name form="short"/></names><date variable="issued"><date-part name="year"/></date>'
    )
    data = style(cite).replace(
        b"<citation>", b'<citation disambiguate-add-year-suffix="true" disambiguate-add-givenname="true">'
    )
    people = [[{"family": "Doe", "given": given}] for given in ("Jane", "Jane", "John", "Ann")]
    items = [SOUND | {"id": str(number), "author": names} for number, names in enumerate(people)]
    made = format_text(items, [((Cite(str(item["id"])),), False) for item in items], data, "en")
    assert ["".join(html for html, _ in parts) for parts in made.citations] == [
        "Jane Doe2020a", "Jane Doe2020b", "John Doe2020", "Ann Doe2020"
    ]  # fmt: skip
