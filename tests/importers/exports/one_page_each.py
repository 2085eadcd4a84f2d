"""Exports that are one HTML page a post: beehiiv, Medium and Mailchimp, nasty on purpose."""

from __future__ import annotations

import csv
import io

Members = dict[str, str | bytes]


def table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], delimiter: str = ",") -> str:
    """Return a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


# -- beehiiv

MAIL = """<!DOCTYPE html><html><head><title>keptdocument</title><style>.x { color: red }</style></head><body>
<div style="display:none;max-height:0px;overflow:hidden">keptpreheader</div>
<table role="presentation" width="100%"><tr><td class="f"><a href="https://x.example">keptonline</a></td></tr>
<tr><td id="content-blocks"><h1>keptpost &amp; title</h1><table role="none"><tr><td><p style="padding:0">keptparagraph {{first_name | default: "keptreader"}}
<a href="https://a.example/keptlink?utm_source=beehiiv">keptanchor</a></p></td></tr></table>
<table class="j"><tr><td>&nbsp;</td></tr></table>
<table><tr><td><img src="https://media.beehiiv.com/keptpicture.png" alt="keptalt"></td></tr><tr><td><p>keptunder</p></td></tr></table>
<table><thead><tr><th>keptpier</th><th>keptstars</th></tr></thead><tbody><tr><td>old</td><td>154,162</td></tr></tbody></table>
<table class="rec__content"><tr><td>keptrecommended</td></tr></table>
<div class="bh__poll">keptpoll</div>
{% if subscriber.premium %}<p>secretpremium</p>{% endif %}
<a href="{{rp_referral_hub_url}}">keptreferral</a>
<p>keptlast</p></td></tr>
<tr><td class="b"><p>keptaddress 1 Main Street <a href="{{unsubscribe_url}}">Unsubscribe</a></p></td></tr></table>
<img src="https://link.example/open.gif" width="1" height="1"></body></html>"""

BEEHIIV = [
    "id",
    "web_title",
    "status",
    "audience",
    "content_tags",
    "url",
    "web_subtitle",
    "email_subject_line",
    "email_preview_text",
    "content_html",
    "thumbnail_url",
    "created_at",
]


def beehiiv(*, with_tags: bool = True) -> str:
    """Return a table of posts of 12 columns, or of 11 as older ones have."""
    url = "https://letter.beehiiv.example/p"
    rows = [
        ("b1", "keptpost & title", "confirmed", "free", "kepttag; kepttwo words", f"{url}/keptslug", "keptsubtitle", "keptsubject", "keptpreview", MAIL, "uploads/asset/keptcover.png", "2023-01-18 21:25:27"),
        ("b2", "Premium", "confirmed", "premium", "", f"{url}/b2", "", "Premium", "", "<p>kepttwo</p>", "https://a.example/x.png", "2023-01-25 21:25:27"),
        ("b3", "A draft", "draft", "free", "", f"{url}/b3", "", "", "", "", "", "2023-01-26 21:25:27"),
        ("b4", "Both", "confirmed", "both", "", f"{url}/b4", "", "", "", "<p>keptfour</p>", "", "2023-02-01 21:25:27"),
        ("b5", "Old", "archived", "free", "", f"{url}/b5", "", "", "", "<table><tr id='content-blocks'><p>keptfive</p></tr></table>", "", "2023-02-08 21:25:27"),
        ("b6", "To come", "confirmed", "free", "", f"{url}/b6", "", "", "", "<p>keptsix</p>", "", "2031-02-08 21:25:27"),
    ]  # fmt: skip
    names = [name for name in BEEHIIV if with_tags or name != "content_tags"]
    cells = [dict(zip(BEEHIIV, row, strict=True)) for row in rows]
    return table(tuple(names), tuple(tuple(cell[name] for name in names) for cell in cells))


# -- Medium


def story(
    title: str,
    body: str,
    *,
    subtitle: str = "",
    day: str = "2022-09-23T15:00:00.123Z",
    key: str = "efefef121212",
    slug: str = "story",
) -> str:
    """Return a file of Medium's."""
    summary = f'<section data-field="subtitle" class="p-summary">{subtitle}</section>' if subtitle else ""
    dated = f'<time class="dt-published" datetime="{day}">A day</time>' if day else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><style>* {{ margin: 0 }}</style></head><body>
