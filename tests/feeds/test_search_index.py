"""What the archive's search looks through."""

from __future__ import annotations

import json

from tests.conftest import LETTER, Folder, issue_text


def known(folder: Folder, year: int = 2022) -> dict[str, str]:
    return json.loads(folder.read(f"search/{year}.json"))  # type: ignore[no-any-return]


def test_it_has_the_texts_of_what_is_out_by_address_and_year(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER.replace("https://letter.example/", "https://x.example/letter/"))
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth", "Withheld."))
    text = "# Café <b>au</b> lait\n\n<style>b {}</style>"
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", text, research_note="Nota"))
    folder.write("issues/old.md", "---\ntitle: Old\ndate: 2021-12-01\nstatus: ready\n---\n\nOld  \nwords.\n")
    folder.build()
    assert list(known(folder)) == [
        f"/letter/issues/{slug}/" for slug in ("5-fifth", "4-fourth", "3-third", "2-second", "1-first")
    ]
    assert known(folder)["/letter/issues/4-fourth/"] == "Nota Café au lait"
    assert known(folder, 2021) == {"/letter/issues/2021-12-01-old/": "Old words."}
    assert 'data-words="/letter/search/2021.json"' in folder.read("archive/index.html")


def test_an_edit_changes_its_year_alone(folder: Folder) -> None:
    folder.write("issues/old.md", "---\ntitle: Old\ndate: 2021-12-01\nstatus: ready\n---\n\nOld words.\n")
    folder.build()
    path = folder.root / "issues/0002-second.md"
    path.write_text(path.read_text() + "\nMore.\n")
    changed = {change.path for change in folder.build().changes.written}
    assert {path for path in changed if path.startswith("search/")} == {"search/2022.json"}
    path.write_text(path.read_text().replace("title: Second letter", "title: Another"))
    changed = {change.path for change in folder.build().changes.written}
    assert not {path for path in changed if path.startswith("search/")}


def test_a_letter_may_do_without(folder: Folder) -> None:
    folder.build()
    assert "search/2022.json" in folder.site()
    folder.write("letter.yaml", LETTER + "search: false\n")
    folder.build()
    assert not [path for path in folder.site() if path.startswith("search/")]
    assert "data-words" not in folder.read("archive/index.html")
    assert "find.js" in folder.read("archive/index.html")
