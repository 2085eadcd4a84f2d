"""Exports of Substack, nasty on purpose: every component of a current publication, and one of 2019.

See `tests/importers/rooms.py` for what the words "kept", "paid" and "secret" mean.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

SITE = "https://keptharbour.substack.example"
CDN = "https://substackcdn.com/image/fetch"
MEDIA = "https://substack-post-media.s3.amazonaws.com/public/images"
COLUMNS = [
    "post_id",
    "post_date",
    "is_published",
    "email_sent_at",
    "inbox_sent_at",
    "type",
    "audience",
    "title",
    "subtitle",
    "podcast_url",
]


def data(value: Mapping[str, Any], *, twice: bool = False) -> str:
    """Return an attribute of data as Substack writes it; in some exports it is escaped twice."""
    text = escape(json.dumps(value))
    return f'data-attrs="{escape(text) if twice else text}"'


def component(css: str, value: Mapping[str, Any], *, inside: str = "", tag: str = "div", twice: bool = False) -> str:
    """Return a component whose content stands in its attributes."""
    return f'<{tag} class="{css}" {data(value, twice=twice)}>{inside}</{tag}>'


def picture(name: str, caption: str = "", *, href: str = "", alt: str = "") -> str:
    """Return a picture as current exports have it."""
    wrapped = f"{CDN}/$s_!Qx9Z!,w_1456,c_limit,f_auto,q_auto:good,fl_progressive:steep/" + escape(
        f"{MEDIA}/{name}".replace(":", "%3A").replace("/", "%2F")
    )
    values = data({"src": f"{MEDIA}/{name}", "alt": alt, "title": None, "href": href or None})
    shown = f'<figcaption class="image-caption">{caption}</figcaption>' if caption else ""
    return f"""<div class="captioned-image-container"><figure><a class="image-link image2" target="_blank"
 href="{href or wrapped}" data-component-name="Image2ToDOM"><div class="image2-inset"><picture>
<source type="image/webp" srcset="{wrapped} 424w, {wrapped} 848w" sizes="100vw"><img src="{wrapped}" {values}
 srcset="{wrapped} 1456w" alt=""></picture><div class="image-link-expand"><button class="restack-image"><svg><title></title>
</svg></button></div></div></a>{shown}</figure></div>"""


TWEET = {
    "url": "https://twitter.com/kepthandle/status/15?s=20",
    "full_text": 'keptfirst *stars*\n\nkeptsecond <a class="tweet-url" href="https://keptlink.example">keptshort</a>',
    "username": "kepthandle",
    "name": "keptname",
    "date": "2022-09-15T12:00:45.000Z",
    "photos": [{"img_url": "https://pbs.example/keptphoto.jpg"}],
    "quoted_tweet": {"full_text": "keptquoted", "name": "keptother"},
}
POST = {
    "url": f"{SITE}/p/keptother?utm_source=secretcampaign",
    "title": "keptpost",
    "truncated_body_text": "keptopening",
    "publication_name": "keptletter",
    "bylines": [{"name": "keptbyline"}],
}
DIGEST = {
    "canonical_url": "https://www.kept.example/p/keptdigest",
    "title": "keptdigesttitle",
    "caption": "keptdigestcaption",
    "publishedBylines": [{"name": "keptdigestname"}],
}
GALLERY = {
    "gallery": {
        "images": [{"src": f"{MEDIA}/keptone_1x1.png"}, {"src": f"{MEDIA}/kepttwo_1x1.png"}],
        "caption": "keptgallery",
    }
}
COMMENT = {
    "url": f"{SITE}/p/x/comment/1",
    "comment": {"body": "keptremark", "name": "keptreader", "date": "2023-01-02T00:00:00Z"},
}

NASTY = "".join(
    (
        "<p>2 * 3 * 4, snake_case, [kept] and 1984. &lt;b&gt;keptliteral&lt;/b&gt; &amp;amp;</p><p></p><p>&nbsp;</p>",
        "<p>/// note | keptmark</p><p>1984. keptyear</p><p># kepthash</p><p>: keptcolon</p><p>[^1]: keptnote</p><p>+ keptplus</p>",
        picture("keptpier_1024x683.png", "keptcaption", alt="keptalt"),
        picture(
            "keptlinked_10x10.png",
            'By <a href="https://keptauthor.example">keptphotographer</a>',
            href="https://keptwhere.example",
        ),
        component("twitter-embed", TWEET),
        component("twitter-embed", {**TWEET, "full_text": "kepttwice &amp; more", "photos": []}, twice=True),
        component("image-gallery-embed", GALLERY),
        component("embedded-post-wrap", POST, inside="<a href='#'>Read more · 3 likes</a>"),
        component("digest-post-embed", DIGEST),
        component("comment", COMMENT),
        component(
            "youtube-wrap",
            {"videoId": "abcDEF12345", "startTime": "18s"},
            inside="<iframe src='https://www.youtube-nocookie.com/embed/abcDEF12345'></iframe>",
        ),
        component("vimeo-wrap", {"videoId": "76979871"}),
        component(
            "spotify-wrap",
            {"url": "https://open.spotify.com/track/keptsong", "title": "kepttune", "subtitle": "keptband"},
            tag="iframe",
        ),
        component("latex-rendered", {"persistentExpression": "keptx = \\frac{1}{2}"}),
        f"<p>Thanks to {component('mention-wrap', {'name': 'keptmention', 'id': 1}, tag='span')}, costs $5.</p>",
        component(
            "highlighted_code_block",
            {"language": "python"},
            inside="<pre class='shiki'><code>keptcode = '/// *'\n\n\n  b</code></pre>",
        ),
        "<div class='preformatted-block'><label class='hide-text'>Text within this block will maintain</label><pre class='text'>keptverse\n   two</pre></div>",
        "<div class='pullquote'><p>keptpull</p></div><div class='callout-block' data-callout='true'><p>keptcallout</p></div>",
        component("native-audio-embed", {"mediaUploadId": "keptupload", "duration": 448.0, "label": "keptvoice"}),
        component("native-video-embed", {"mediaUploadId": "keptclip", "duration": None}),
        """<div class="file-embed-wrapper"><image class="file-embed-thumbnail-default" src="https://x.example/icon.svg"></image>
