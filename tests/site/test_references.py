"""Citations on pages, in feeds and in transcripts; the bibliography beside the page; what is made again when it changes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Folder, issue_text

from weekahead.build.check import check
from weekahead.markdown import citations
from weekahead.model.findings import BuildError, Finding

BIB = r"""
@string{as = "Applied Sciences"}
@incollection{alla2021, author = {Alla, Sridhar and Adari, Suman Kalyan}, title = {What Is {MLOps}?}, pages = {79--124},
  booktitle = {Beginning {MLOps} with {MLFlow}}, publisher = {Apress}, year = {2021}}
@article{ruf2021, author = {Ruf, Philipp and Madan, Manav and Reich, Christoph}, title = {Demystifying {MLOps} < 3 & more}, journal = as,
  year = 2021, doi = {10.3390/app11198861}, file = {/home/nora/secret.pdf}}
@book{later, author = {Later, Lea}, title = {Not Yet}, year = 2030}
"""
AUDIO = "{url: https://letter.example/a.mp3, bytes: 9, duration: '0:10'}"
ALLA = "Alla, S., &amp; Adari, S. K. (2021). What is MLOps? In <i>Beginning MLOps with MLFlow</i> (pp.\u00a079–124). Apress."


def cite(folder: Folder, body: str, bibliography: str = BIB) -> None:
    folder.write("references.bib", bibliography)
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", body=body, audio=AUDIO))


def prose(folder: Folder) -> str:
    page = folder.read("issues/1-first/index.html").replace("&nbsp;", "\u00a0")
    return page.partition('<div class="prose">')[2].partition("</article>")[0]


def findings(folder: Folder) -> list[Finding]:
    return list(check(folder.root, "2022-02-01").findings)


def test_a_citation_leads_to_its_entry_and_the_entry_back(folder: Folder) -> None:
    cite(folder, "See [@alla2021, p. 81; @ruf2021], and @{ruf2021}. By @nora.")
    folder.build()
    page = prose(folder)
    first = '<a class="citation" href="#ref-alla2021" id="cite-alla2021">Alla &amp; Adari, 2021, p.\u00a081</a>'
    assert f'See ({first}; <a class="citation" href="#ref-ruf2021" id="cite-ruf2021">Ruf et al., 2021</a>)' in page
    assert '<a class="citation" href="#ref-ruf2021">Ruf et al. (2021)</a>. By @nora.' in page
    assert f'<h2 id="references">References</h2>\n<div class="references">\n<p id="ref-alla2021">{ALLA} <a ' in page
    assert 'href="#cite-alla2021" title="Back to the text" aria-label="Back to the text">↩</a>' in page
    assert (
        'Demystifying MLOps &lt; 3 &amp; more. <i>Applied Sciences</i>. <a href="https://doi.org/10.3390/app11198861">'
        in page
    )


def test_feeds_and_transcripts_have_the_words_alone(folder: Folder) -> None:
    cite(folder, "See [@alla2021].")
    folder.build()
    item = folder.read("feed.xml").partition("<content:encoded>")[2]
    assert "See (Alla &amp; Adari, 2021)." in item
    assert f">{ALLA} </p>" in item
    assert "↩" not in item
    transcript = folder.read("issues/1-first/transcript.txt")
    assert "See (Alla & Adari, 2021).\n" in transcript
    assert "Alla, S., & Adari, S. K. (2021). What is MLOps?" in transcript


def test_the_list_stands_where_its_block_does(folder: Folder) -> None:
    cite(folder, "See [@alla2021].\n\n## Sources\n\n/// references\n///\n\n## More\n\nText.")
    folder.build()
    page = prose(folder)
    assert page.index("Sources") < page.index(ALLA) < page.index("More")
    assert page.count(ALLA) == 1
    assert 'id="references"' not in page


def test_what_an_issue_cites_is_published_beside_it_and_nothing_else(folder: Folder) -> None:
    cite(folder, "See [@ruf2021].")
    folder.build()
    bib = folder.read("issues/1-first/bibliography.bib")
    assert bib.startswith('@string{as = "Applied Sciences"}\n\n@article{ruf2021,')
    assert "secret" not in bib
    assert [item["id"] for item in json.loads(folder.read("issues/1-first/bibliography.json"))] == ["ruf2021"]
    assert 'href="/issues/1-first/bibliography.bib" download>BibTeX</a>' in prose(folder)
    assert not any("Not Yet" in (folder.root / "site" / name).read_text("utf-8", "replace") for name in folder.site())


@pytest.mark.parametrize(
    "body", ["[@alla2021] and @{alla2021}", "[see @nora]", "mail@letter.example @alla2021", "`[@alla2021]`"]
)
def test_without_a_bibliography_all_of_it_is_text(folder: Folder, body: str) -> None:
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", body=body))
    folder.build()
    assert re.sub("<[^>]+>", "", prose(folder)).strip().startswith(body.replace("`", ""))


@pytest.mark.parametrize(
    "body",
    [
        "[thanks to @nora](https://letter.example)",
        "[by @nora]",
        "@nora",
        "\\[@alla2021]",
        "`@{alla2021}`",
        "[@ nora]",
        "a@{b",
    ],
)
def test_with_a_bibliography_what_is_no_citation_is_text(folder: Folder, body: str) -> None:
    cite(folder, body)
    folder.build()
    assert "citation" not in prose(folder)


@pytest.mark.parametrize("after", ["[^1]\n\n[^1]: A note.", "[@ruf2021]", "[-@ruf2021]", ": it says", "\u2019s"])
def test_whatever_stands_behind_a_citation_but_an_address(folder: Folder, after: str) -> None:
    cite(folder, f"See [@alla2021]{after}")
    folder.build()
    assert '(<a class="citation" href="#ref-alla2021"' in prose(folder)


def test_a_title_whose_tags_are_not_closed_changes_nothing_behind_it(folder: Folder) -> None:
    work = {"id": "a", "type": "book", "title": "<sup>T <i>i</i> </b>", "URL": 'https://x.example/"onclick="a'}
    folder.write(
        "references.json", json.dumps([work | {"issued": {"date-parts": [[2001]]}, "author": [{"family": "Ask"}]}])
    )
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", body="See [@a]."))
    folder.build()
    entry = prose(folder)
    assert "<i>&lt;sup&gt;T <i>i</i> &lt;/b&gt;</i>" in entry
    assert '<a href="https://x.example/">' in entry


def test_an_unknown_key_is_an_error_with_the_nearest(folder: Folder) -> None:
    cite(folder, "One.\n\nSee\n[@alla2012, p. 4].")
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert (
        'issues/0001-first.md:12: error: no reference has the key "alla2012" [citation]\n    Did you mean "alla2021"?'
        in str(refused.value)
    )


@pytest.mark.parametrize(
    "words",
    [
        "[@alla2021;]",
        "[@ alla2021]",
        "[; @alla2021]",
        "[@alla2021; and more]",
        "[@alla2021 @ruf2021]",
        "[@alla2021;; @ruf2021]",
    ],
)
def test_brackets_that_name_a_reference_and_are_no_citation_are_an_error(folder: Folder, words: str) -> None:
    cite(folder, f"One.\n\nSee {words}, and {words}.")
    with pytest.raises(BuildError) as refused:
        folder.build()
    found = [(each.where.line, each.rule, each.message) for each in refused.value.findings if each.is_error]
    assert found == [(11, "citation", f"{words} names a reference, but is not a citation")]


@pytest.mark.parametrize(
    "words",
    [
        "[see @nobody;]",
        "[a @ b]",
        "`[@alla2021;]`",
        "\\[@alla2021;]",
        "[mail](mailto:a@alla2021.example)",
        "[@alla2021;](/)",
    ],
)
def test_brackets_that_name_no_reference_are_words(folder: Folder, words: str) -> None:
    cite(folder, f"See {words}.")
    folder.build()


def test_a_bibliography_beside_the_issue_comes_before_the_letters(folder: Folder) -> None:
    cite(folder, "Nothing.")
    other = "@book{alla2021, author = {Otter, Olga}, title = {Other}, year = 1999, publisher = {P}}"
    folder.write("issues/0009-nine/references.bib", other)
    folder.write("issues/0009-nine/index.md", issue_text(9, "2022-02-11", "Nine", body="See [@alla2021], [@ruf2021]."))
    folder.build(as_of="2022-03-01")
    page = folder.read("issues/9-nine/index.html")
    assert "Otter, 1999" in page
    assert "Ruf et al., 2021" in page


def test_csl_json_is_a_bibliography_too(folder: Folder) -> None:
    work = {"id": "a", "type": "book", "title": "Title <i>here</i>", "author": [{"family": "Ask", "given": "Ann"}]}
    folder.write("references.json", json.dumps([work | {"issued": {"date-parts": [[2001]]}, "publisher": "P"}]))
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", body="See [@a]."))
    folder.build()
    assert "Ask, A. (2001). <i>Title <i>here</i></i>. P." in prose(folder)
    assert not (folder.root / "site/issues/1-first/bibliography.bib").exists()


def test_a_change_of_the_bibliography_makes_again_what_cites_it_and_nothing_else(folder: Folder) -> None:
    cite(folder, "See [@alla2021].")
    folder.build()
    folder.write("references.bib", BIB.replace("Suman Kalyan", "Zoe"))
    changed = [each.path for each in folder.build().changes.written]
    assert {"issues/1-first/index.html", "issues/1-first/bibliography.json", "feed.xml"} <= {*changed}
    assert "issues/2-second/index.html" not in changed
    assert "Adari, Z." in prose(folder)
    assert not folder.build().changes.written


def test_another_style_and_language(folder: Folder) -> None:
    style = (Path(citations.__file__).parents[1] / "references/apa.csl").read_text("utf-8")
    folder.write(
        "mine.csl",
        style.replace(
            'prefix="(" suffix=")">\n      <group delimiter=", ">',
            'prefix="[" suffix="]">\n      <group delimiter=" ">',
            1,
        ),
    )
    cite(folder, "See [@alla2021].")
    folder.replace("letter.yaml", "title:", "citation: {style: mine.csl}\nlanguage: de\ntitle:")
    folder.build()
    assert "See [<a " in prose(folder)
    assert "Alla &amp; Adari 2021</a>]" in prose(folder)
    assert "(S.\u00a079–124)" in prose(folder)
    folder.write("mine.csl", "<style>")
    with pytest.raises(BuildError, match=r"mine.csl:1: error: this is not a citation style: it is not XML"):
        folder.build()


def test_a_reference_within_a_range_of_numbers_has_a_link_back(folder: Folder) -> None:
    works = "".join(
        f"@book{{k{n}, author = {{Doe, A.}}, title = {{T{n}}}, year = 2001, publisher = {{P}}}}\n" for n in range(4)
    )
    cite(folder, "See [@k0; @k1; @k2], then [@k3] and [@k1; @k2; @k3].", works)
    folder.write("mine.csl", RANGED)
    folder.replace("letter.yaml", "title:", "citation: {style: mine.csl}\ntitle:")
    folder.build()
    page = prose(folder)
    assert (
        '<a class="citation" href="#ref-k0" id="cite-k0">1</a><span id="cite-k1"></span>–<a class="citation" href="#ref-k2"'
        in page
    )
    assert '>2</a>–<a class="citation" href="#ref-k3">4</a>]' in page
    assert all(page.count(f'id="cite-k{n}"') == page.count(f'href="#cite-k{n}"') == 1 for n in range(4))


RANGED = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>T</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>
<citation collapse="citation-number"><layout prefix="[" suffix="]" delimiter=", "><text variable="citation-number"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>
"""
NUMBERED = """\
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="CLASS"><info><title>S</title><id>s</id>
<updated>2020-01-01T00:00:00Z</updated></info><citation><layout vertical-align="sup"><text variable="citation-number"/></layout></citation></style>
"""


