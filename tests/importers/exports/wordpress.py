"""Exports of WordPress, nasty on purpose: both editors, every state, plugins, and what must never be read."""

from __future__ import annotations

SITE = "https://harbour.example"
UPLOADS = f"{SITE}/wp-content/uploads/2024/03"

BLOCKS = f"""<!-- wp:paragraph {{"dropCap":true}} -->
<p class="has-drop-cap">Literal *stars* &amp; &lt;b&gt; <a href="{SITE}/?p=12">keptlink</a><sup data-fn="f1" class="fn"><a href="#f1" id="f1-link">1</a></sup></p>
<!-- /wp:paragraph -->

<!-- wp:more -->
<!--more keptmore-->
<!-- /wp:more -->

<!-- wp:heading {{"level":3}} -->
<h3 class="wp-block-heading">keptheading</h3>
<!-- /wp:heading -->

<!-- wp:image {{"id":6,"sizeSlug":"large","linkDestination":"custom"}} -->
<figure class="wp-block-image size-large"><a href="https://a.example/kepthref"><img src="{UPLOADS}/keptpier-1024x683.jpg" alt="keptalt" class="wp-image-6" srcset="{UPLOADS}/keptpier-300x200.jpg 300w"/></a><figcaption class="wp-element-caption">keptcaption</figcaption></figure>
<!-- /wp:image -->

<!-- wp:gallery {{"linkTo":"none"}} -->
<figure class="wp-block-gallery has-nested-images columns-2"><!-- wp:image {{"id":7}} -->
<figure class="wp-block-image"><img src="{UPLOADS}/keptone.jpg" alt="keptfirst"/><figcaption class="wp-element-caption">keptbelow</figcaption></figure>
<!-- /wp:image -->

<!-- wp:image {{"id":8}} -->
<figure class="wp-block-image"><img src="https://i0.wp.com/harbour.example/wp-content/uploads/2024/03/kepttwo.jpg?resize=300%2C200&amp;ssl=1" alt=""/></figure>
<!-- /wp:image --><figcaption class="blocks-gallery-caption wp-element-caption">keptgallery</figcaption></figure>
<!-- /wp:gallery -->

<!-- wp:gallery {{"ids":[7]}} -->
<ul class="wp-block-gallery columns-1"><li class="blocks-gallery-item"><figure><img src="{UPLOADS}/keptold.jpg" alt=""/><figcaption class="blocks-gallery-item__caption">keptolder</figcaption></figure></li></ul>
<!-- /wp:gallery -->

<!-- wp:list {{"ordered":true,"start":3}} -->
<ol start="3"><!-- wp:list-item -->
<li>keptitem<!-- wp:list -->
<ul><!-- wp:list-item -->
<li>keptnested</li>
<!-- /wp:list-item --></ul>
<!-- /wp:list --></li>
<!-- /wp:list-item --></ol>
<!-- /wp:list -->

<!-- wp:quote -->
<blockquote class="wp-block-quote"><!-- wp:paragraph -->
<p>keptquote</p>
<!-- /wp:paragraph --><cite>keptcite</cite></blockquote>
<!-- /wp:quote -->

<!-- wp:code -->
<pre class="wp-block-code"><code>keptcode [caption]stays[/caption] &lt;html&gt;</code></pre>
<!-- /wp:code -->

<!-- wp:table -->
<figure class="wp-block-table"><table><thead><tr><th>keptpier</th><th>keptstars</th></tr></thead><tbody><tr><td>old</td><td>154,162</td></tr></tbody></table><figcaption>kepttable</figcaption></figure>
<!-- /wp:table -->

<!-- wp:embed {{"url":"https://www.youtube.com/watch?v=abcDEF12345","type":"video","providerNameSlug":"youtube"}} -->
<figure class="wp-block-embed is-type-video is-provider-youtube"><div class="wp-block-embed__wrapper">
https://www.youtube.com/watch?v=abcDEF12345
</div><figcaption class="wp-element-caption">keptvideo</figcaption></figure>
<!-- /wp:embed -->

<!-- wp:embed {{"url":"https://a.example/keptembed"}} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://a.example/keptembed
</div></figure>
<!-- /wp:embed -->

<!-- wp:audio {{"id":9}} -->
<figure class="wp-block-audio"><audio controls src="{UPLOADS}/keptwave.mp3"></audio><figcaption>keptspoken</figcaption></figure>
<!-- /wp:audio -->

<!-- wp:audio -->
<figure class="wp-block-audio"><audio controls src="{UPLOADS}/keptsecond.mp3"></audio></figure>
<!-- /wp:audio -->

<!-- wp:video -->
<figure class="wp-block-video"><video controls src="{UPLOADS}/keptfilm.mp4"></video><figcaption>keptscene</figcaption></figure>
<!-- /wp:video -->

<!-- wp:file {{"href":"{UPLOADS}/keptpaper.pdf"}} -->
<div class="wp-block-file"><a href="{UPLOADS}/keptpaper.pdf">keptpaper</a><a href="{UPLOADS}/keptpaper.pdf" class="wp-block-file__button" download>Download</a></div>
<!-- /wp:file -->

<!-- wp:buttons -->
<div class="wp-block-buttons"><!-- wp:button -->
<div class="wp-block-button"><a class="wp-block-button__link" href="https://a.example/keptgo">keptbutton</a></div>
<!-- /wp:button --></div>
<!-- /wp:buttons -->

<!-- wp:cover {{"url":"{UPLOADS}/keptsky.jpg"}} -->
<div class="wp-block-cover" style="background-image:url({UPLOADS}/keptsky.jpg)"><div class="wp-block-cover__inner-container"><p>keptcover</p></div></div>
<!-- /wp:cover -->

<!-- wp:columns -->
<div class="wp-block-columns"><!-- wp:column -->
<div class="wp-block-column"><p>keptleft</p></div>
<!-- /wp:column --><!-- wp:column -->
<div class="wp-block-column"><p>keptright</p></div>
<!-- /wp:column --></div>
<!-- /wp:columns -->

<!-- wp:block {{"ref":40}} /-->
<!-- wp:block {{"ref":41}} /-->
<!-- wp:latest-posts {{"postsToShow":5,"className":"keptlatest"}} /-->

<!-- wp:premium-content/container -->
<!-- wp:premium-content/subscriber-view -->
<p>secretsubscriber</p>
<!-- /wp:premium-content/subscriber-view -->
<!-- wp:premium-content/logged-out-view -->
<p>keptvisitor</p>
<!-- /wp:premium-content/logged-out-view -->
<!-- /wp:premium-content/container -->

<!-- wp:details -->
<details class="wp-block-details"><summary>keptsummary</summary><p>keptfolded</p></details>
<!-- /wp:details -->
<!-- wp:shortcode -->
[mc4wp_form id="keptform"]
<!-- /wp:shortcode -->
<!-- wp:spacer --><div style="height:20px" aria-hidden="true" class="wp-block-spacer"></div><!-- /wp:spacer -->
<!-- wp:footnotes /-->"""