<article class="h-entry"><header><h1 class="p-name">{title}</h1></header>{summary}
<section data-field="body" class="e-content"><section name="a1" class="section section--body section--first">
<div class="section-divider"><hr class="section-divider"></div><div class="section-content"><div class="section-inner">{body}</div></div></section></section>
<footer><p class="p-tags">Tagged in <a href="https://medium.com/tag/x" class="p-tag">kepttag</a></p>
<p>By <a href="https://medium.com/@keptauthor" class="p-author h-card">keptauthor</a> on <a href="https://medium.com/p/{key}">{dated}</a>.</p>
<p><a href="https://medium.com/@keptauthor/{slug}-{key}" class="p-canonical">Canonical link</a></p><p>Exported from <a href="https://medium.com">Medium</a>.</p></footer>
</article></body></html>"""


STORY = """<h3 name="t" id="t" class="graf graf--h3 graf--leading graf--title">keptstory</h3>
<h4 name="s" id="s" class="graf graf--h4 graf-after--h3 graf--subtitle">keptsubtitle</h4>
<p class="graf graf--p"><span class="graf-dropCap">k</span>eptdrop and <a href="https://a.example/keptlink" data-href="https://a.example/keptlink" class="markup--anchor">keptanchor</a></p>
<figure class="graf graf--figure"><img class="graf-image" data-image-id="1*x.jpeg" data-width="3200" src="https://cdn-images-1.medium.com/max/800/keptpicture.jpeg" alt="keptalt"><figcaption class="imageCaption">keptcaption</figcaption></figure>
<div class="graf graf--mixtapeEmbed"><a href="https://a.example/keptcard" class="markup--anchor markup--mixtapeEmbed-anchor" title="x"><strong class="markup--strong">kepttitle</strong><br><em class="markup--em">keptdescription</em>keptsite.example</a><a href="https://a.example/keptcard" class="js-mixtapeImage mixtapeImage" style="background-image: url(https://a.example/thumb.jpg);"></a></div>
<figure class="graf graf--figure graf--iframe"><script src="https://gist.github.com/keptuser/1234.js"></script><figcaption class="imageCaption">keptgist</figcaption></figure>
<figure class="graf graf--figure graf--iframe"><iframe src="https://medium.com/media/keptmedia/href" width="800"></iframe></figure>
<figure class="graf graf--figure graf--iframe"><iframe src="https://www.youtube.com/embed/abcDEF12345?feature=oembed" width="700"></iframe></figure>
<pre class="graf graf--pre">keptcode()<br>    second</pre>
<blockquote class="graf graf--pullquote">keptquote</blockquote><ol class="postList"><li class="graf graf--li">keptitem</li></ol>
</div></div></section><section name="b2" class="section section--body section--last"><div class="section-divider"><hr class="section-divider"></div>
<div class="section-content"><div class="section-inner"><p class="graf graf--p graf--trailing">keptend</p>"""


def medium() -> Members:
    """Return the members of a zip."""
    response = '<p name="c" class="graf graf--p graf--leading graf--trailing">keptresponse is a comment elsewhere.</p>'
    untitled = '<p class="graf graf--p">keptuntitled text of a story.</p>'
    return {
        "README.html": "<p>secretreadme</p>",
        "posts/2022-09-23_keptstory-efefef121212.html": story("keptstory", STORY, subtitle="keptsubtitle"),
        "posts/2022-10-01_a-comment-aaaaaa111111.html": story(
            "keptresponse is a comment…", response, key="aaaaaa111111"
        ),
        "posts/2022-10-02_No-heading-bbbbbb222222.html": story(
            "No heading", untitled, day="", key="bbbbbb222222", slug="no-heading"
        ),
        "posts/draft_Unfinished-cccccc333333.html": story("Unfinished", "<p>keptdraft</p>", day="", key="cccccc333333"),
        "posts/2022-10-03_torn-dddddd444444.html": "<html><body>keptnothing</body></html>",
        "ips/ips-0001.html": "secretips 192.0.2.1",
        "profile/profile.html": "secretprofile secret@x.example",
        "bookmarks/bookmarks-0001.html": "secretbookmark",
    }


# -- Mailchimp

CAMPAIGN = """<!doctype html><html><head><title>*|MC:SUBJECT|*</title><style>.mcnText { color: red }</style></head><body>
<!--*|IF:MC_PREVIEW_TEXT|*--><span class="mcnPreviewText" style="display:none; font-size:0px;">*|MC_PREVIEW_TEXT|* keptpreview</span><!--*|END:IF|*-->
<table id="bodyTable" role="presentation"><tr><td id="templatePreheader"><table class="mcnTextBlock"><tr><td class="mcnTextContent"><a href="*|ARCHIVE|*">View this email in your browser</a></td></tr></table></td></tr>
<tr><td id="templateBody"><table class="mcnTextBlock"><tbody class="mcnTextBlockOuter"><tr><td class="mcnTextBlockInner"><table><tr><td class="mcnTextContent"><h1>keptsubject</h1>
<p>Dear *|FNAME|*, keptparagraph <a href="https://a.example/keptlink?mc_cid=1&amp;mc_eid=UNIQID">keptanchor</a></p><ul><li>keptitem</li></ul>
*|IF:VIP|*<p>secretvip</p>*|ELSE:|*<p>keptelse</p>*|END:IF|* *|INTERESTED:Group:x|*secretgroup*|END:INTERESTED|*</td></tr></table></td></tr></tbody></table>
<table class="mcnImageBlock"><tr><td><a href="https://a.example/kepthref"><img class="mcnImage" src="https://mcusercontent.com/keptpicture.png" alt="keptalt" width="564"></a></td></tr></table>
<table class="mcnCaptionBlock"><tr><td><table class="mcnCaptionBottomContent"><tr><td><img src="https://mcusercontent.com/keptsecond.png" alt=""></td></tr><tr><td class="mcnTextContent"><p>keptcaption</p></td></tr></table></td></tr></table>
<table class="mcnButtonBlock"><tr><td class="mcnButtonContent"><a class="mcnButton" href="https://a.example/keptbutton">keptgo</a></td></tr></table>
<table class="mcnDividerBlock"><tr><td><span></span></td></tr></table>
<table class="mcnTextBlock"><tr><td class="mcnTextContent"><table><thead><tr><th>keptpier</th><th>keptstars</th></tr></thead><tbody><tr><td>old</td><td>154,162</td></tr></tbody></table></td></tr></table>
<table class="mcnFollowBlock"><tr><td><a href="https://twitter.com/x">keptfollow</a></td></tr></table></td></tr>
<tr><td id="templateFooter"><em>Copyright *|CURRENT_YEAR|* *|LIST:COMPANY|*</em> keptfooter 1 Main Street <a href="*|UNSUB|*">unsubscribe from this list</a></td></tr></table>
<img src="https://harbour.us1.list-manage.com/track/open.php?u=1" height="1" width="1"></body></html>"""


def mailchimp() -> Members:
    """Return the members of a zip."""
    rows = (
        ("Harbour 1", "keptsubject", "Readers", "Jan 05, 2024 09:00 am", "120", "abc123"),
        ("Harbour 2", "Tides & more!", "Readers", "Jan 12, 2024 09:00 am", "121", "def456"),
        ("Harbour 3", "keptwithout", "Readers", "Jan 19, 2024 09:00 am", "121", "fff999"),
        ("Harbour 4", "Broken day", "Readers", "keptsomeday", "121", "eee777"),
    )
    return {
        "campaigns/campaigns.csv": table(
            ("Title", "Subject", "List", "Send Date", "Total Recipients", "Unique Id"), rows
        ),
        "campaigns/abc123_harbour.html": CAMPAIGN,
        "campaigns/tides-more.html": '<html><body><div class="mcnTextContent"><p>kepttides</p></div></body></html>',
        "campaigns/broken_day.html": '<html><body><div class="mcnTextContent"><p>keptbroken</p></div></body></html>',
        "campaigns/unknown_letter.html": '<html><head><title>keptunknown</title></head><body><p class="mcnTextContent">keptorphan</p></body></html>',
        "audiences/subscribed_members.csv": "Email Address,First Name\nsecretreader@x.example,secretname\n",
        "reports/opens.csv": "Email,Subject,Date\nsecretopen@x.example,x,2024-01-01\n",
    }