<div class="file-embed-details-h1">keptpaper</div><div class="file-embed-details-h2">31.9KB ∙ PDF file</div>
<a class="file-embed-button wide" href="https://x.example/keptfile.pdf"><span>Download</span></a>
<a class="file-embed-button narrow" href="https://x.example/keptfile.pdf"><span>Download</span></a></div>""",
        component("hologram-embed", {"title": "keptunknown", "url": "https://kept.example/hologram"}),
        component("poll-embed", {"id": 1}),
        f"""<div class="subscription-widget-wrap-editor" {data({"url": f"{SITE}/subscribe?"})}><p class="cta-caption">Thanks for reading
 keptTitle of Letters! Subscribe</p><form><input type="email"></form></div>""",
        component(
            "button-wrapper",
            {"url": f"{SITE}/subscribe?", "text": "Subscribe now"},
            tag="p",
            inside="<a>Subscribe now</a>",
        ),
        component(
            "button-wrapper",
            {"url": "https://donate.example/keptgive", "text": "keptbutton"},
            tag="p",
            inside="<a>x</a>",
        ),
        "<p>Said<a class='footnote-anchor' id='footnote-anchor-2' href='#footnote-2'>7</a> and<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>8</a>.</p>",
        "<ul><li><p>keptitem</p><ul><li><p>keptinner</p></li></ul></li></ul>",
        "<div class='footnote'><a id='footnote-1' href='#footnote-anchor-1' class='footnote-number'>8</a><div class='footnote-content'><p>keptfoot</p><p>keptpar</p></div></div>",
        "<div class='footnote'><a id='footnote-2' href='#footnote-anchor-2' class='footnote-number'>7</a><div class='footnote-content'><p>keptfootnote</p></div></div>",
        f"<p><a href='{SITE}/p/keptwall?utm_source=x&amp;utm_medium=y'>keptown</a></p>",
    )
)

WALLED = f"<p>keptfree</p><div><p>keptstill</p><div class='paywall-jump' data-component-name='PaywallToDOM'></div><p>paidhere</p></div>{picture('paidpicture_1x1.png')}<p>paidend</p>"


def row(post_id: str, **cells: str) -> dict[str, str]:
    """Return a row of the table of posts; what is not said is that of a public newsletter."""
    usual = {
        "post_date": "2024-03-01T17:00:00.000Z",
        "is_published": "true",
        "type": "newsletter",
        "audience": "everyone",
    }
    return {"post_id": post_id, **usual, "title": post_id.partition(".")[2], **cells}


def table(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """Return posts.csv."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def current() -> dict[str, str | bytes]:
    """Return the members of a current export."""
    rows = (
        row("1.keptnasty", title="keptnasty", subtitle="&#x201C;keptsubtitle&#x201D; &amp; more,\nkeptline"),
        row("2.keptwall", title="wall", audience="only_paid"),
        row("3.wall-for-all", title="wall for all"),
        row("4.all-paid", title="all paid", audience="founding"),
        row("5.members", title="members", audience="only_free"),
        row("6.episode", title="episode", type="podcast", podcast_url="https://api.substack.example/keptfeed.mp3"),
        row("7.thread", title="thread", type="thread"),
        row("8.about", title="about", type="page"),
        row("9.", title="", post_date="", is_published="false"),
        row("10.later", title="later", post_date="2027-01-01T00:00:00.000Z"),
        row("11.planned", title="planned", post_date="2027-01-01T00:00:00.000Z", is_published="false"),
        row("12.gone", title="gone", is_published="FALSE"),
        row("13.mailed", title="mailed", type="adhoc_email"),
        row("14.strange", title="strange", type="hologram"),
        row("15.nobody", title="nobody", audience="martians"),
        row("16.kept-missing", title="keptmissing"),
        row("7.thread", title="keptrepeated"),
        row("17.empty", title="empty"),
    )
    texts = {id["post_id"]: "<p>kept" + id["post_id"].partition(".")[0] + "x</p>" for id in rows[4:15]}
    texts |= {
        "1.keptnasty": NASTY,
        "2.keptwall": WALLED,
        "3.wall-for-all": WALLED,
        "4.all-paid": "<p>paidwhole</p>",
        "17.empty": "",
    }
    texts["6.episode"] = component("native-audio-embed", {"duration": 448.0}) + "<p>kepttalk</p>"
    texts["18.lone"] = "<p>keptlone</p>"
    return {
        "posts.csv": table(rows),
        "email_list.keptharbour.csv": "email,active_subscription\nsecretlist@readers.example,true\n",
        "posts/1.opens.csv": "email\nsecretopens@readers.example\n",
        "posts/1.delivers.csv": "email\nsecretdelivers@readers.example\n",
        **{f"posts/{id}.html": text for id, text in texts.items()},
    }