def test_raised_numbers_stand_in_brackets_in_plain_text_and_a_style_without_a_list_has_no_links(folder: Folder) -> None:
    folder.write("mine.csl", NUMBERED.replace("CLASS", "note"))
    cite(folder, "See this[@alla2021].")
    folder.replace("letter.yaml", "title:", "citation: {style: mine.csl}\ntitle:")
    folder.build()
    assert "See this<sup>(</sup><sup>1</sup><sup>)</sup>." in prose(folder)
    assert 'id="references"' not in prose(folder)
    found = [finding for finding in findings(folder) if finding.rule == "citation-notes"]
    assert [(finding.where.file, finding.where.line) for finding in found] == [("mine.csl", 1)]
    folder.write("mine.csl", NUMBERED.replace("CLASS", "in-text").replace("</citation>", f"</citation>{LIST}"))
    folder.build()
    assert 'id="cite-alla2021"><sup>1</sup></a>' in prose(folder)
    assert "See this[1]." in folder.read("search/2022.json")
    assert "citation-notes" not in {finding.rule for finding in findings(folder)}


LIST = "<bibliography><layout><text variable='title'/></layout></bibliography>"


def test_a_letter_without_the_packages_gets_one_finding_that_says_how_to_install_them(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cite(folder, "See [@alla2021].")
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "Second", body="See [@ruf2021]."))
    monkeypatch.setattr(citations, "is_installed", lambda: False)
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert [str(finding) for finding in refused.value.findings if finding.is_error] == [
        "letter.yaml:1: error: references need packages that are not installed here [references-extra]\n"
        "    Install them: pip install 'weekahead[references]'"
    ]


