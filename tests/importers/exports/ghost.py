"""Exports of Ghost, nasty on purpose: every card and every state of a current version, and two old versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

CARDS = """
<p>Two*stars and [brackets] &amp; &lt;b&gt; <a href="__GHOST_URL__/keptslug/">keptlink</a></p>
<figure class="kg-card kg-image-card kg-card-hascaption"><a href="https://a.example/kepthref"><img
 src="__GHOST_URL__/content/images/size/w1000/2024/03/keptpier.png" class="kg-image" alt="keptalt"
 srcset="__GHOST_URL__/content/images/size/w600/2024/03/keptpier.png 600w"></a><figcaption>keptcaption</figcaption></figure>
<figure class="kg-card kg-gallery-card kg-width-wide kg-card-hascaption"><div class="kg-gallery-container">
<div class="kg-gallery-row"><div class="kg-gallery-image"><img src="__GHOST_URL__/content/images/keptone.png" alt="keptfirst"></div>
<div class="kg-gallery-image"><img src="https://images.unsplash.example/kepttwo?w=2" alt=""></div></div></div>
<figcaption><p>keptgallery</p></figcaption></figure>
<figure class="kg-card kg-bookmark-card kg-card-hascaption"><a class="kg-bookmark-container" href="https://a.example/keptbookmark">
<div class="kg-bookmark-content"><div class="kg-bookmark-title">kepttitle</div><div class="kg-bookmark-description">keptdescription</div>
<div class="kg-bookmark-metadata"><img class="kg-bookmark-icon" src="https://a.example/favicon.ico" alt="">
<span class="kg-bookmark-author">keptpublisher</span><span class="kg-bookmark-publisher">keptauthor</span></div></div>
<div class="kg-bookmark-thumbnail"><img src="https://a.example/keptthumbnail.jpg" alt=""></div></a>
<figcaption>keptunder</figcaption></figure>
<div class="kg-card kg-callout-card kg-callout-card-blue"><div class="kg-callout-emoji">💡</div>
<div class="kg-callout-text">keptcallout <strong>keptbold</strong></div></div>
<div class="kg-card kg-toggle-card" data-kg-toggle-state="close"><div class="kg-toggle-heading">
<h4 class="kg-toggle-heading-text">kepttoggle</h4><button class="kg-toggle-card-icon"><svg><path d="M1"></path></svg></button></div>
<div class="kg-toggle-content"><p>keptanswer</p></div></div>
<div class="kg-card kg-button-card kg-align-center"><a href="https://a.example/keptgo" class="kg-btn kg-btn-accent">keptbutton</a></div>
<div class="kg-card kg-button-card"><a href="#/portal/signup" class="kg-btn">keptportal</a></div>
<div class="kg-card kg-audio-card"><div class="kg-audio-player-container"><audio src="__GHOST_URL__/content/media/2024/keptwave.mp3"
 preload="metadata"></audio><div class="kg-audio-title">keptwords</div><div class="kg-audio-player"><span
 class="kg-audio-current-time">0:00</span><div class="kg-audio-time">/<span class="kg-audio-duration">448</span></div></div></div></div>
<div class="kg-card kg-audio-card"><audio src="https://a.example/keptsecond.mp3"></audio><div class="kg-audio-title">keptmore</div></div>
<figure class="kg-card kg-video-card"><div class="kg-video-container"><video src="__GHOST_URL__/content/media/keptfilm.mp4"></video>
<div class="kg-video-player-container"><span class="kg-video-current-time">0:00</span></div></div><figcaption>keptscene</figcaption></figure>
<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="__GHOST_URL__/content/files/keptfile.pdf" title="Download" download>
<div class="kg-file-card-contents"><div class="kg-file-card-title">keptpaper</div><div class="kg-file-card-caption">keptabout</div>
<div class="kg-file-card-metadata"><div class="kg-file-card-filename">keptfile.pdf</div><div class="kg-file-card-filesize">4 MB</div>
</div></div></a></div>
<div class="kg-card kg-product-card"><div class="kg-product-card-container"><img src="https://a.example/keptproduct.png"
 class="kg-product-card-image"><div class="kg-product-card-title-container"><h4 class="kg-product-card-title">keptthing</h4></div>