CLASSIC = f"""First line
keptbreak

A paragraph with <em>keptemphasis</em>, [sic] and [[gallery]].
[caption id="attachment_6" align="alignright" width="300"]<a href="https://a.example/kepthref"><img src="{UPLOADS}/keptpier-300x200.jpg" alt="keptalt" /></a> keptcaption <em>keptmarked</em>[/caption]
text after
<blockquote>keptquote

keptagain</blockquote>
<ul>
<li>keptitem</li>
</ul>
[gallery ids="7,8,99" columns="2"]

[audio mp3="{UPLOADS}/keptwave.mp3"][/audio]

https://www.youtube.com/watch?v=abcDEF12345

[embed width="500"]https://a.example/keptembed?a=1&amp;b=2[/embed]

[sourcecode language="python"]
if a &lt; b:

    keptprogram("[gallery]")
[/sourcecode]

[fancybox style="keptstyle"]keptinner[/fancybox] and [contact-form-7 id="keptform" title="x"]

[members]secretmember [members]secretinner[/members] secretmore[/members]

<pre>keptpre

  [audio]</pre>
<!--nextpage-->
<table><tr><td>keptcell</td><td>two</td></tr></table>
keptlast"""


def item(number: int, content: str = "<p>Text.</p>", *, fields: str = "", **values: str) -> str:
    """Return an item of an export."""
    day = f"2024-03-{number % 28 + 1:02d}"
    own = {
        "title": f"Post {number}",
        "link": f"{SITE}/2024/03/post-{number}/",
        "guid": f"{SITE}/?p={number}",
        "wp:post_name": f"post-{number}",
        "wp:post_date": f"{day} 17:00:00",
        "wp:post_date_gmt": f"{day} 16:00:00",
        "wp:status": "publish",
        "wp:post_type": "post",
        "dc:creator": "keptlogin",
        "excerpt:encoded": "",
        "wp:post_password": "",
        **{key.replace("__", ":"): value for key, value in values.items()},
    }
    written = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in own.items())
    safe = content.replace("]]>", "]]]]><![CDATA[>")
    return f"<item>{written}<wp:post_id>{number}</wp:post_id><content:encoded><![CDATA[{safe}]]></content:encoded>{fields}</item>"


def meta(key: str, value: str) -> str:
    """Return a field beside an item."""
    return f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"