def test_a_letter_without_citations_imports_none_of_it(folder: Folder) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom weekahead.build.check import check\n"
        "from weekahead.build.pipeline import BuildOptions, build\nroot = Path(sys.argv[1])\n"
        "build(BuildOptions(root=root, as_of='2022-02-01'))\ncheck(root, '2022-02-01')\n"
        "print([name for name in sys.modules if name.startswith(('weekahead.references', 'citeproc', 'bibtexparser'))])"
    )
    done = subprocess.run([sys.executable, "-c", program, folder.root], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


FAULTY = r"""
@misc{glued, author = {A, B}, title = {T}, year = 2021, url = {https://arxiv.org/pdf/2103.08942.pdf[Zugriffam09.09.2021}}
@book{nothing, isbn = {978-0-306-40615-8}, doi = {11.23}}
@misc{arxiv, author = {A, B}, title = {T}, year = {n.d.}, eprint = {2113.1}, archiveprefix = {arXiv}}
@misc{one, author = {A, B}, title = {T}, year = 2021, doi = {10.1000/x}}
@misc{two, author = {A, B}, title = {T}, year = 2021, doi = {https://doi.org/10.1000/X}}
@misc{two, author = {A, B}, title = {T}, year = 2021}
@misc{broken, title = {T
"""


def test_what_is_wrong_with_a_bibliography_is_found(folder: Folder) -> None:
    cite(folder, "See [@glued; @nothing; @arxiv; @one].", FAULTY)
    found = [
        (each.where.line, each.rule, each.message) for each in findings(folder) if each.where.file == "references.bib"
    ]
    assert found == [
        (2, "reference-malformed", 'words are glued to the address of "glued": "[Zugriffam09.09.2021"'),
        (3, "reference-lacks", '"nothing" has no author and no year and no title'),
        (3, "reference-malformed", '"11.23" is not a valid DOI'),
        (3, "reference-malformed", '"978-0-306-40615-8" is not a valid ISBN'),
        (4, "reference-malformed", '"2113.1" is not a valid arXiv id'),
        (6, "reference-doubled", '"two" has the DOI of "one": 10.1000/x'),
        (6, "reference-unused", 'no text cites "two"'),
        (7, "bibliography", 'the key "two" is already that of the entry in line 6'),
        (8, "bibliography", "this entry cannot be read"),
    ]  # fmt: skip


def test_a_sound_bibliography_has_no_finding(folder: Folder) -> None:
    sound = (
        BIB.replace("@book{later", "@book{kept")
        + "@online{page, title={T}, year=2020, url={https://x.example/a_(b).pdf}}"
    )
    cite(folder, "See [@alla2021; @ruf2021; @kept; @page].", sound)
    assert [finding for finding in findings(folder) if finding.where.file == "references.bib"] == []


ODD = [
    {"id": "a", "title": 5, "issued": "2020", "author": "Ann"},
    {"id": "a", "title": "T", "issued": {"date-parts": [["x", 13, 99]]}, "author": [5, {"family": 7}]},
    {
        "id": "a",
        "title": "<i>T <span class='x'>&amp; </b>",
        "issued": {"date-parts": [[2020, 13]]},
        "author": [{}],
        "page": "a-b-c",
    },
    {"id": "a", "type": 5, "issued": {"raw": "?"}, "editor": [{"literal": ""}], "number": [], "DOI": {}},
]


@pytest.mark.parametrize("item", ODD, ids=range(len(ODD)))
def test_odd_references_never_stop_with_a_traceback(folder: Folder, item: dict[str, object]) -> None:
    folder.write("references.json", json.dumps([item]))
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", body="See [@a, p. 1], @{a}."))
    rules = {finding.rule for finding in check(folder.root, "2022-02-01").findings if finding.is_error}
    assert rules <= {"citation-style"}


@pytest.mark.parametrize(
    "title", ["{" * 3000, "{" * 500 + "}" * 500, "\\textbf" * 2000, '\\"{' * 400, "{\\" * 300, "@" * 99]
)
def test_odd_bibtex_never_stops_with_a_traceback(folder: Folder, title: str) -> None:
    cite(folder, "See [@a].", f"@book{{a, title = {{{title}}}, year = 2020, publisher = P}}")
    assert {finding.rule for finding in check(folder.root, "2022-02-01").findings if finding.is_error} <= {
        "citation",
        "text-too-deep",
    }