OLD_TEXT = """<p>keptold<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a></p>
<div class="tweet"><a class="tweet-link-top" href="https://twitter.com/keptold/status/1?s=21"><div class="tweet-header">
<img class="tweet-header-avatar" src="https://x.example/a.jpg" alt="avatar"><span class="tweet-author-name">keptauthor </span>
<span class="tweet-author-handle">@keptold</span></div><div class="tweet-text">kepttweet<br>keptmore</div></a>
<a class="tweet-link-bottom" href="https://twitter.com/keptold/status/1"><div class="tweet-footer"><span class="tweet-date">1:26 AM ∙ Apr 28,
 2022</span><hr><span class="likes">50 Likes</span></div></a></div>
<a class="image-link" href="https://cdn.substack.com/image/fetch/c_limit,f_auto/https%3A%2F%2Fbucketeer-e05b.s3.amazonaws.com%2Fpublic%2Fimages%2Fkeptbucket_5x5.png"></a>
<div class="footnote" id="footnote-1"><a href="#footnote-anchor-1" class="footnote-number">1</a><div class="footnote-content"><p>keptfoot</p></div></div>
"""


def old() -> dict[str, str | bytes]:
    """Return the members of an export of 2019: in a folder, without a column, in another encoding."""
    columns = [name for name in COLUMNS if name != "inbox_sent_at"]
    rows = (
        row("1.first", title="keptfirst", is_published="TRUE"),
        row("2.cafe", title="keptcafe", is_published="TRUE"),
    )
    return {
        "export/posts.csv": table(rows, columns),
        "export/posts/1.first.html": OLD_TEXT,
        "export/posts/2.cafe.html": "<p>keptcafé</p>".encode("cp1252"),
    }
