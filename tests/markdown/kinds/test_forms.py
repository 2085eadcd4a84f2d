"""What content kinds become where there is no style sheet: in mail, in feeds, in plain text."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.conftest import Folder, issue_text, png

from weekahead.markdown.kinds import adapt
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.renderer import convert, place
from weekahead.site.html_text import sanitize_for_feed, to_plain_text

BOX = '<table role="presentation" width="100%" cellpadding="12" cellspacing="0" style="margin:16px 0"><tr>'
LINED = (
    '<table border="1" cellpadding="4" cellspacing="0" width="100%" bordercolor="#8a8a8a" style="border-collapse:collapse;'
    'border-color:#8a8a8a;font-size:14px;word-break:break-word;word-wrap:break-word">'
)


def page(text: str) -> str:
    files = {"a.csv": File("issues/a.csv", b"Name,Readers\nA,1\n")}
    return place(convert(text, files=files), {})


def mail(html: str) -> str:
    tree = LexborHTMLParser(html, is_fragment=True)
    adapt(tree, "mail")
    return re.sub(r"\n+", "", tree.html or "")


@pytest.mark.parametrize(
    ("text", "looks", "label"),
    [
        ("/// note\nWords.\n///", "note", "note"),
        ("/// correction | Week 6\nWords.\n///", "note correction", "correction · Week 6"),
        ("> [!TIP]\n> Words.", "note alert tip", "tip"),
    ],
)
def test_a_note_is_a_cell_in_mail(text: str, looks: str, label: str) -> None:
    cell = f'<td class="{looks}" role="note" style="border:1px solid #8a8a8a">'
    label = f'<p class="label"><strong>{label}</strong></p>'
    assert mail(page(text)) == f"{BOX}{cell}{label}<p>Words.</p></td></tr></table>"


def test_a_post_and_a_video_are_cells_in_mail() -> None:
    text = "/// post | Win\nWords.\n///\n\n/// video | Demo\naddress: https://v.example/x\n///"
    style = 'style="border:1px solid #8a8a8a"'
    post = f'{BOX}<td class="post" {style}><blockquote><p>Words.</p></blockquote><p>— Win</p></td></tr></table>'
    link = '<p><a href="https://v.example/x">Demo</a></p>'
    assert mail(page(text)) == f'{post}{BOX}<td class="video" {style}>{link}<p>video</p></td></tr></table>'


def test_a_still_is_as_wide_as_the_mail_and_part_of_its_link() -> None:
    made = mail(page('/// video | Demo\naddress: https://v.example/x\nstill: a "b".PNG\n///'))
    assert made.count("<a ") == 1
    assert (
        '<a href="https://v.example/x"><img src="a &quot;b&quot;.PNG" alt="" loading="lazy" width="100%"><br>Demo</a>'
        in made
    )


def test_a_table_keeps_its_headings_and_does_not_scroll_in_mail() -> None:
    head = '<thead><tr><th scope="col">Name</th><th scope="col" class="align-right" align="right">Readers</th></tr></thead>'
    body = '<tbody><tr><th scope="row">A</th><td class="align-right" align="right">1</td></tr></tbody>'
    below = '<p>data_file: <a href="a.csv">a.csv</a></p>'
    caption = "<caption><strong>table_number.</strong> T</caption>"
    wanted = f'<div class="data" id="table-1">{LINED}{caption}{head}{body}</table>{below}</div>'
    assert mail(page("/// table | T\nfile: a.csv\n///")) == wanted
    assert mail(page("|a|\n|-|\n|b|")).startswith(f"{LINED}<thead><tr><th>a</th>")


def test_long_addresses_break_in_mail() -> None:
    style = 'style="word-break:break-word;word-wrap:break-word"'
    assert mail(page("/// references\nX\n///")) == f'<div class="references" {style}><p>X</p></div>'


def test_a_table_in_a_note_has_the_lines_of_a_table_in_mail() -> None:
    made = mail(page("> [!NOTE]\n> > [!TIP]\n> > |a|\n> > |-|\n> > |b|"))
    assert made.count(LINED) == 1
    assert made.count(BOX) == 2
    assert made.count("<th>a</th>") == 1


def test_an_authors_own_style_wins_in_mail() -> None:
    assert 'word-wrap:break-word;width: 50%"' in mail('<table style="width: 50%"><tbody></tbody></table>')


def test_a_task_is_a_character_everywhere_but_on_the_page() -> None:
    text = "- [x] done\n- [ ] to do"
    assert mail(page(text)).count("<input") == 0
    assert re.findall("[☐☑] +[a-z ]+", mail(page(text))) == ["☑  done", "☐  to do"]
    assert to_plain_text(page(text)) == "☑ done\n\n☐ to do"
    assert "☑  done" in sanitize_for_feed(page(text), "https://letter.example/")


def test_an_address_to_a_note_works_in_feeds() -> None:
    html = '<div role="note" id="here"><p>Words</p></div>'
    assert sanitize_for_feed(html, "https://letter.example/") == '<blockquote id="here"><p>Words</p></blockquote>'


def test_code_with_numbered_lines_has_no_lines_of_a_table() -> None:
    assert "border" not in mail(page('```python linenums="1"\nx = 1\n```'))


def test_a_still_is_published_with_its_size_and_a_missing_one_is_found(folder: Folder) -> None:
    body = "/// video | Demo\naddress: https://v.example/x\nstill: {}\n///"
    folder.write("issues/demo.png", png(640, 360))
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body.format("demo.png")))
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert re.search(r'<img src="/issues/5-fifth/demo\.png" [^>]*width="640" height="360"', page)
    assert "issues/5-fifth/demo.png" in folder.site()
    assert "unnamed-file" not in {rule for *_, rule in folder.rules()}
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body.format("gone.png")))
    [(line, rule)] = [(line, rule) for file, line, rule in folder.rules() if "0005" in file]
    assert (line, rule) == (10, "dead-link")
