"""Small marks: HTML that is refused, our own marks, marks of summaries, unknown shortcodes."""

from __future__ import annotations

import pytest

from weekahead.importers.dialects.converter import convert_markdown
from weekahead.importers.dialects.liquid import liquid
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.dialects.shortcodes import hugo_shortcodes
from weekahead.importers.notes import Note, Notes, Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.markdown.renderer import convert
from weekahead.model.findings import Location


def converted(text: str, *passes: MarkdownPass) -> tuple[str, list[Note]]:
    notes = Notes()
    result = convert_markdown(text, passes, PostNotes(notes, "post", Location("post.md", 1)))
    return result.markdown.rstrip("\n"), notes.all


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<iframe src="https://player.vimeo.com/video/76979871"></iframe>', "/// video | Vimeo\naddress: https://vimeo.com/76979871\n///"),
        ('<p><iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe></p>', '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">YouTube</a></p>'),
        ('<iframe src="https://maps.example/x" title="The *map*">old</iframe>', "[The \\*map\\*](https://maps.example/x)"),
        ('Words <iframe src="https://maps.example/x"></iframe> go on.', "Words [https://maps.example/x](https://maps.example/x) go on."),
        ('<a href="javascript:x()" onclick="y()" title="t">words</a>', '<a title="t">words</a>'),
        ('<img src="a.png" onerror=x alt="b">', '<img src="a.png" alt="b">'),
        ("a<script>b</script>c", "ac"),
        ("<style>\np { color: red }\n</style>\n\nx", "x"),
        ('<div markdown="1">\n*x*\n</div>', "<div>\n\n*x*\n</div>"),
        ("One.\n\n<!-- more -->\n\nTwo.", "One.\n\n\n\nTwo."),
        ("[TOC]\n\nx", "x"),
    ],
)  # fmt: skip
def test_what_a_letter_refuses_is_changed_with_a_note(source: str, expected: str) -> None:
    text, notes = converted(source)
    assert text == expected
    assert notes
    assert not [fault for fault in convert(text).faults if fault.rule != "note-unused"]


@pytest.mark.parametrize(
    "source",
    [
        "`<script>x</script>`", "```html\n<iframe src=x></iframe>\n```", "<pre>onclick=x</pre>",
        "<!-- a comment -->", "<!--\nRead more: https://a.example\n-->", "the word onclick=x", "<b onx>x</b>", "x / y // z",
        "    /// indented code", "a [toc] in words", "<details><summary>x</summary>\n\ny\n\n</details>",
    ],
)  # fmt: skip
def test_what_only_looks_so_stays(source: str) -> None:
    assert converted(source) == (source, [])


def test_our_own_kinds_are_text_in_others_texts() -> None:
    text, _ = converted("/// note | x\nwords\n///\n\n/// whatever\n")
    assert text == "\\/// note | x\nwords\n\\///\n\n\\/// whatever"
    assert convert(text).faults == ()


def test_marks_that_are_text_in_a_dialect_are_escaped_but_not_in_code_or_addresses() -> None:
    text = "## Head {#id}\n\n==a== `==b==` [c](x?a==b&d=:tada:){.wide} at 10:100:20 :tada:\n\nTerm\n: no meaning\n\n*[CSS]: x"
    result, _ = converted(text, escape_marks("attributes", "highlights", "definitions", "abbreviations", "emoji"))
    assert result == (
        "## Head \\{#id}\n\n\\==a== `==b==` [c](x?a==b&d=:tada:)\\{.wide} at 10:100:20 \\:tada:\n\nTerm\n\\: no meaning\n\n\\*[CSS]: x"
    )


def test_an_unknown_shortcode_with_words_stays_visible_and_one_without_is_left_out() -> None:
    passes = hugo_shortcodes({}, lambda name: "")
    text, notes = converted('A {{< foo bar="two words" >}} b {{< foo id=3 >}} c.\n', passes)
    assert text == 'A `{{< foo bar="two words" >}}` b  c.'
    assert [note.outcome for note in notes] == [Outcome.ASK, Outcome.DROPPED]
    assert [note.source for note in notes] == [Location("post.md", 1), Location("post.md", 1)]


def test_notes_name_the_line_of_the_source_whatever_passes_did_above() -> None:
    text = "{{< highlight py >}}\na\nb\n{{< /highlight >}}\n\nx\n\n{{< foo >}}\n\n<script>y</script>\n"
    _, notes = converted(text, hugo_shortcodes({}, lambda name: ""))
    assert [(note.rule, note.source.line if note.source else 0) for note in notes] == [
        ("unknown-shortcode", 8),
        ("active-content", 10),
    ]


def test_a_tag_with_a_value_in_its_words_is_one_mark() -> None:
    text, notes = converted(
        'a {% include x.html url="{{ site.url }}/b" %} c {% y " %} d\n', liquid({"site.url": ""}, {})
    )
    assert text == 'a `{% include x.html url="{{ site.url }}/b" %}` c  d'
    assert [note.rule for note in notes] == ["unknown-shortcode", "unknown-shortcode"]
