"""What the blocks of WordPress become; most are plain HTML within their comments, which the shared passes read."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, classes, inner, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import attribute_of, cut, drop, figure_pictures, html_of, link_card

_BACKGROUND = re.compile(r"background(?:-image)?:[^;]*url\(['\"]?([^'\")]+)")
_FIRST_APPEARED = re.compile(r"^(The post .+ (?:first )?appeared (?:first )?on .+\.|Continue reading .+→?)$")
_VIDEO = re.compile(
    r"https?://(?:www\.|m\.|player\.)?(youtube(?=\.com/(?:watch|shorts|live|embed))|youtu\.be/|vimeo(?=\.com/)|dailymotion(?=\.com/video))",
    re.I,
)
_NAMES = {"youtube": "YouTube", "youtu.be/": "YouTube", "vimeo": "Vimeo", "dailymotion": "Dailymotion"}


def drop_furniture(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out what only works on a WordPress site."""
    drop(
        document,
        notes,
        ".wp-block-jetpack-subscriptions, .jetpack_subscription_widget, .wp-block-mailerlite",
        "sign-up form",
    )
    drop(
        document,
        notes,
        ".sharedaddy, .sd-sharing-enabled, .addtoany_share_save_container, .jp-relatedposts",
        "row of share buttons",
    )
    drop(document, notes, ".wp-block-contact-form, .wp-block-jetpack-contact-form, .wpcf7, form", "form")
    for spacer in document.css(".wp-block-spacer, .wp-block-cover__background"):
        spacer.decompose()
    for paragraph in document.css("p")[-2:]:
        if _FIRST_APPEARED.match(words(paragraph)):
            notes.add(Outcome.DROPPED, "furniture", f'left out the line of the feed "{cut(words(paragraph))}"')
            paragraph.decompose()


def convert_blocks(document: HtmlDocument, notes: PostNotes) -> None:
    """Put plain HTML and shapes in the place of blocks that are more than a class around HTML."""
    for figure in reversed(document.css(".wp-block-embed, .wp-block-embed-youtube")):
        _embed(document, figure)
    for gallery in reversed(
        document.css(".wp-block-gallery, .wp-block-jetpack-tiled-gallery, .tiled-gallery, .gallery")
    ):
        _gallery(document, gallery)
    for cover in document.css(".wp-block-cover, .wp-block-cover-image"):
        match = _BACKGROUND.search(attribute(cover, "style"))
        if match and cover.css_first("img") is None:
            document.insert_before(cover, shapes.picture(match[1]))
    for file in reversed(document.css(".wp-block-file")):
        _file(document, file)
    for media in reversed(document.css(".wp-block-audio, .wp-block-video")):
        address, caption = attribute_of(media, "audio, video, source", "src"), html_of(media, "figcaption")
        shown = link_card(address, address.partition("?")[0].rpartition("/")[2]) if address else ""
        document.replace(media, shown + (shapes.paragraph(caption) if caption else ""))
    for button in document.css(".wp-block-button"):
        if (link := button.css_first("a[href]")) is not None:
            document.replace(button, shapes.paragraph(shapes.link(attribute(link, "href"), words(link))))


def _embed(document: HtmlDocument, figure: LexborNode) -> None:
    """Put a video, or a link, in the place of an address that WordPress shows as a player or a card."""
    wrapper, caption = figure.css_first(".wp-block-embed__wrapper"), html_of(figure, "figcaption")
    below = shapes.paragraph(caption) if caption else ""
    address = words(wrapper) if wrapper is not None else ""
    if wrapper is not None and not re.fullmatch(r"https?://\S+", address):
        document.replace(figure, inner(wrapper) + below)  # the player itself, as in a feed
    elif match := _VIDEO.match(address):
        document.replace(figure, shapes.video(address, _NAMES[match[1].lower()]) + below)
    elif address:
        document.replace(figure, shapes.paragraph(shapes.link(address, address)) + below)


def _gallery(document: HtmlDocument, gallery: LexborNode) -> None:
    """Put the pictures of a gallery below each other, each with its caption."""
    items = gallery.css("figure, .blocks-gallery-item, .gallery-item")
    leaves = [item for item in items if item.css_first("img") is not None and item.mem_id != gallery.mem_id]
    inmost = [
        item
        for item in leaves
        if not any(child.css_first("img") for child in item.css("figure") if child.mem_id != item.mem_id)
    ]
    caption = html_of(gallery, ".blocks-gallery-caption")
    if not inmost:
        figure_pictures(document, gallery, gallery.css("img"), caption)
        return
    shown = []
    for item in inmost:
        link = item.css_first("a")
        below = html_of(item, "figcaption, .gallery-caption, .wp-caption-text")
        href = attribute(link, "href") if link is not None and link.css_first("img") is not None else ""
        shown.append(
            shapes.picture(attribute_of(item, "img", "src"), attribute_of(item, "img", "alt"), below, href=href)
        )
    document.replace(gallery, "".join(shown) + (shapes.paragraph(caption) if caption else ""))


def _file(document: HtmlDocument, file: LexborNode) -> None:
    """Put one link in the place of a file, whose name and button lead to the same."""
    links = [link for link in file.css("a[href]") if "wp-block-file__button" not in classes(link)] or file.css(
        "a[href]"
    )
    if links:
        document.replace(file, shapes.paragraph(shapes.link(attribute(links[0], "href"), words(links[0]))))
