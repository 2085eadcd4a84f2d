"""Blocks that an author knows from GitHub: each kind that once came out otherwise, in several shapes, beside what is near it."""

from __future__ import annotations

import pytest
from tests.markdown import cmark
from tests.markdown.compare import ours
from tests.markdown.structure import difference

HEADINGS = {
    "a number is no heading": ("#5 bolt", "<p>#5 bolt</p>"),
    "a tag is no heading": ("#hashtag and #another", "<p>#hashtag and #another</p>"),
    "nor in an item": ("- #tag", "<ul><li>#tag</li></ul>"),
    "nor in a quotation": ("> ##two", "<blockquote><p>##two</p></blockquote>"),
    "nor with a backslash": ("\\# five", "<p># five</p>"),
    "nor with seven": ("####### seven", "<p>####### seven</p>"),
    "a space makes one": ("# 5 bolt", "<h1>5 bolt</h1>"),
    "a tab makes one": ("#\tfive", "<h1>five</h1>"),
    "one without words": ("##", "<h2></h2>"),
    "one with an end": ("## five ##  ", "<h2>five</h2>"),
    "one whose end is none": ("## five#", "<h2>five#</h2>"),
    "one that interrupts": ("a\n# b\nc", "<p>a</p><h1>b</h1><p>c</p>"),
    "one underlined": ("five\nsix\n---", "<h2>five\nsix</h2>"),
}

