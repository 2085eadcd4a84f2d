"""What holds of every text, whatever its dialect: code is never changed, nothing is swallowed, ours stays ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.importers.dialects import pieces
from weekahead.importers.dialects.callouts import admonitions, callouts, containers
from weekahead.importers.dialects.converter import SHARED, convert_markdown
from weekahead.importers.dialects.footnotes import inline_footnotes
from weekahead.importers.dialects.kramdown import kramdown
from weekahead.importers.dialects.liquid import liquid
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.dialects.mkdocs import mkdocs_marks
from weekahead.importers.dialects.pandoc import doubled_formulas, references
from weekahead.importers.dialects.shortcodes import hugo_shortcodes, zola_shortcodes
from weekahead.importers.dialects.wiki import block_ids, comments, wiki_links
from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.importers.proof import prove
from weekahead.markdown.renderer import convert, place
from weekahead.model.findings import Location

NOWHERE = hugo_shortcodes({}, lambda name: "")
DIALECTS: dict[str, tuple[MarkdownPass, ...]] = {
    "jekyll": (liquid({}, {}), kramdown, doubled_formulas, inline_footnotes, escape_marks("highlights")),
    "hugo": (NOWHERE, callouts, escape_marks("highlights", "abbreviations")),
    "zola": (zola_shortcodes, callouts, escape_marks("definitions")),
    "obsidian": (comments, inline_footnotes, wiki_links(lambda name: ""), block_ids, callouts, escape_marks("attributes", "emoji")),
    "mkdocs": (admonitions, mkdocs_marks, doubled_formulas),
    "plain": (NOWHERE, liquid({}, {}), inline_footnotes, admonitions, containers, callouts, references),
}  # fmt: skip

MARKS = st.sampled_from(
    [
        "{% highlight py %}", "{% endhighlight %}", "{% raw %}", "{% endraw %}", "{{ site.url }}", "{% comment %}", "{% endcomment %}",
        "{{< figure src=a.png caption=\"b c\" >}}", "{{% notice tip %}}", "{{% /notice %}}", "{{< details \"x\" >}}", "{{< /details >}}",
        "{{< highlight go >}}", "{{< /highlight >}}", "{{</* x */>}}", "{{ youtube(id=\"dQw4w9WgXcQ\") }}", "{% quote(author=\"y\") %}", "{% end %}",
        "> [!tip]- Title", "> ", "> > [!question] q", "!!! note", "    ", "??? warning \"t\"", ":::tip[x]", ":::", "=== \"tab\"",
        "[[note]]", "![[a.png|3]]", "%%", "^[foot [x](y)]", "^id", "{: .x #y}", "{:toc}", "* TOC", "{::comment}", "{:/comment}",
        "```", "~~~", "`", "``", "<pre>", "</pre>", "<script>", "</script>", "<iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ\"></iframe>",
        "<div markdown=\"1\">", "</div>", "<!--more-->", "<!--", "-->", "///", "/// note", "$$a^2$$", "\\\\(x\\\\)", "[^1]", "[^1]: note",
        "==m==", ":tada:", "{#id}", "| a | b |", "|---|---|", "- item", "  ", "\t", "# head", "[a](b.png)", "![a](b.png \"c\")", "*em*", "words", "\\",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(MARKS, st.just("\n"), st.just("\n\n"), st.just(" "), st.text(max_size=5)), max_size=25).map(
    "".join
)


def notes() -> PostNotes:
    return PostNotes(Notes(), "post", Location("post.md", 1))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=TEXTS)
def test_the_source_can_be_told_from_a_text_after_every_pass(dialect: str, text: str) -> None:
    text = source = pieces.without_marks(text)
    for rewrite in (*DIALECTS[dialect], *SHARED):
        text = rewrite(text, notes())
        assert pieces.source_of(text) == source


@pytest.mark.parametrize("dialect", DIALECTS)
@given(before=TEXTS, code=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_code_in_fences_is_never_changed(dialect: str, before: str, code: str) -> None:
    marks = "{{ a }} {% b %} [[c]] {{< d >}} %%e%% ^[f] /// note ==g== {: .h} !!! i"
    text = f"zq {marks} {pieces.without_marks(code).replace('`', '')} qz\n"
    source = f"Words.\n\n```\n{text}```\n\n{before}"
    assert f"```\n{text}```" in convert_markdown(source, DIALECTS[dialect], notes()).markdown


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("before", ["", "> quoted\n\n", "- item\n\n  ", "| a |\n|---|\n| b |\n\n", "# Heading\n\n"])
def test_code_in_spans_is_never_changed(dialect: str, before: str) -> None:
    for mark in (
        "{{ a }}",
        "{% raw %}",
        "[[c]]",
        "{{< d >}}",
        "%%e%%",
        "^[f]",
        "==g==",
        "{: .h}",
        "{#i}",
        ":tada:",
        "++k++",
        "<script>",
    ):
        source = f"{before}Before `x {mark} y` and ``z {mark} ` w``.\n"
        assert convert_markdown(source, DIALECTS[dialect], notes()).markdown == source


SOUND = """\
# Heading

A paragraph with *emphasis*, **strong words**, `code`, [a link](https://a.example/x_y_z), ![a picture](p.png "caption"),
https://b.example/bare, <https://c.example>, a price of $5, 50 % and 10:30, [brackets] and {braces}, C# and a#b.

> A quotation
> in two lines
>
> > [!NOTE]
> > An alert.

1. one
   - two
2) three

| a | b |
|---|:-:|
| c | d |

    indented code

```python title="x.py"
print("{{ x }}")
```

A note.[^1] ~~gone~~ - [ ] task

[^1]: Its text.

<details><summary>More</summary>

Inside.

</details>

---

Last words, wait: 3 < 4 && 5 > 4. See [ref].

[ref]: https://d.example "Title"
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_text_without_foreign_marks_stays_byte_for_byte(dialect: str) -> None:
    own = Notes()
    text = convert_markdown(SOUND, DIALECTS[dialect], PostNotes(own, "post", Location("post.md", 1)))
    assert (text.markdown, own.all, text.maths) == (SOUND, [], False)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=st.lists(st.sampled_from([*SOUND.split("\n\n"), "words", "*x*"]), max_size=8).map("\n\n".join))
def test_pieces_of_sound_texts_stay_byte_for_byte(dialect: str, text: str) -> None:
    assert convert_markdown(text, DIALECTS[dialect], notes()).markdown == (f"{text.rstrip()}\n" if text else "")


def test_the_faces_of_a_text_are_compared_by_the_proof() -> None:
    own = Notes()
    text = convert_markdown('{{< figure src=a.png caption="b c" >}}\n', (NOWHERE,), notes())
    assert prove(text, text.markdown, PostNotes(own, "post", Location("post.md", 1)))
    assert not prove(text, "![](a.png)\n", notes())
    assert "b c" in place(convert(text.markdown), {})
