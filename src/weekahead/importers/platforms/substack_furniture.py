"""What Substack puts around a text: forms, buttons, polls and chats, which mean nothing on another site."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from weekahead.importers.html import shapes
from weekahead.importers.html.data_attributes import NOTHING, read_data, said
from weekahead.importers.html.data_attributes import address as address_in
from weekahead.importers.html.document import HtmlDocument, attribute, classes, words
from weekahead.importers.html.furniture import Furniture, furniture
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut, quoted
from weekahead.model.addresses import split_address
from weekahead.model.counts import counted
from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_ASKING = re.compile(
    r"/(?:subscribe|comments|chat|leaderboard|account|gift|messages|invite|welcome)/?$|[?&](?:action=share|gift=true|coupon=)"
    r"|/subscribe\?|substack\.com/(?:refer|redirect|chat|app-link)|/p/[\w-]+/comments|/publish|/survey/"
)
_ASKING_WORDS = re.compile(
    r"(?i)(?:subscribe|share|leave a comment|comment|give a gift|get \d+%|upgrade|refer a friend|start writing|join the chat|"
    r"message |invite|donate subscriptions|get more from).*"
)
_FURNITURE = furniture(
    (
        Furniture(
            ".subscription-widget-wrap, .subscription-widget-wrap-editor, .subscribe-widget",
            "form to subscribe",
            "forms to subscribe",
        ),
        Furniture(".install-substack-app-embed", "advertisement of Substack's app", "advertisements of Substack's app"),
        Furniture(
            ".image-link-expand, .header-anchor-parent, .header-anchor-widget, label.hide-text, .footnote-hovercard", ""
        ),
        Furniture(".poll-embed", "poll", rule="poll"),
        Furniture(".community-chat, .community-chat-embed", "link to a chat", "links to a chat", rule="chat"),
        Furniture(".directMessage, .direct-message", "button for direct messages", "buttons for direct messages"),
        Furniture(
            ".referral-program, .recommendations-embed", "recommendation of Substack's", "recommendations of Substack's"
        ),
    )
)
_KNOWN = name_set(
    "FootnoteAnchorToDOM FootnoteToDOM Image2ToDOM HighlightedCodeBlockToDOM PreformattedTextBlockToDOM "
    "SubscribeWidgetToDOM SubscribeWidget ButtonCreateButton CaptionedButtonToDOM PullquoteToDOM PaywallToDOM"
)  # fmt: skip


def drop_furniture(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out forms, polls, chats, and buttons but for those that lead elsewhere."""
    _FURNITURE(document, notes)
    dropped: list[str] = []
    for node in document.css("p.button-wrapper, .captioned-button-wrap p.button-wrapper"):
        data, link = read_data(node), node.css_first("a[href]")
        address = address_in(data, "url") or (attribute(link, "href") if link is not None else "")
        text = said(data, "text") or words(node)
        if not address or asks_readers(address, text):
            dropped.append(text)
            _drop_button(node)
        else:
            document.replace(node, shapes.paragraph(shapes.link(address, text or address)))
    if dropped:
        notes.add(Outcome.DROPPED, "furniture", f"left out {counted(len(dropped), 'button')}{quoted(dropped)}")


def asks_readers(address: str, text: str) -> bool:
    """Return whether a button asks readers to subscribe, share or comment, and leads nowhere else."""
    if _ASKING.search(address):
        return True
    host = split_address(address).netloc
    return (not host or host.endswith("substack.com")) and bool(_ASKING_WORDS.fullmatch(text.strip()))


def _drop_button(node: LexborNode) -> None:
    parent = node.parent
    if parent is not None and "captioned-button-wrap" in classes(parent):
        parent.decompose()  # with the words that ask to press it
    else:
        node.decompose()


def name_damaged(document: HtmlDocument, notes: PostNotes) -> None:
    """Say what stands in the data of components that cannot be read."""
    for node in document.css("[data-attrs]"):
        if read_data(node) is NOTHING and (written := attribute(node, "data-attrs")) != "null":
            words = " ".join(unescape(written).split())
            notes.add(Outcome.ASK, "damaged-component", f"the data of a component cannot be read: {words}")


def name_unknown(document: HtmlDocument, notes: PostNotes) -> None:
    """Say which components are left that no pass knows; what words they have stay, and a link where they have none."""
    for node in reversed(document.css("[data-component-name], [data-attrs]")):
        name = attribute(node, "data-component-name") or " ".join(sorted(classes(node))) or (node.tag or "")
        if attribute(node, "data-component-name") in _KNOWN or node.tag in ("img", "a", "p"):
            continue
        data, text = read_data(node), words(node)
        address = next((said(data, key) for key in ("url", "canonical_url", "href", "src") if said(data, key)), "")
        title = next((said(data, key) for key in ("title", "name", "text", "label") if said(data, key)), "")
        kept = f'its words stay: "{cut(text)}"' if text else "it had no words"
        if not text and (address.startswith("http") or title):
            made = shapes.link(address, title or address) if address.startswith("http") else title
            document.replace(node, shapes.paragraph(made))
            kept = f"a link to {address} stands for it" if address else f'its title stands for it: "{cut(title)}"'
        elif not text and not node.css("img, iframe, a"):
            node.decompose()
        notes.add(
            Outcome.ASK,
            "unknown-component",
            f'no form is known here for "{name}": {kept}',
            words=address or text[:60] or title,
        )