<div class="kg-product-card-rating"><span class="kg-product-card-rating-active kg-product-card-rating-star"></span></div>
<div class="kg-product-card-description"><p>keptpraise</p></div>
<a href="https://a.example/keptbuy" class="kg-product-card-button"><span>keptprice</span></a></div></div>
<div class="kg-card kg-header-card kg-v2"><picture><img class="kg-header-card-image" src="https://a.example/keptsky.png" alt=""></picture>
<div class="kg-header-card-content"><h2 class="kg-header-card-heading">keptheader</h2><p class="kg-header-card-subheading">keptsub</p>
<a href="https://a.example/kepton" class="kg-header-card-button">keptnext</a></div></div>
<div class="kg-card kg-signup-card" data-lexical-signup-form><h2 class="kg-signup-card-heading">keptsignup</h2>
<form><input name="email"></form></div>
<div class="kg-card kg-cta-card"><div class="kg-cta-sponsor-label-wrapper"><div class="kg-cta-sponsor-label"><p>keptsponsor</p></div></div>
<div class="kg-cta-content"><div class="kg-cta-text"><p>keptoffer</p></div><a href="https://a.example/keptcta" class="kg-cta-button">
keptclick</a></div></div>
<figure class="kg-card kg-embed-card"><iframe src="https://player.vimeo.com/video/76979871" title="keptmovie"></iframe></figure>
<div class="kg-card kg-hologram-card"><p>kepthologram</p></div>
<!--kg-card-begin: html-->
<table><thead><tr><th>keptpier</th><th>keptstars</th></tr></thead><tbody><tr><td>old</td><td>154,162</td></tr></tbody></table>
<!--kg-card-end: html-->
<!--kg-gated-block:begin nonMember:true memberSegment:"" -->
<p>keptvisitor</p><!--kg-gated-block:end-->
<!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" --><p>secretmember</p><!--kg-gated-block:end-->
<pre><code class="language-python">print("keptcode &lt; 7")</code></pre>
<blockquote class="kg-blockquote-alt">keptquote</blockquote>
"""


def post(number: int, **columns: Any) -> dict[str, Any]:
    """Return a row of `posts`."""
    return {
        "id": f"65f0a00000000000000000{number:02d}",
        "uuid": f"00000000-0000-4000-8000-0000000000{number:02d}",
        "title": f"Week {number}",
        "slug": f"week-{number}",
        "html": "<p>Text.</p>",
        "lexical": None,
        "mobiledoc": None,
        "type": "post",
        "status": "published",
        "visibility": "public",
        "featured": 0,
        "published_at": f"2024-03-{number:02d}T16:00:00.000Z",
        "custom_excerpt": None,
        "codeinjection_head": None,
        **columns,
    }


def current() -> dict[str, Any]:
    """Return the tables of version 5: every card, every state, a row that is damaged, and secrets beside them."""
    posts = [
        post(1, html=CARDS, title="keptcards & more", feature_image="__GHOST_URL__/content/images/keptcover.png"),
        post(2, html="<p>keptfree</p><!--members-only--><p>paidtext</p>", visibility="paid"),
        post(3, html="<p>keptopen</p><!-- members-only --><p>paidodd</p>"),
        post(4, visibility="members"),
        post(5, visibility="tiers"),
        post(6, status="sent"),
        post(7, status="draft"),
        post(8, status="draft", published_at=None, html=None, title="(Untitled)"),
        post(9, status="scheduled", published_at="2031-03-28T16:00:00.000Z"),
        post(10, published_at="2031-03-28T16:00:00.000Z"),
        post(11, status="published", codeinjection_head="<script>secretscript()</script>"),
        post(12, type="page", slug="week-1"),
        post(13, status="shelved"),
        post(14, published_at="2024-03-14 08:30:00", custom_excerpt="keptexcerpt"),
        "no row at all",
    ]
    return {
        "posts": posts,
        "posts_meta": [
            {
                "post_id": posts[0]["id"] if isinstance(posts[0], dict) else "",
                "feature_image_alt": "keptcoveralt",
                "feature_image_caption": "<span>keptcovercaption</span>",
                "email_subject": "keptsubject",
                "meta_title": "keptmetatitle",
                "meta_description": "keptmeta",
                "email_only": 0,
            },
            {"post_id": "65f0a0000000000000000011", "email_only": 1},
        ],
        "tags": [
            {"id": "t1", "name": "keptlast", "visibility": "public"},
            {"id": "t2", "name": "keptfirst tag", "visibility": "public"},
            {"id": "t3", "name": "#keptinternal", "visibility": "internal"},
        ],
        "posts_tags": [
            {"post_id": "65f0a0000000000000000001", "tag_id": "t1", "sort_order": 1},
            {"post_id": "65f0a0000000000000000001", "tag_id": "t2", "sort_order": 0},
            {"post_id": "65f0a0000000000000000001", "tag_id": "t3", "sort_order": 2},
            {"post_id": "65f0a0000000000000000001", "tag_id": "gone", "sort_order": 3},
        ],
        "users": [
            {"id": "1", "name": "keptwriter", "email": "secretmail@users.example", "password": "$2a$10$secrethash"},
            {"id": "2", "name": "keptguest", "email": "secretguest@users.example", "password": "$2a$10$secretsalt"},
        ],
        "posts_authors": [
            {"post_id": "65f0a0000000000000000001", "author_id": "2", "sort_order": 1},
            {"post_id": "65f0a0000000000000000001", "author_id": "1", "sort_order": 0},
        ],
        "newsletters": [{"id": "n1", "name": "The Harbour Letter", "sender_email": "secretsender@users.example"}],
        "settings": [
            {"key": "title", "value": "keptletter"},
            {"key": "description", "value": "kepttagline"},
            {"key": "timezone", "value": "America/Denver"},
            {"key": "locale", "value": "pt"},
            {"key": "members_private_key", "value": "-----BEGIN secretkey-----"},
            {"key": "stripe_secret_key", "value": {"secretstripe": "secretvalue"}},
        ],
        "members": [{"email": "secretreader@users.example", "note": "secretnote"}],
        "comments": [{"html": "<p>secretcomment</p>"}],
        "api_keys": [{"secret": "secretapi"}],
    }


def wrapped(tables: Mapping[str, Any]) -> str:
    """Return an export as a current version writes it."""
    return json.dumps({"db": [{"meta": {"exported_on": 1710000000000, "version": "5.82.2"}, "data": tables}]})


def _text(words: str, bits: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": words, "format": bits, "version": 1}


LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            {"type": "extended-heading", "tag": "h3", "children": [_text("keptheading")]},
            {
                "type": "paragraph",
                "children": [
                    _text("keptplain <b> "),
                    _text("keptstrong", 1),
                    _text("keptboth", 3),
                    {"type": "linebreak"},
                    {
                        "type": "link",
                        "url": "https://a.example/keptaddress?a=1&b=2",
                        "children": [_text("keptlinked", 2)],
                    },
                    _text("keptcode", 16),
                ],
            },
            {
                "type": "list",
                "listType": "number",
                "start": 3,
                "children": [
                    {"type": "listitem", "children": [_text("keptitem")]},
                    {
                        "type": "listitem",
                        "children": [
                            {
                                "type": "list",
                                "listType": "bullet",
                                "children": [{"type": "listitem", "children": [_text("keptnested")]}],
                            }
                        ],
                    },
                ],
            },
            {
                "type": "image",
                "src": "__GHOST_URL__/content/images/keptpicture.png",
                "alt": 'keptalt "quoted"',
                "caption": "<b>keptcaption</b>",
            },
            {"type": "codeblock", "code": "if a < b:\n    keptprogram()", "language": "python"},
            {"type": "callout", "calloutEmoji": "", "calloutText": "keptcallout"},
            {
                "type": "bookmark",
                "url": "https://a.example/keptmark",
                "metadata": {"title": "keptmarked", "publisher": "keptpress"},
            },
            {"type": "horizontalrule"},
            {
                "type": "call-to-action",
                "textValue": "<p>secretcta</p>",
                "visibility": {"web": {"nonMember": False, "memberSegment": ""}},
            },
            {"type": "email", "html": "<p>keptmail</p>"},
            {"type": "crossword", "clue": "7 across"},
            {"type": "paywall"},
            {"type": "paragraph", "children": [_text("paidlexical")]},
        ],
    }
}

MOBILEDOC = {
    "version": "0.3.1",
    "atoms": [["soft-return", "", {}]],
    "cards": [
        ["image", {"src": "__GHOST_URL__/content/images/keptold.jpg", "caption": "keptoldcaption"}],
        ["html", {"html": "<table><tr><td>keptcell</td><td>keptnumber</td></tr></table>"}],
        ["markdown", {"markdown": "A *keptmarkdown* card[^1].\n\n[^1]: keptfootnote"}],
    ],
    "markups": [["strong"], ["a", ["href", "https://a.example/keptold"]]],
    "sections": [
        [1, "h2", [[0, [], 0, "keptoldheading"]]],
        [1, "p", [[0, [], 0, "keptone & "], [0, [0, 1], 2, "kepttwo"], [1, [], 0, 0], [0, [], 0, "keptthree"]]],
        [3, "ul", [[[0, [], 0, "keptitem"]], [[0, [0], 1, "keptother"]]]],
        [10, 0],
        [10, 1],
        [10, 2],
        [1, "p", []],
    ],
}

LONE_MARKDOWN = {
    "version": "0.3.1",
    "atoms": [],
    "cards": [
        [
            "card-markdown",
            {"cardName": "card-markdown", "markdown": "## keptoriginal\n\nWritten *keptas* `{{kepttag}}`."},
        ]
    ],
    "markups": [],
    "sections": [[10, 0], [1, "p", []]],
}


def old() -> str:
    """Return an export without its wrapper: texts in three editors' formats, milliseconds, and pages as a flag."""
    posts = [
        post(1, html=None, lexical=json.dumps(LEXICAL), status="published", visibility="paid"),
        post(2, html=None, mobiledoc=json.dumps(MOBILEDOC), published_at=1325376000000),
        post(3, html=None, mobiledoc=json.dumps(LONE_MARKDOWN)),
        post(4, html=None, mobiledoc='{"sections": [[10, 7]], "cards": []}', plaintext="keptplaintext"),
        post(5, html=None, markdown="keptsource *of* 0.11", page=1, image="/content/images/keptimage.jpg", author_id=1),
        post(6, html=None, lexical="{not json"),
    ]
    tables = {
        "posts": posts,
        "users": [{"id": 1, "name": "keptowner", "password": "secrethash"}],
        "settings": [{"key": "activeTimezone", "value": '"Europe/Lisbon"'}, {"key": "title", "value": "An old letter"}],
    }
    return json.dumps({"meta": {"exported_on": 1388805572000, "version": "003"}, "data": tables})
