"""Planted problems are found, and what only looks like one is not: at least three of each for every text rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.lint.rules import IssueFacts, lint_text, lint_title
from weekahead.lint.rules.links import remove_tracking
from weekahead.lint.rules.registry import TEXT_CHECKS
from weekahead.lint.scanner import scan_markdown

ABOUT = IssueFacts("en", "The Test Letter", "Small models", 87, date(2022, 9, 23), 8, 8)

MESSAGES = Path(__file__).parents[1] / "golden/lint_messages.txt"
ITEM = "- [Words](https://example.com/2022/a-page)"

PLANTED: dict[str, list[str]] = {
    "glued-link": [
        "Apress, Berkeley. https://arxiv.org/pdf/2103.08942.pdf[Zugriffam09.09.2021",
        "There is more, seehttps://example.com/more for all of it.",
        "[both](https://example.com/ahttps://example.com/b)",
        "At https://example.com/page).The next sentence.",
        "[one](hhttps://example.com/)",
        "详情见 https://example.com/page，下一句话",
    ],
    "empty-link": ["See [the paper]().", "Here [](https://example.com/) it is.", '<a href="">this</a>', "[ ](x.md)"],
    "undefined-reference": [
        "See [the paper][smith].",
        "It was so.[^1]",
        "[Twice] [here] and [there][nowhere].",
        "*See it[^note]*, and [the code][1].",
        "[Rust][rust-lang]s are many, [RFC 12][rfc] too.",
        "LNの[オファー][offers]、BIP324[暗号][v2 transport]のPR[#1][core #1]",
    ],
    "tracking": [
        "[post](https://example.com/a?utm_source=letter&utm_medium=email)",
        "https://example.com/a?id=3&fbclid=abc",
        "https://example.com/a?fbclid#part",
        "See [it][1].\n\n[1]: https://example.com/?gclid=x#top",
        '<a href="https://example.com/?a=1&amp;mc_cid=2">it</a>',
    ],
    "duplicate-link": [
        f"{ITEM}\n{ITEM}",
        f"{ITEM}\n- Another thing\n- [Other words](http://www.example.com/2022/a-page/)",
        f"## One\n\n{ITEM}\n\n## Two\n\n{ITEM}",
        f"{ITEM}\n- [More](https://example.com/2022/a-page?utm_source=x)",
        "- [A](https://example.com/a)\n- [A](https://example.com/a)",
        "- x\n  - [A](https://example.com/2022/a)\n  - [A](https://example.com/2022/a)",
        "- [video] [A b](https://example.com/a)\n- [video] [A b](https://example.com/a)\n\nMore.",
        "1. Read [A](https://example.com/) now\n2. Read [A](https://example.com/) now",
        "- [Kim’s](https://example.com/2022/a)\n- [Kim's](https://example.com/2022/a) words",
        "- [Sep 4. Berlin](https://example.com/2022/m)\n- [Sep 4. Berlin](https://example.com/2022/m)",
    ],
    "alt-missing": [
        "![](chart.png)",
        '<img src="a.png">',
        "[![](a.png)](https://example.com/)",
        "![ ][pic]\n\n[pic]: a.png",
    ],
    "heading-skipped": ["# A\n\nWords.\n\n### B\n\nWords.", "## A\n\nx\n\n#### B\n\nx", "A\n===\n\nx\n\n### B\n\nx"],
    "heading-glued": ["##Heading", "Words.\n\n###1. Links\n- a", "## A\n\nWords\n  ##Next\nmore."],
    "title-repeated": [
        "# Small models\n\nWords.",
        "<!-- top -->\n\n## *Small  Models*\n\n## Links\n\nWords.",
        "Small models\n============\n\nWords.",
        "![A](a.png)\n\n# [Small models](https://example.com/)\n\n## Links\n\nWords.",
    ],
    "empty-section": [
        "Words.\n\n## Top 5 Tweets of the week",
        "## One\n\n## Two\n\nWords.",
        "## One\n\n<!-- later -->\n\n## Two\n\nWords.",
        "Links\n-----\n\n## Next\n\nx",
        "## Links\n\n- \n- \n- \n\n## Next\n\nx",
        "Words.\n\n## Top 5 posts\n\n1. \n2. \n3. \n4. \n5.",
        "## Tasks\n\n- [ ] \n- [x]\n\n<!-- more -->",
        "Links:\n- \n- ",
        "I wrote all of it.\n---\n\n## Next\n\nx",
        "## Links\n\n[a]: https://example.com/\n",
        "## One\n\n---\n\n## Two\n\nx",
        "## One\n\n-\n-\n\n## Two\n\nx",
    ],
    "empty-item": [
        "- a\n- \n- c",
        "Words.\n\n1. \n2. \n3. ",
        "## Links\n\n* a\n*\n*\n\n## Empty\n\n- ",
        "- [ ] \n- [ ] a task",
        "- <!-- later -->\n- a",
        "> - a\n> -",
        "- a\n  1. b\n  2. \n- c",
        "- \n  - \n    - \n- a",
        "/// links\n- \n- a\n///",
        "My five:\n1. \n2. \n3. \n",
        "# Small models\n\n- \n- ",
        "- <!-- a\n  b --> <!-- c -->\n- a",
    ],
    "section-count": [
        "## Top 5 Tweets\n\n- a\n- b\n- c\n- d\n",
        "## Three links\n\n1. a\n2. b\n",
        "## My top 3 papers of the week\n\n* a\n* b\n* c\n* d",
        "## Five questions for an editor\n\n- a\n  - deeper\n- b\n- c\n- d",
        "## Top 2 posts\n\n/// post | A\na\n///\n\n## More\n\n/// post | B\nb\n///",
    ],
    "missing-exhibit": [
        "Let's look at the first technology in Table 1 which happens to be TensorFlow.",
        "As Figure 2 shows, it grows.\n\n![A chart](a.png)",
        "Table 2 has the rest.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "See Fig. 1 below.",
        "Table 2 has the rest.\n\n/// table | A\nfile: a.csv\nre-run: b.csv\n///",
        "Table 1 shows the stars of each project.",
        "Table 1 counts the bugs in Firefox, and not of the paper.",
        "In March 2022, Table 1 in this issue shows it.",
        "The table below has all.",
        "As the chart above shows, it grows.",
        "Look at the figure below: it grows.",
        "The following table has all.",
        "The tables below and the chart on the right have all.",
        "Below is a small table of all.",
    ],
    "part-disagrees": [
        "You made it all the way to week 7 of 8 for the syllabus.",
        "Welcome to part seven of eight.",
        "This is part 8 of 9.",
        "Lecture 7 out of 8 is about deployment.",
    ],
    "number-disagrees": [
        "Welcome to week 86 of the year's slowest letter.",
        "This is issue 88, and it is late.",
        "You are reading the 86th edition of The Test Letter.",
        "Issue 85 of *The Test Letter* is about models.",
    ],
    "placeholder": [
        "TODO: write the opening.",
        "He has TK readers.",
        "See the [link] for more.",
        "Lorem ipsum dolor sit amet.",
        "Words.\n\n<!-- TODO ask Bram -->",
        "- TODO",
        "He asked [FIXME ask Bram] and [fixme: whom].",
        "It has [TBD] pages, [TODO check] and [INSERT NAME].",
        "Words.\n\nTODO write more",
        "1. TODO write more",
        "Author: TODO",
        "Dear [Your name], (TODO) and [tk].",
        "See [link here] and [the title here].",
    ],
    "stale-date": [
        "This week (September 9) everything changed.",
        "See you on Friday, September 16, 2021.",
        "So far this year (2021) there were three.",
        "This Friday, 2 September, we meet.",
        "## Week of September 9, 2020\n\nWords.",
    ],
    "doubled-word": [
        "It is the the best.",
        "We went to\nto the sea.",
        "a model of of things",
        "A thing from from\n  here.",
    ],
    "unclosed-markup": [
        "Words.\n\n```python\nx = 1",
        "Call `run and wait.",
        "It is **bold and stays so.",
        "See [this](https://example.com/a and that.",
        "Words.\n\n<!-- hidden for ever",
        "- `a` and `b\n- `c`",
        "It <!-- was\n\nonce --> so.",
        "**No links this week.*",
        "- what`s new\n- a <b>`</b>",
    ],
    "unknown-tag": [
        "A `Box` holds a Vec<T>.",
        "- [Why Option<T>, and not null](https://example.com/a)",
        "It takes a <name> of yours.",
        "<p>A Vec<T></p>",
        "## Send<T> and the rest\n\nWords.",
        "See <www.example.com> for more.",
        "<www.example.com/a?b=c>",
        "At <docs.example.org/a>.",
        "<div>\n<www.example.com>\n</div>",
    ],
    "foreign-mark": [
        "{{< youtube abc >}}",
        "- {{% notice tip %}}words{{% /notice %}}",
        "{% include video.html id=1 %}",
        "[words]({{ site.url }}/a) and {{ page.title }}",
        '<a href="{{ site.url }}/a">words</a>',
        "See [[Wiki Page|shown]] and ![[picture.png]].",
        '!!! note "A title"\n    Words.\n\n    - a\n    - b\n\nMore.',
        "!!! warning\n    Words.",
        "??? quote\n    Words.",
        "::: tip\nWords.\n:::",
        "::: {.column}\nWords.\n:::",
        '[caption id="a"]words[/caption]',
        '[gallery ids="1,2"] and [youtube=https://example.com/a]',
        "Words.\n\n<!--more-->\n\nMore.",
        '<div class="a" markdown="1">\n\nWords.\n\n</div>',
        "<details markdown=1>\nWords.\n</details>",
    ],
    "maths-off": [
        "$$\nE = mc^2\n$$",
        "The sum $$x$$ is all.",
        "\\begin{align}\na &= b\n\\end{align}",
        "> $$a_1 \\cdot b$$",
    ],
    "quote-without-source": [
        "Some words here.\n\n> The best way to predict the future is to invent it.\n\nSo we went home.",
        "> Everything that can be counted does not necessarily count at all.",
        "Hm.\n\n> One two three four five six seven\n> eight nine ten.\n\nYes, indeed.",
        "> Stay hungry, stay foolish.",
        "## Quote of the week\n\n> Simplicity is the ultimate sophistication.\n\nSo be it.",
        "> “Well, well.”",
    ],
    "video-frame": [
        '<iframe width="560" height="315" src="https://www.youtube.com/embed/yJDv-zdhzMY" allowfullscreen></iframe>',
        "Look: <IFRAME SRC='//www.youtube-nocookie.com/embed/yJDv-zdhzMY?rel=0&amp;start=3'> </IFRAME> and on.",
        "- One\n- <iframe src=https://player.vimeo.com/video/123456></iframe>",
        '<div class="embed">\n<iframe\n  src="https://www.youtube.com/embed/yJDv-zdhzMY"\n></iframe>\n</div>',
    ],
}

NEAR: dict[str, list[str]] = {
    "glued-link": [
        "See https://example.com/a, https://example.com/b; and https://example.com/c.",
        "At https://web.archive.org/web/2022/https://example.com/ it lives on.",
        "[it](https://en.wikipedia.org/wiki/A_(b)) and https://en.wikipedia.org/wiki/A_(b).",
        "https://example.com/?next=https://example.com/b",
        "`x.pdf[1]` and `https://a.example/b[c]`",
        "(https://example.com/page). The next sentence.",
        "https://example.com/a/Lightning.Pub and https://example.com/b/Server.Vault",
        "https://example.com/a/#:~:text=“Assume%20it”",
    ],
    "empty-link": [
        "[words](x.md)",
        "[ ] a task and [x] another",
        "[![A chart](a.png)](https://example.com/)",
        "`[]()`",
    ],
    "undefined-reference": [
        "With $$[n]! = [1][2]$$ and $[a][b]$ it is so.",
        "> - [words][a]\n\nWords.\n\n> [A]: https://example.com/",
        "[words][1]\n\n[1]: https://example.com/",
        "Noted.[^1]\n\n[^1]: So it is.",
        "`a[0][1]` and [audio] [Words](https://example.com/)",
        "[video][Words](https://example.com/)",
        "In 2021 [sic] it was so.",
        "x[i][j] = 0 and m[i + 1][j - 1] and f(x)[1][2] and [i][j] and Unsafe[Mutable][Raw][Buffer]Pointer",
        "\\(a[b1][c2]\\) and \\[x [one][two]\\] and \\begin{a}x [one][two]\\end{a}",
        "the interval [0,1][2,3], and so.[1][2]",
        'the classes [^a-z]+ and [^abc]* and [^0-9] and [^/]+ and [^"<>]',
        "[PATCH][v2] A title\n\n- [RFC][WIP] Another",
        "Press [Ctrl][C] or [Alt][F4], [sic][note].",
    ],
    "tracking": [
        "https://example.com/a?id=3&page=2",
        "https://example.com/utm_source",
        "`https://example.com/?utm_source=x`",
        "https://example.com/?my_utm_source=x",
    ],
    "duplicate-link": [
        f"{ITEM}\n- [Other](https://example.com/2022/another-page)",
        "- [A](https://example.com/)\n- [B](https://example.com/)",
        "- [Sep 4. Berlin](https://example.com/2022/meeting)\n- [Sep 11. Berlin](https://example.com/2022/meeting)",
        f"See [Words](https://example.com/2022/a-page).\n\n{ITEM}",
        "- [a 2](https://github.com/k/k/pull/1234)\n- [b 3](https://github.com/k/k/pull/1234)",
        "- [hal](https://crates.io/crates/hal) 1.0\n- [hal](https://crates.io/crates/hal) 2.0",
        "- [Top](#top)\n- [Top](#top)",
        "- None\n\n[Read it](https://example.com/2022/a)\n\n## Two\n\n- None\n\n[Read it](https://example.com/2022/a)",
        "## Online\n\n- 2023-10-04 | [Club](https://example.com/c)\n\n## Rome\n\n- 2023-10-04 | [Club](https://example.com/c)",
        "- 2023-10-04 | [Club](https://example.com/c)\n- 2023-10-11 | [Club](https://example.com/c)",
        "- Berlin | [Club](https://example.com/c)\n  - Talk\n- Berlin | [Club](https://example.com/c)\n  - Dance",
        "## A\n\n- a\n  - [b c](https://example.com/2022/b)\n\n## B\n\n- a\n  - [b c](https://example.com/2022/b)",
        "- A\n  - [Slides](https://example.com/s)\n- B\n  - [Slides](https://example.com/s)",
        "## J\n\n- [Apply](https://example.com/)\n\n## K\n\n- [Apply](https://example.com/)",
        f"## Highlights\n\n{ITEM}\n\n## Links\n\n{ITEM}",
        f"{ITEM}\n- [B](https://example.com/2022/b)\n\n## One\n\n{ITEM}\n\n## Two\n\n- [B](https://example.com/2022/b)",
    ],
    "alt-missing": ['<img src="line.png" alt="">', "![A chart](a.png)", "`![](a.png)`", '<img alt="A" src="a.png">'],
    "heading-skipped": ["# A\n\nx\n\n## B\n\nx\n\n### C\n\nx", "### A\n\nx\n\n# B\n\nx", "```\n# A\n### B\n```"],
    "heading-glued": [
        "#5 bolt",
        "#hashtag and #another",
        "The ##rust channel",
        "```\n##Heading\n```\n\n    ##Heading",
        "\\##Heading",
        "##",
        "#######Seven",
    ],
    "title-repeated": [
        "# Small models of the world\n\nWords.",
        "Words.\n\n## Small models\n\n## Links\n\nMore.",
        "# Links\n\nWords.\n\n# Small models\n\nMore.",
        "Small models\n\nare small.",
        "> # Small models\n\nWords.",
    ],
    "empty-section": [
        "## One\n\n### Two\n\nWords.",
        "## One\n\n```\ncode\n```\n",
        "## One\n\n![A](a.png)",
        "## One\n\n*Nothing this week.*",
        "## One\n\n- \n- a",
        "## One\n\n- ![A](a.png)",
        "## One\n\n1. \n\nWords.",
        "## One\n\n`x`\n\n## Two\n\nhttps://example.com/\n\n## Three\n\n<iframe src='x'></iframe>",
        "Words.\n\n## One\n\n<!-- never ends\n\n## Two\n\nWords.",
    ],
    "empty-item": [
        "- a\n- b\n\n-----\n\n- c",
        "- ![A](a.png)\n- `-`\n- <https://example.com/>",
        "-\n  words below the mark\n- a",
        "- ```\n  code\n  ```\n- > quoted",
        "- - nested\n- | a | b |\n  |---|---|",
        "* * *\n\n- - -",
        "It was in\n2021.\nAnd in\n12.\ntoo.",
        "## Links\n\n- \n- ",
        "- [x] a\n- [ ] b\n- [ ](https://example.com/)",
        "- <!-- a --> b\n- c <!-- d -->",
    ],
    "section-count": [
        "## Top 5 posts\n\n- a\n- b\n- c\n- d\n- e",
        "## Top 2 posts\n\n/// post | A\na\n\na\n///\n\n/// post | B\nb\n///",
        "## Three links\n\n/// links\n- a\n- b\n- c\n///",
        "## Top 5 posts\n\nNobody below exists. They will be back.",
        "## Top 10 %\n\n- a\n- b",
        "## Two years of links\n\n- a\n- b\n- c",
        "## Three questions\n\n### a\n\nx\n\n### b\n\nx\n\n### c\n\n- y",
        "## 3 links\n\n- a\n  - deeper\n  - deeper\n- b\n- c",
    ],
    "missing-exhibit": [
        "Table 1 has all.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "Table 1 has all.\n\n/// table | A\nfile: data/all\n///",
        "As Figure 1 shows:\n\n![A chart](a.png)",
        "Table 1 of the paper has more.",
        "In Smith's Table 3 it says so.",
        "`Table 1` is a name.",
        "Table 1\n\n<table><tr><td>1</td></tr></table>",
        "Tables 1 and 2 of the report. Table 1 and 2 of the report. Table 1, page 3 of the report.",
        "In the paper, Table 1 shows it; so does Table 2 in Smith (2020), and (Smith 2020, Table 3).",
        "[Table 1](https://example.com/) has all.",
        "> The table below has all. Table 1 too.",
        "The photo above the door, the figure below 5 and the chart below zero.",
        "The picture on the right wall, the map on the left of it, below are the words.",
        "The table below:\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "The chart below:\n\n![A chart](a.png)",
        "The table below:\n\n```\na b\n```",
    ],
    "part-disagrees": [
        "This is part 8 of 8.",
        "In part 7 of 8 we saw how.",
        "See [part 7 of 8](0086-x.md) for more.",
        "Three of 8 people liked part 2.",
    ],
    "number-disagrees": [
        "Welcome to week 87.",
        "In week 86 I wrote of this.",
        "This is number 87 of The Test Letter.",
        "This is the first week of autumn, and issue 3 is solved.",
    ],
    "placeholder": [
        "Kate made a to-do app, and `TODO` is a word.",
        "The todo!() macro and the TODO app.",
        "[link](https://example.com/)",
        "The TKs in the draft, called [tk](https://example.com/) by editors.",
        "```\n# TODO: later\n```",
        "Generate Lorem Ipsum text.",
        "He saw Super Bowl XXX\nand a file called\nTODO in it.",
        "Tcl/TK, TK-421, TK's and TK Maxx.",
        "[TODO](x.md), [Todo list] and [inserted] words, [from here] to [there], [your](https://example.com/).",
    ],
    "stale-date": [
        "This week (September 20) everything changed.",
        "On Friday, September 16, 2022 we met.",
        "Published September 9, 2021.",
        "It was on 9 September 2021, a Thursday.",
        "`this week (September 9)`",
        "Of this, September 9 is the proof.",
    ],
    "doubled-word": [
        "I know that that is so, and had had enough.",
        "The `the` the compiler prints.",
        "## The\n\nThe end.",
        "no no no, very very good",
        "> it is the the best",
        "/// post | A\ndate: 2022-09-02\nit is the the best\n///",
        "[for for and while](https://example.com/)",
    ],
    "unclosed-markup": [
        "A \\` and a ``code ` with a tick``.",
        "```\ncode with ` in it\n```",
        "2 ** 3 is eight, and **bold** is bold.",
        "[text] (https://example.com/)",
        "- `a`\n- `b`",
        "<!-- closed -->\n\nWords.",
        "**Note:** *and* ***both*** of **a *b* c**",
        "> `code\n> goes on`",
        "![a ` b](a.png)",
        '<img alt="a ` b" src="a.png"> and [x](https://example.com/ "a ** b")',
    ],
    "unknown-tag": [
        "`Vec<T>` and \\<T> and &lt;T>.",
        "<details><summary>More</summary>Words.</details> <my-chart>x</my-chart>",
        "<https://example.com/a> <me@example.com> [a](<my file.md>)",
        "```\nlet x: Vec<T>;\n```\n\n    Vec<T>\n\nIf a <b and c> d.",
        '<svg viewBox="0 0 1 1"><circle r="1"/></svg>',
        "<!-- Vec<T> -->\n\nI <3 it -> so.",
        "It takes a HashMap<K, V>.",
        '<img alt="Vec<T>" src="a.png">',
        '<div title="Vec<T> > b">\n\nx\n\n</div>',
        "<div title='Vec<T>'>x</div>",
        '[x](https://example.com/ "Vec<T>")',
        "<https://www.example.com> [a](<www.example.com>) `<www.example.com>` \\<www.example.com>",
        "It is <my.file> or <b.c>, and 1 <2.com.",
    ],
    "foreign-mark": [
        "Write `{{< youtube abc >}}`, `{% include %}`, `[[Wiki]]` and `!!! note`.",
        "The set {{1, 2}, {3}} and 100 {%} of {{ x }}.",
        "[[RFC] A title](https://example.com/) and [[video](https://example.com/)]",
        "[[1]] and [[nodiscard]] and a[[0]] and [[a, b], [c]]",
        "[[a][b]] and [[c]]\n\n[b]: https://example.com/\n[c]: https://example.com/",
        "This is great!!! note it.\n\n!!! What a day\n\n??? who",
        "A::b and ::: and\n:::\n",
        "[video] [Words](https://example.com/) and [audio](https://example.com/)",
        "[/r/rust](https://example.com/) and [/etc] and [a] it",
        "<!-- more of this later -->",
        "<div>markdown=1</div>",
        "> [!NOTE]\n> Words.",
        "/// note | A\nWords.\n///",
        "<pre>\n{{ site.url }} [[Page]]\n\n{% if %}\n</pre>",
    ],
    "maths-off": [
        "It costs $5 or $10, and $$$ for all.",
        "`$$x$$` and `\\begin{a}`",
        "Restaurants: $$ a good one, $$ another one",
        "```\n$$\nx^2\n$$\n```",
        "It is \\$\\$x^2\\$\\$ here.",
    ],
    "quote-without-source": [
        "> The best way to predict the future is to invent it.\n\n— Alan Kay",
        "> The best way to predict the future is to invent it.\n> -- Alan Kay",
        "As Kay said:\n\n> The best way to predict the future is to invent it.",
        "> [The best way](https://example.com/) to predict the future is to invent it.",
        "> Short and sweet.",
        "> **Note** that all of this is a call-out and not a quotation.",
        "> Stay hungry, stay foolish.\n>\n> Stewart Brand",
        "> Stay hungry, stay foolish. (Stewart Brand, 1974)",
        "> Stay hungry, stay foolish.\n\nStewart Brand",
        "As Kay said:\n\n> One two three four.\n\n```\nx\n```\n\n> Five six seven eight.",
        "> But does this not mean that it is too late?\n\nNo.",
        "> There once was a letter called Tides<br>\n> and nobody read it besides.",
        "> While we recommend it, you can still do as before.",
        "> If you remove `@tracked`, it works exactly the same.",
    ],
    "video-frame": [
        '`<iframe src="https://www.youtube.com/embed/yJDv-zdhzMY"></iframe>`',
        '    <iframe src="https://www.youtube.com/embed/yJDv-zdhzMY"></iframe>',
        '<!-- <iframe src="https://www.youtube.com/embed/yJDv-zdhzMY"></iframe> -->',
        '<iframe src="https://youtube.com.example/embed/yJDv-zdhzMY"></iframe>',
        '<iframe src="https://www.youtube.com/embed/yJDv-zdhzMY" onload="x()"></iframe>',
        '<iframe src="https://www.youtube.com/embed/yJDv-zdhzMY">\n\nNever closed.',
        "/// video | The Mother of All Demos\naddress: https://www.youtube.com/watch?v=yJDv-zdhzMY\n///",
    ],
}


def found(body: str, about: IssueFacts = ABOUT) -> set[str]:
    return {finding.rule for finding in lint_text(scan_markdown(body), about)}


def test_every_text_rule_has_three_problems_and_three_near_misses() -> None:
    assert {*TEXT_CHECKS} == {*PLANTED} == {*NEAR}
    assert all(len(cases) >= 3 for each in (PLANTED, NEAR) for cases in each.values())


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_problem_is_found(rule: str) -> None:
    assert [body for body in PLANTED[rule] if rule not in found(body)] == []


def test_every_message_is_as_in_the_golden_file(request: pytest.FixtureRequest) -> None:
    shown = []
    for rule in PLANTED:
        shown.append(f"## {rule}")
        for body in PLANTED[rule]:
            shown += ["", *(f"    {line}".rstrip() for line in body.split("\n")), ""]
            for each in lint_text(scan_markdown(body), ABOUT):
                shown += [f"{each.line}:{each.column}: {each.message} [{each.rule}]", f"  {each.hint}"]
        shown.append("")
    text = "\n".join(shown)
    if request.config.getoption("--update-golden"):
        MESSAGES.write_text(text, "utf-8")
    assert text == MESSAGES.read_text("utf-8")


@pytest.mark.parametrize("rule", NEAR)
def test_what_only_looks_like_a_problem_is_not_reported(rule: str) -> None:
    assert [body for body in NEAR[rule] if rule in found(body)] == []


@pytest.mark.parametrize("rule", PLANTED)
def test_code_is_never_a_problem(rule: str) -> None:
    for body in PLANTED[rule]:
        if "```" not in body:
            assert found(f"Before.\n\n```\n{body}\n```\n\nAfter.\n") == set(), body


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [("One.\n\nIt is the the best.", 3, 11), ("- a\n- [x]()", 2, 3), ("# A\n\nx\n\n### B\n\ny", 5, 1)],
)
def test_a_finding_has_line_and_column(body: str, line: int, column: int) -> None:
    assert [(finding.line, finding.column) for finding in lint_text(scan_markdown(body), ABOUT)] == [(line, column)]


def test_last_years_number_is_found_in_january() -> None:
    january = IssueFacts("en", "", "x", 1, date(2022, 1, 7))
    assert found("Welcome. January 7, 2021 begins a new year.", january) == {"stale-date"}
    assert found("It was published on January 7, 2021.", january) == set()
    assert found("There was a February 29, 2020.", IssueFacts("en", "", "x", 1, date(2021, 1, 8))) == set()


def test_english_rules_ignore_other_languages() -> None:
    german = IssueFacts("de", "", "x", 1, date(2022, 9, 23))
    assert found("Die die da sind. Sie sie. This week (September 9).", german) == set()


@pytest.mark.parametrize(
    ("title", "rules"),
    [
        ("MLOps (ML syllabus edition 7/8)", {"part-disagrees"}),
        ("MLOps (ML syllabus edition 8/8)", set()),
        ("Part 8 of 9: MLOps", {"part-disagrees"}),
        ("MLOps (7 of 8)", {"part-disagrees"}),
        ("A 24/7 letter", set()),
        ("Week 86: MLOps", {"number-disagrees"}),
        ("The Test Letter #86", {"number-disagrees"}),
        ("Issue 88", {"number-disagrees"}),
        ("Week 87: MLOps", set()),
        ("The Test Letter 87", set()),
        ("86 ways to fail", set()),
        ("x" * 70, {"long-title"}),
        ("long words " * 8, {"long-title"}),
        ("A title that says the first thing second, and the second thing never at all", {"long-title"}),
        ("x" * 69, set()),
        ("", set()),
        ("Small models", set()),
    ],
)
def test_titles_are_linted(title: str, rules: set[str]) -> None:
    about = IssueFacts("en", "The Test Letter", title, 87, date(2022, 9, 23), 8, 8)
    assert {rule for rule, _, _ in lint_title(about)} == rules


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://a.example/?utm_source=x", "https://a.example/"),
        ("https://a.example/p?a=1&utm_source=x&b=2#c", "https://a.example/p?a=1&b=2#c"),
        ("https://a.example/p?a=1&amp;fbclid=x", "https://a.example/p?a=1"),
        ("https://a.example/p?a=b&c", "https://a.example/p?a=b&c"),
        ("https://a.example/#utm_source=x", "https://a.example/#utm_source=x"),
    ],
)
def test_tracking_is_removed_and_the_rest_of_an_address_kept(address: str, clean: str) -> None:
    assert remove_tracking(address) == clean


TEXTS = st.text(st.sampled_from("ab \n\n`*_[]()<>!#-+>|~:/.1\\") | st.characters(), max_size=300)


@given(TEXTS)
def test_any_text_can_be_scanned_and_keeps_its_offsets(text: str) -> None:
    read = scan_markdown(text)
    assert len(read.prose) == len(read.without_code) == len(text)
    assert [place for place, sign in enumerate(read.prose) if sign == "\n"] == [
        place for place, sign in enumerate(text) if sign == "\n"
    ]
    assert all(new in (old, " ") for old, new in zip(text, read.prose, strict=True))
    for finding in lint_text(read, ABOUT):
        assert 1 <= finding.line <= text.count("\n") + 1


@given(st.sampled_from([(rule, body) for rule in PLANTED for body in PLANTED[rule]]), TEXTS)
def test_a_fix_removes_its_finding(planted: tuple[str, str], text: str) -> None:
    body = f"{planted[1]}\n\n{text}"
    before = lint_text(scan_markdown(body), ABOUT)
    for finding in [finding for finding in before if finding.fix][:1]:
        assert finding.fix
        start, end, words = finding.fix
        after = lint_text(scan_markdown(body[:start] + words + body[end:]), ABOUT)
        assert sum(each.rule == finding.rule for each in after) < sum(each.rule == finding.rule for each in before)


def fixed(body: str) -> str:
    """The text after all its fixes."""
    for start, end, words in sorted(
        (each.fix for each in lint_text(scan_markdown(body), ABOUT) if each.fix), reverse=True
    ):
        body = body[:start] + words + body[end:]
    return body


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("##Links\n- a", "## Links\n- a"),
        ("# Small models\n\n\nWords.", "Words."),
        ("Small models\n---\n\nWords.", "Words."),
        ("!!! tip\n    One.\n\n    - a\n      b\n\nMore.", "> [!TIP]\n> One.\n>\n> - a\n>   b\n\nMore."),
        ('!!! danger "Take care"\n\tOne.', "> [!CAUTION]\n> **Take care**\n>\n> One."),
        ('<div markdown="1" id="a">\n\nWords.\n\n</div>', '<div id="a">\n\nWords.\n\n</div>'),
        ("> - <https://a.example/?utm_source=x>", "> - <https://a.example/>"),
        ("| a |\n|---|\n| [x](https://a.example/\\|?fbclid=1) |", "| a |\n|---|\n| [x](https://a.example/\\|) |"),
        ("> [a]:\n>   https://a.example/?fbclid=1\n>\n> [a]", "> [a]:\n>   https://a.example/\n>\n> [a]"),
        (
            "/// post | A\naddress: https://a.example/b?fbclid=1\n\nWords.\n///",
            "/// post | A\naddress: https://a.example/b\n\nWords.\n///",
        ),
    ],
)
def test_fixes_change_only_what_they_are_about(body: str, after: str) -> None:
    assert fixed(body) == after


def test_formulas_are_no_finding_where_they_are_shown() -> None:
    maths = IssueFacts("en", maths=True)
    assert found("$$\nE = mc^2\n$$", maths) == set()
