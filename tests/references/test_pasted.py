"""Pasted references become entries; what has no known shape is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said

from weekahead.build.check import check
from weekahead.references.library import read_library
from weekahead.references.pasted import read_pasted
from weekahead.references.style import format_text

SEED = """\
Alla, S., & Adari, S. K. (2021). What is mlops?. In Beginning MLOps with MLFlow (pp. 79-124). Apress, Berkeley, CA. https://arxiv.org/pdf/2103.08942.pdf[Zugriffam09.09.2021

Zhou, Y., Yu, Y., & Ding, B. (2020, October). Towards mlops: A case study of ml pipeline platform. In 2020 International conference on artificial intelligence and computer engineering (ICAICE) (pp. 494-500). IEEE. https://www.researchgate.net/profile/Yue-Yu-126/publication/349802712.pdf

Renggli, C., Rimanic, L., Gürel, N. M., Karlaš, B., Wu, W., & Zhang, C. (2021). A data quality-driven view of mlops. arXiv preprint arXiv:2102.07750. https://arxiv.org/pdf/2102.07750.pdf

Ruf, P., Madan, M., Reich, C., & Ould-Abdeslam, D. (2021). Demystifying mlops and presenting a recipe for the selection of open-source tools. Applied Sciences, 11(19), 8861. https://www.mdpi.com/2076-3417/11/19/8861/pdf
"""
"""The references of the seed letter, as its author pasted them."""


def formatted(text: str) -> list[str]:
    """The list that is made of what was pasted."""
    entries = "\n".join(found.entry for found in read_pasted(text))
    works = read_library([("pasted.bib", entries.encode())]).works
    return [
        entry.html.replace("\u00a0", " ")
        for entry in format_text([work.item for work in works.values()], [], None, "en").entries
    ]


def test_the_references_of_the_seed_become_four_entries_in_apa() -> None:
    assert [found.key for found in read_pasted(SEED)] == ["alla2021", "zhou2020", "renggli2021", "ruf2021"]
    assert [found.left_out for found in read_pasted(SEED)] == ["[Zugriffam09.09.2021", "", "", ""]
    assert formatted(SEED) == [
        "Alla, S., &amp; Adari, S. K. (2021). What is mlops? In <i>Beginning MLOps with MLFlow</i> (pp. 79–124). Apress."
        " https://arxiv.org/pdf/2103.08942.pdf",
        "Renggli, C., Rimanic, L., Gürel, N. M., Karlaš, B., Wu, W., &amp; Zhang, C. (2021). <i>A data quality-driven view of mlops</i>."
        " https://arxiv.org/abs/2102.07750",
        "Ruf, P., Madan, M., Reich, C., &amp; Ould-Abdeslam, D. (2021). Demystifying mlops and presenting a recipe for the selection of"
        " open-source tools. <i>Applied Sciences</i>, <i>11</i>(19), 8861. https://www.mdpi.com/2076-3417/11/19/8861/pdf",
        "Zhou, Y., Yu, Y., &amp; Ding, B. (2020). Towards mlops: A case study of ml pipeline platform. <i>2020 International Conference on"
        " Artificial Intelligence and Computer Engineering (ICAICE)</i>, 494–500."
        " https://www.researchgate.net/profile/Yue-Yu-126/publication/349802712.pdf",
    ]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("World Health Organization. (2020). Global report. WHO Press.", ["@book{who2020,", "{{World Health Organization}}"]),
        ("Doe, J. (2020). Cats & dogs. *Pets*, *3*, e12. doi:10.1000/x", ["@article{doe2020,", "Cats \\& dogs", "{e12}", "{10.1000/x}"]),
        ("[1] Doe, J., et al. (n.d.). Who? A Press.", ["@book{doend,", "{Doe, J. and others}", "{n.d.}"]),
        ("Berg, J. van der, Jr. (2019, March 3). NASA at work. https://x.example/a", ["@online{", "month = mar", "{NASA}"]),
        ("Ost, A. (2018). Deep [Master's thesis, University of Bergen].", ["@mastersthesis{ost2018,", "{University of Bergen}"]),
        ("Ost, A. (2018). Deep. In B. C. East & D. West (Eds.), Wide (Vol. 2, pp. 3–9). P.", ["{East, B. C. and West, D.}", "{3--9}"]),
    ],
)  # fmt: skip
def test_the_shapes_of_apa(words: str, parts: list[str]) -> None:
    (found,) = read_pasted(words)
    assert [part for part in parts if part not in found.entry] == []


@pytest.mark.parametrize(
    "words",
    [
        "Just words.",
        "See (2020) for more.",
        "Knuth 1984, Literate programming",
        "(2020). No author.",
        "a" * 3000,
        "A, B, C (2020). T. P.",
    ],
)
def test_what_has_no_such_shape_is_refused(words: str) -> None:
    assert [found.entry for found in read_pasted(words)] == [""]


def test_keys_are_never_given_twice() -> None:
    one = "Doe, J. (2020). One. P.\nDoe, J. (2020). Two. P."
    assert [found.key for found in read_pasted(one, {"doe2020"})] == ["doe2020a", "doe2020b"]


def test_the_command_adds_what_is_wanted_and_names_what_it_cannot_read(
    folder: Folder, tmp_path: Path, run: Callable[..., Said]
) -> None:
    (tmp_path / "pasted.txt").write_text(SEED + "\nJust words.\n")
    folder.write(
        "references.bib",
        "% mine\n@misc{mine, title={Demystifying MLOps and presenting a recipe for the selection of open-source tools}}",
    )
    said = run("references", "import", "--root", folder.root, "--yes", tmp_path / "pasted.txt")
    assert said.status == 1
    assert "Cannot read: Just words." in said.err
    assert "Left out, glued to the address: [Zugriffam09.09.2021" in said.out
    assert 'The bibliography has it already, as "mine".' in said.out
    assert said.out.endswith("3 references added to references.bib.\n")
    text = (folder.root / "references.bib").read_text()
    assert text.startswith("% mine\n@misc{mine")
    assert text.count("\n@") == 4
    assert run("references", "import", "--root", folder.root, "--yes", tmp_path / "pasted.txt").out.endswith(
        "0 references added to references.bib.\n"
    )


def test_each_is_added_only_for_a_yes(
    folder: Folder, tmp_path: Path, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    (tmp_path / "pasted.txt").write_text(SEED)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\nno\n\nYes\n"))
    said = run("references", "import", "--root", folder.root, tmp_path / "pasted.txt")
    assert said.out.count("Add it? [y/N]") == 4
    text = (folder.root / "references.bib").read_text()
    assert [key in text for key in ("alla2021", "zhou2020", "renggli2021", "ruf2021")] == [True, False, False, True]
    assert check(folder.root, "2022-02-01")


CROSSREF = (
    '{"message": {"items": [{"DOI": "10.1/other", "title": ["Other"]}, {"DOI": "10.3390/app11198861", "title": ["Demystifying MLOps: A Recipe"],\
 "author": [{"family": "Ruf"}], "issued": {"date-parts": [[2021, 9]]}}]}}'
)


@pytest.mark.parametrize(
    ("fields", "proposed"),
    [
        ("title = {Demystifying {MLOps}: A recipe}, year = 2021", True),
        ("title = {Demystifying {MLOps}: A recipe}, year = 2020", True),
        ("title = {Demystifying {MLOps}: A recipe}, year = 2015", False),
        ("title = {Demystifying maps}, year = 2021", False),
        ("title = {Demystifying {MLOps}: A recipe}, year = 2021, doi = {10.1/x}", False),
    ],
)
def test_a_doi_is_proposed_for_the_same_work_alone(fields: str, proposed: bool) -> None:
    from weekahead.lint.doi_proposals import propose_dois

    bib = f"@article{{ruf, author = {{Ruf, Philipp}}, journal = {{J}}, {fields}}}"
    works = read_library([("references.bib", bib.encode())]).works.values()
    asked: list[str] = []

    def ask(address: str) -> bytes:
        asked.append(address)
        return CROSSREF.encode()

    found = [finding.message for finding in propose_dois(works, ask)]
    assert found == (['crossref.org has a DOI for "ruf": 10.3390/app11198861'] if proposed else [])
    assert all(address.startswith("https://api.crossref.org/works?") for address in asked)
    assert not list(propose_dois(works, lambda address: b"<html>"))
    assert not list(propose_dois(works, lambda address: None))