def attachment(number: int, url: str, *, parent: int = 0, alt: str = "", caption: str = "") -> str:
    """Return a file of the media library."""
    fields = f"<wp:attachment_url>{url}</wp:attachment_url><wp:post_parent>{parent}</wp:post_parent>"
    return item(
        number,
        "",
        fields=fields + meta("_wp_attachment_image_alt", alt) + meta("_wp_attachment_metadata", "a:1:{secretexif}"),
        wp__post_type="attachment",
        wp__status="inherit",
        excerpt__encoded=caption,
        title="file",
    )


COMMENT = """<wp:comment><wp:comment_author>secretcommenter</wp:comment_author><wp:comment_author_email>secretmail@x.example
</wp:comment_author_email><wp:comment_author_IP>192.0.2.99</wp:comment_author_IP><wp:comment_content>secretcomment</wp:comment_content></wp:comment>"""

TERMS = """<category domain="category" nicename="harbours"><![CDATA[Harbours &amp; keptcategory]]></category>
<category domain="category" nicename="uncategorized"><![CDATA[Sem categoria]]></category>
<category domain="post_tag" nicename="x"><![CDATA[kepttag]]></category><category domain="series" nicename="s"><![CDATA[keptseries]]></category>
<category domain="post_format" nicename="post-format-aside"><![CDATA[keptaside]]></category>"""

PODCAST = """https://media.example/keptepisode.mp3?x=1
7531
audio/mpeg
a:2:{s:8:"duration";s:8:"00:07:28";s:10:"episode_no";s:2:"12";}"""

HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.5" created="2024-04-01 10:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>keptsite</title><link>{SITE}</link><description>kepttagline</description><language>pt-PT</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{SITE}</wp:base_site_url><wp:base_blog_url>{SITE}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[keptlogin]]></wp:author_login>
<wp:author_email><![CDATA[secretauthor@x.example]]></wp:author_email><wp:author_display_name><![CDATA[keptname]]></wp:author_display_name></wp:author>
"""


def export(*items: str) -> str:
    """Return an export."""
    return f"{HEAD}{''.join(items)}</channel></rss>"


FOOTNOTES = (
    '[{"content":"keptfootnote with <em>keptstress</em> \\"quoted\\"","id":"f1"},{"content":"keptlost","id":"f2"}]'
)


def blocks() -> str:
    """Return an export of the block editor."""
    return export(
        item(
            1,
            BLOCKS,
            title="keptblocks &amp; more",
            excerpt__encoded="keptexcerpt <b>keptbold</b>",
            fields=TERMS
            + COMMENT
            + meta("footnotes", FOOTNOTES)
            + meta("_thumbnail_id", "5")
            + meta("_wp_old_slug", "keptslug")
            + meta("_series_part", "3")
            + meta("_edit_lock", "secretlock")
            + meta("mailpoet_key", "secretkey"),
        ),
        attachment(5, f"{UPLOADS}/keptthumb.jpg", alt="keptcoveralt", caption="keptcovercaption"),
        attachment(6, f"{UPLOADS}/keptpier.jpg"),
        item(40, "<!-- wp:paragraph --><p>keptreused</p><!-- /wp:paragraph -->", wp__post_type="wp_block"),
        item(12, "<p>keptfree</p><!-- wp:jetpack/paywall /--><p>paidtext</p>"),
        item(50, "secretform", wp__post_type="feedback", title="secretperson"),
        item(51, "", wp__post_type="nav_menu_item", title="secretmenu"),
    )


def classic() -> str:
    """Return an export of the classic editor, and of every state."""
    return export(
        item(1, CLASSIC, title="keptclassic"),
        attachment(7, f"{UPLOADS}/keptseven.jpg", parent=1, alt="keptsevenalt", caption="keptsevencaption"),
        attachment(8, f"{UPLOADS}/kepteight.jpg", parent=1),
        item(2, "keptlead words here<!--more-->\nkeptrest"),
        item(3, wp__status="draft", wp__post_date_gmt="0000-00-00 00:00:00", link=f"{SITE}/?p=3", wp__post_name=""),
        item(4, wp__status="draft"),
        item(5, wp__status="pending"),
        item(6, wp__status="private"),
        item(9, wp__status="future", wp__post_date="2031-01-01 10:00:00", wp__post_date_gmt="2031-01-01 09:00:00"),
        item(10, wp__status="trash", wp__post_name="post-10__trashed"),
        item(11, wp__post_password="secretpassword"),
        item(13, wp__post_date="2031-01-01 10:00:00", wp__post_date_gmt="2031-01-01 09:00:00"),
        item(14, fields=meta("_jetpack_newsletter_access", "paid_subscribers")),
        item(15, fields=meta("_jetpack_newsletter_access", "everybody") + meta("enclosure", PODCAST)),
        item(16, wp__status="keptodd"),
        item(17, wp__post_type="page", dc__creator="secretlogin@x.example"),
        item(18, "[gallery]", wp__post_date="0000-00-00 00:00:00", wp__post_date_gmt="0000-00-00 00:00:00"),
    )
