"""Make texts that try to run a script when their page is opened or clicked: something active, wrapped in what may hide it."""

from __future__ import annotations

import random
from collections.abc import Callable

RUN = "top.ran(window.name)"
"""What a payload runs: it tells the page around its frame the frame's name."""

RUN_WITHIN = "top.ran(parent.name)"

ACTIVE = [
    f"<img src=x onerror={RUN}>",
    f"<script>{RUN}</script>",
    f"<svg onload={RUN}></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<style onload={RUN}>a{{}}</style>",
    f"<video><source onerror={RUN}></video>",
    f"<iframe srcdoc='<script>{RUN_WITHIN}</script>'></iframe>",
    f"<iframe src=javascript:{RUN_WITHIN}></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href='&#1; java&Tab;script&colon;{RUN}'>x</a>",
    f"[x](<javascript:{RUN}>)",
    f"<a href=JaVa&#10;ScRiPt:{RUN}>x</a>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<form><button formaction='java&#13;script:{RUN}'>x</button></form>",
    f"<form><input type=image src=x formaction=javascript:{RUN}></form>",
    f"<svg><a href=javascript:{RUN}><text y=20>x</text></a></svg>",
    f"<svg><a xlink:href='&#x20;javascript:{RUN}'><text y=20>x</text></a></svg>",
    f"<svg><a><animate attributeName=href values='javas&#9;cript:{RUN}' /><text y=20>x</text></a></svg>",
    f"<svg><a><set attributeName=href to='javas&#10;cript:{RUN}' /><text y=20>x</text></a></svg>",
    f"<svg><a><animate attributeName=xlink:href from='#a' to=javascript:{RUN} begin=0s fill=freeze /><text y=20>x</text></a></svg>",
    f"<svg><set attributeName=x to=1 onbegin={RUN} /></svg>",
    f"<svg><animate attributeName=x dur=1s onbegin={RUN} /></svg>",
    f"<math><a xlink:href=javascript:{RUN}>x</a></math>",
    f"<link rel=stylesheet href=data:text/css,a onload={RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href=javascript:/><a href='#/**/;{RUN}'>x</a>",
    f"<body onload={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<div style='animation: x 1s' onanimationstart={RUN}></div><style>@keyframes x {{}}</style>",
    f"<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=x onerror={RUN} /></svg>#x'/></svg>",
    f"x\n{{: onclick={RUN} }}",
    f"<button onclick={RUN} />x</button>",
]

WRAPPERS: list[Callable[[str], str]] = [
    lambda html: html,
    lambda html: f"<div><template shadowrootmode=open>{html}</template></div>",
    lambda html: f"<template>{html}</template>",
    lambda html: f"<noscript>{html}</noscript>",
    lambda html: f"<noscript><!--</noscript>{html}--></noscript>",
    lambda html: f"<noscript><style></noscript>{html}</style></noscript>",
    lambda html: f"<noscript><p title='</noscript>{html}'></noscript>",
    lambda html: f"<form><math><mtext></form><form><mglyph><style></math>{html}",
    lambda html: f"<math><mtext><table><mglyph><style><!--</style>{html}--></style>",
    lambda html: f"<svg><style>{html.replace('<', '&lt;')}</style></svg>",
    lambda html: f"<math><mi><style>{html.replace('<', '&lt;')}</style></mi></math>",
    lambda html: f"<svg></p><style><a title='</style>{html}'>",
    lambda html: f"<svg><desc>{html}</desc></svg>",
    lambda html: f"<svg><foreignObject>{html}</foreignObject></svg>",
    lambda html: f"<svg><title><style></title>{html}</style>",
    lambda html: f"<math><annotation-xml encoding=text/html>{html}</annotation-xml></math>",
    lambda html: f"<math><annotation-xml>{html}</annotation-xml></math>",
    lambda html: f"<svg><![CDATA[>{html}]]></svg>",
    lambda html: f"<![CDATA[>{html}]]>",
    lambda html: f"<!-- --!>{html}<!-- -->",
    lambda html: f"<!-->{html}-->",
    lambda html: f"<!--{html}-->",
    lambda html: f"<?x >{html}?>",
    lambda html: f"<table>{html}<tr><td>x</table>",
    lambda html: f"<table><caption><svg></caption>{html}</table>",
    lambda html: f"<select><option>{html}</select>",
    lambda html: f"<select><noscript></select>{html}</noscript>",
    lambda html: f"<textarea>{html}</textarea>",
    lambda html: f"<textarea></textarea >{html}",
    lambda html: f"<title></title/>{html}",
    lambda html: f"<xmp></xmp\n>{html}",
    lambda html: f"<xmp>{html}</xmp>",
    lambda html: f"<noembed><p></noembed>{html}",
    lambda html: f"<noframes>{html}</noframes>",
    lambda html: f"<plaintext>{html}",
    lambda html: f"<script type=x><!--<script></script>{html}</script>",
    lambda html: f"<p title=\"<!--\">{html}<b title='-->'>",
    lambda html: f"<a title='>' {html}",
    lambda html: f"<b <{html.lstrip('<')}",
    lambda html: f"- > x {html}",
    lambda html: f"| a |\n|---|\n| {html} |",
    lambda html: f"x[^1]\n\n[^1]: {html}",
    lambda html: f"`x` {html} `",
    lambda html: f"```\n{html}\n```",
    lambda html: f'![x](y "{html.replace(chr(34), "")}")',
    lambda html: f"<p>{html}\n\nx</p>",
    lambda html: html.replace("<", "\\<"),
    lambda html: html.replace("<", "&lt;"),
    lambda html: html.replace(" on", "/on"),
    lambda html: html.upper().replace(RUN.upper(), RUN),
    lambda html: html.replace("=", " \n=\t", 1),
]


def payload(number: int) -> str:
    """Return a payload by its number."""
    chance = random.Random(number)
    text = chance.choice(ACTIVE)
    for _ in range(chance.choice((1, 1, 2, 3))):
        text = chance.choice(WRAPPERS)(text)
    return text