LISTS = {
    "an empty item": ("- foo\n-\n- bar", "<ul><li>foo</li><li></li><li>bar</li></ul>"),
    "an empty item with a number": ("1. foo\n2.\n3. bar", "<ol><li>foo</li><li></li><li>bar</li></ol>"),
    "an empty item at the end": ("* foo\n*", "<ul><li>foo</li><li></li></ul>"),
    "an empty item with a space": ("- foo\n- \n- bar", "<ul><li>foo</li><li></li><li>bar</li></ul>"),
    "a heading within an item": ("- foo\n  -", "<ul><li><h2>foo</h2></li></ul>"),
    "a heading, where there is no list": ("foo\n-", "<h2>foo</h2>"),
    "a rule behind a list": ("- foo\n---\nbar", "<ul><li>foo</li></ul><hr><p>bar</p>"),
    "another mark begins another list": ("- a\n+ b\n* c", "<ul><li>a</li></ul><ul><li>b</li></ul><ul><li>c</li></ul>"),
    "another sign behind the number as well": ("1. a\n2) b", '<ol><li>a</li></ol><ol start="2"><li>b</li></ol>'),
    "a list begins at its first number": ("3. a\n7. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    "a year at a line's beginning is no list": ("It was in\n1986. A year", "<p>It was in\n1986. A year</p>"),
    "a loose list": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "tight, the empty line being in a quotation": (
        "- a\n  > b\n  >\n      c",
        "<ul><li>a<blockquote><p>b</p></blockquote><pre><code>c</code></pre></li></ul>",
    ),
    "tight, the empty line being in a quotation's code": (
        "- a\n  >     b\n  >\n      c",
        "<ul><li>a<blockquote><pre><code>b</code></pre></blockquote><pre><code>c</code></pre></li></ul>",
    ),
    "loose, the empty line being in code": (
        "- a\n\n      b\n\n- c",
        "<ul><li><p>a</p><pre><code>b</code></pre></li><li><p>c</p></li></ul>",
    ),
    "loose within tight": (
        "- a\n  - b\n\n  - c\n- d",
        "<ul><li>a<ul><li><p>b</p></li><li><p>c</p></li></ul></li><li>d</li></ul>",
    ),
    "an item of paragraphs": ("1. a\n\n   b\n2. c", "<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>"),
    "two spaces are too few for a number": ("1. a\n  - b", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
    "four are too many for no one": ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "code within an item": ("- a\n\n      b", "<ul><li><p>a</p><pre><code>b\n</code></pre></li></ul>"),
}

FENCES = {
    "four marks around three": (
        "````\n```\na\n```\n````\n*b*",
        "<pre><code>```\na\n```\n</code></pre><p><em>b</em></p>",
    ),
    "four marks around three, with a language": (
        "````markdown\n```python\nx = 1\n```\n````",
        "<pre><code>```python\nx = 1\n```\n</code></pre>",
    ),
    "tildes around marks": ("~~~\n```\n~~~", "<pre><code>```\n</code></pre>"),
    "marks around tildes": ("```\n~~~\na\n```", "<pre><code>~~~\na\n</code></pre>"),
    "an end longer than its beginning": ("```\na\n`````\nb", "<pre><code>a\n</code></pre><p>b</p>"),
    "in a quotation": (
        "> ```\n> a *b*\n> ```\n> c",
        "<blockquote><pre><code>a *b*\n</code></pre><p>c</p></blockquote>",
    ),
    "in a quotation that ends before it": (
        "> ```\n> a\n\nb",
        "<blockquote><pre><code>a\n</code></pre></blockquote><p>b</p>",
    ),
    "in a quotation in an item": (
        "- > ```\n  > a\n  > ```",
        "<ul><li><blockquote><pre><code>a\n</code></pre></blockquote></li></ul>",
    ),
    "indented by two": ("  ```\n  a\n    b\n c\n  ```", "<pre><code>a\n  b\nc\n</code></pre>"),
    "indented by three, its end by none": ("   ~~~\n   a\n~~~", "<pre><code>a\n</code></pre>"),
    "indented by four it is code itself": ("    ```\n    a\n    ```", "<pre><code>```\na\n```\n</code></pre>"),
    "in an item": ("1. a\n   ```\n   b\n   ```\n2. c", "<ol><li>a<pre><code>b\n</code></pre></li><li>c</li></ol>"),
    "without an end": ("```\na\n\n*b*", "<pre><code>a\n\n*b*\n</code></pre>"),
    "empty lines at its beginning and end": ("```\n\na\n\n```", "<pre><code>\na\n\n</code></pre>"),
    "text right above and below": (
        "run\n```\na\n```\nand *wait*",
        "<p>run</p><pre><code>a\n</code></pre><p>and <em>wait</em></p>",
    ),
    "a list right below": ("```\na\n```\n- b\n- c", "<pre><code>a\n</code></pre><ul><li>b</li><li>c</li></ul>"),
    "a heading right below": ("~~~\na\n~~~\n## b", "<pre><code>a\n</code></pre><h2>b</h2>"),
    "a quotation right below": ("```\na\n```\n> b", "<pre><code>a\n</code></pre><blockquote><p>b</p></blockquote>"),
    "a fence right below": ("```\na\n```\n```\nb\n```", "<pre><code>a\n</code></pre><pre><code>b\n</code></pre>"),
    "two marks are no fence": ("``\na\n``", "<p><code>a</code></p>"),
    "code within a line, of three marks": ("``` a ``` b", "<p><code>a</code> b</p>"),
    "an end with words is none": ("```\na\n``` b\nc\n```", "<pre><code>a\n``` b\nc\n</code></pre>"),
}

QUOTATIONS = {
    "two quotations": ("> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"),
    "two in an item": (
        "- > a\n\n  > b",
        "<ul><li><blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote></li></ul>",
    ),
    "one of two paragraphs": ("> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>"),
    "one with a lazy line": ("> a\nb", "<blockquote><p>a\nb</p></blockquote>"),
    "one within one": ("> a\n> > b\n> c", "<blockquote><p>a</p><blockquote><p>b\nc</p></blockquote></blockquote>"),
    "a list ends no quotation's laziness": ("> a\n- b", "<blockquote><p>a</p></blockquote><ul><li>b</li></ul>"),
    "numbers go on behind one in an item": (
        "1. a\n\n   > b\n   > c\n2. d\n3. e",
        "<ol><li><p>a</p><blockquote><p>b\nc</p></blockquote></li><li><p>d</p></li><li><p>e</p></li></ol>",
    ),
    "numbers go on behind one without an empty line": (
        "1. a\n   > b\n2. c",
        "<ol><li>a<blockquote><p>b</p></blockquote></li><li>c</li></ol>",
    ),
    "at the margin it ends the list, and another begins": (
        "1. a\n> b\n2. c",
        '<ol><li>a</li></ol><blockquote><p>b</p></blockquote><ol start="2"><li>c</li></ol>',
    ),
    "bullets go on as well": (
        "- a\n  > b\n- c",
        "<ul><li>a<blockquote><p>b</p></blockquote></li><li>c</li></ul>",
    ),
}

TABLES = {
    "glued to a paragraph": (
        "The tides:\n| a | b |\n|---|---|\n| c | d |",
        "<p>The tides:</p><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table>",
    ),
    "glued to an item's words": (
        "- By the hour:\n  | a |\n  |---|\n  | b |",
        "<ul><li>By the hour:<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></li></ul>",
    ),
    "a pipe in code": (
        "| a | b |\n|---|---|\n| `tide \\| sort` | c |",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tbody><tr><td><code>tide | sort</code></td><td>c</td></tr></tbody></table>",
    ),
    "a pipe in code in the head, and in two marks": (
        "| `a\\|b` |\n|---|\n| ``c \\| ` d`` |",
        "<table><thead><tr><th><code>a|b</code></th></tr></thead><tbody><tr><td><code>c | ` d</code></td></tr></tbody></table>",
    ),
    "two backslashes in code before a pipe": (
        "| a |\n|---|\n| `b \\\\| c` |",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><code>b \\| c</code></td></tr></tbody></table>",
    ),
    "a pipe in code elsewhere keeps its backslash": ("`a \\| b`", "<p><code>a \\| b</code></p>"),
    "no table without a line of dashes": ("| a | b |\n| c | d |", "<p>| a | b |\n| c | d |</p>"),
}

DETAILS = "<details><summary>a</summary>\n\n{}\n\n</details>"
HTML = {
    "a list behind an empty line": (
        DETAILS.format("- **b**\n- [c](d)"),
        '<details><summary>a</summary><ul><li><strong>b</strong></li><li><a href="d">c</a></li></ul></details>',
    ),
    "a table in a figure": (
        "<figure>\n\n| a |\n|---|\n| b |\n\n</figure>",
        "<figure><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></figure>",
    ),
    "a paragraph in a div": ('<div class="x">\n\n*a*\n\n</div>', '<div class="x"><p><em>a</em></p></div>'),
    "a fence in a div": ("<div>\n\n```\n</div>\n```\n\n</div>", "<div><pre><code>&lt;/div&gt;\n</code></pre></div>"),
    "a div in a div": ("<div>\n\n<div>\n\n*a*\n\n</div>\n\n</div>", "<div><div><p><em>a</em></p></div></div>"),
    "without an empty line it is HTML": ("<div>\n*a*\n</div>", "<div>*a*</div>"),
    "without one behind the summary": (
        "<details>\n<summary>a</summary>\n- b\n</details>",
        "<details><summary>a</summary>- b</details>",
    ),
    "in pre and script never": ("<pre>\n\n*a*\n\n</pre>\n*b*", "<pre>\n*a*\n\n</pre><p><em>b</em></p>"),
    "a comment over empty lines": ("<!-- a\n\n*b*\n-->\n*c*", "<!-- a\n\n*b*\n--><p><em>c</em></p>"),
    "inline marks begin no block": ("<b>a</b> *c*", "<p><b>a</b> <em>c</em></p>"),
    "a tag alone on its line does": ("<ins>\n*a*\n</ins>", "<ins>\n*a*\n</ins>"),
}

PLAYER = '<audio controls>\n  <source src="a.mp3" type="audio/mpeg">\n</audio>'
PICTURE = '<picture>\n  <source srcset="a.webp" type="image/webp">\n  <img src="a.png" alt="b">\n</picture>'
PLAYERS = {
    f"{name} {where}": (text.format(media), wanted.format(media))
    for name, media in {"a player": PLAYER, "a picture": PICTURE}.items()
    for where, (text, wanted) in {
        "alone": ("{0}\n\na", "{0}<p>a</p>"),
        "with a list behind it": ("{0}\n\n- a", "{0}<ul><li>a</li></ul>"),
        "with a list before it": ("- a\n\n<!-- -->\n\n{0}", "<ul><li>a</li></ul><!-- -->{0}"),
        "between lists": ("1. a\n\nb\n\n{0}\n\n- c", "<ol><li>a</li></ol><p>b</p>{0}<ul><li>c</li></ul>"),
    }.items()
}

KINDS = {
    f"{kind}: {name}": example
    for kind, found in {
        "headings": HEADINGS,
        "lists": LISTS,
        "fences": FENCES,
        "quotations": QUOTATIONS,
        "tables": TABLES,
        "HTML": HTML,
        "players": PLAYERS,
    }.items()
    for name, example in found.items()
}


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=list(KINDS))
def test_blocks_are_as_on_github(text: str, wanted: str) -> None:
    assert difference(ours(text), wanted) == ""


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=list(KINDS))
def test_what_is_wanted_is_what_github_makes(text: str, wanted: str) -> None:
    assert difference(wanted, cmark.html(text)) == ""
