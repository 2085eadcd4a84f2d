"""What made documents are made of: words, addresses, marks, each of some kind that has its own rule in the specification."""

from __future__ import annotations


def cut(text: str, at: str | None = None) -> list[str]:
    """Return the pieces of a text, cut at white space or at a sign of its own."""
    return text.split(at)


PLAIN = cut("low tide water harbour the a of and in it rope, net. Ada is not at sea; high über naïve привет 東京 so")
WORDS = [
    *cut("7 3.5 m 1986. 9) Ben's o'clock x_y snake_case_name 2*3 a-b #5 #tag Ærø 日本語 वहाँ שלום “so” – — … & && AT&T"),
    *cut(
        "< > 1<2 \\ / | ~ = == + - * _ ! ? . , ; ( ) [ ] { } \" ' % @ ^ $5 {name} C:\\dir 10:30 #1 a.b... -- --- e.g. [a]"
    ),
    *cut("[1]¦(b)¦\"quoted\"¦'single'¦(c)¦{1, 2}¦{{ x }}¦a\u2003b¦\u00a0", "¦"),
]
ENTITIES = cut(
    "&amp; &lt; &gt; &quot; &copy; &nbsp; &eacute; &mdash; &#35; &#x22; &#0; &#xD800; &no; &amp &#1234567890; &; &#; &#x;"
)
ESCAPES = [f"\\{sign}" for sign in [*"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "a", "é", " ", "\t"]]
ADDRESSES = [
    *cut(
        "https://tide.example http://tide.example/a/b?c=d&e=f https://tide.example/a_(b) /low low.md #part ?a=b <> (a)"
    ),
    *cut(
        "mailto:ada@tide.example https://tide.example/%C3%A9%20x https://tide.example/é a(b(c)d) a\\(b \\) a&amp;b &lt;"
    ),
    *cut("//tide.example a*b_c_*d"),
    *cut("<q b>¦<q>b¦a b¦", "¦"),
]
BARE = [
    *cut(
        "https://tide.example http://tide.example/low/ https://tide.example/a?b=c&d=e. www.tide.example, ada@tide.example"
    ),
    *cut(
        "(www.tide.example/a_(b)) https://tide.example/a_b_c www.tide.example/*a* https://tide.example/~ada; https://a"
    ),
    *cut(
        "http://a.example:80/x! www.tide.example/a&copy; WWW.tide.example www.a_b.example ada.b+c@low.tide.example, a@b"
    ),
    *cut("http:// ada@b.c."),
]
ANGLES = cut(
    "https://tide.example/a?b ada@tide.example mailto:a@b.c x:y a+b.c:d https://a.example/\\[ ftp://a m:a a/b a@ http://a[b]"
)
TITLES = cut('¦¦¦ "A tide"¦ \'A tide\'¦ (A tide)¦ "a \\" b"¦ "&amp; *a*"¦ "open¦ bare¦"near"¦ ""¦ "a\nb"', "¦")
TAGS = [
    *cut("<q> </q> <br> <br/> <kbd>a</kbd> <b>*a*</b> </span> <![CDATA[*g*]]> <x-y> <1> <q <!--*d*-->"),
    *cut(
        '<q class="x">¦<a href="/x">y</a>¦<span title=\'a\'>¦<u >v</u >¦<!-- c -->¦<?php e ?>¦<!ELEMENT f>¦<q a=1 c>',
        "¦",
    ),
    *cut('<q =1>¦< q>¦<q\nc>¦<q c="d\ne">', "¦"),
]
"""None is left open that a browser would open again in the next block: what it makes of that depends on what is around it."""
OPENINGS = cut("<span>¦</q>¦<q class=\"x\">¦<video>¦<x-y a='b'/>¦<q> c¦<ins", "¦")
LABELS = cut("tide¦Tide¦low  tide¦the *net*¦ẞ¦1¦a b¦no such¦x\\]y¦", "¦")
BLOCK_TAGS = cut("div details p table ul section figure DIV h2 center")
LANGUAGES = cut("¦¦¦python¦rust¦ c++¦nosuch¦js {1}¦py a='b'¦a b c¦\tpy", "¦")
CODE = cut('x¦a  b¦ a ¦  ¦`¦ `` ¦a`b¦*a*¦\\¦a\\|b¦<b>¦&amp;¦a -- "b"¦a\nb¦[a](b)', "¦")
TICKS = cut(" ` ¦a`b", "¦")
LINES_OF_CODE = cut('x = 1¦    y¦  z¦¦¦- a¦# b¦> c¦<b>¦*d*¦```¦~~~¦````¦\ttab¦[a]: b¦a | b¦"e" -- f\'', "¦")
EMPHASIS = cut("* _ ** __ *** ___ ~~ ~ *_ **_ ~~~ ****")
REFERENCES = cut("[{0}]¦[{0}][]¦[{1}][{0}]¦[{1}] [{0}]¦[{0}]:¦[{0}](¦[{0}][{1}]", "¦")
BREAKS = cut("  \n¦\\\n¦\n¦\n¦ \n¦    \n   ", "¦")
RULES = cut("---¦***¦___¦* * *¦- - -¦ _ _ _ ¦--¦-----¦**  **¦+++¦   ---¦-\t-\t-", "¦")
UNDERLINES = cut("===¦---¦=¦-¦  ---  ¦= =¦    ---¦-----------", "¦")
LINES = cut("¦¦---¦- a¦> b¦```¦<div>¦1. c¦# d¦===¦| e |¦    f", "¦")
MARKS: list[str] = [*"*_`~[]()<>!&\\|#-+=\n\t 1.", "\n\n", "  \n", "](", "**"]
