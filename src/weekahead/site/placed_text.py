"""Place a text on the page of its issue, or in a feed: where its addresses lead from there, how large its pictures are."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.issue import Text, slugify
from weekahead.model.picture_size import ENDINGS
from weekahead.site.aspects import IssueCard
from weekahead.site.links import internal_links
from weekahead.site.pictures import IN_TEXT, sources_of
from weekahead.site.resolved_links import ResolvedLink

if TYPE_CHECKING:
    from weekahead.site.context import RenderContext


def place_text(context: RenderContext, file: str, text: Text, feed: bool) -> TextRef:
    """Return a reference to a text of an issue or a page; in a feed addresses are absolute, and ids have a prefix."""
    _ = context.config  # it says how texts are converted
    links = context.links(file)
    number = links.texts.index(text.digest)
    led = [each for each in links.led if each.text == number]
    addresses = {each.address: each.target.address for each in led}
    if feed:
        addresses = _absolute_addresses(context, file, text, addresses)
    return TextRef(
        key=context.texts.key(text),
        addresses={address: target for address, target in addresses.items() if target != address},
        sizes={} if feed else _picture_sizes(context, led),
        prefix=_id_prefix(context, context.card(file)) if feed else "",
        language=context.translator.digest,
    )


def _picture_sizes(context: RenderContext, links: list[ResolvedLink]) -> dict[str, str]:
    """Return the attributes of the pictures that links lead to, by the addresses of the links as the text's cuts have them."""
    found = dict[str, str]()
    for each in links:
        name, path = each.target.file, each.target.path
        if name and path and name.lower().endswith(ENDINGS) and (facts := context.picture(name)):
            size = f' width="{facts.width}" height="{facts.height}"'
            sources = escape(sources_of(context.address, path, facts))
            found[f"={each.address}"] = size
            found[each.address] = f'{size} srcset="{sources}" sizes="{IN_TEXT}"' if sources else size
    return found


def _absolute_addresses(context: RenderContext, file: str, text: Text, addresses: dict[str, str]) -> dict[str, str]:
    config, page = context.config, context.absolute(context.path(file))
    own = {address: address for address in internal_links(context.facts(text), config.url) if address.startswith("#")}
    result = {}
    for address, target in (addresses | own).items():
        is_path = target.startswith("/") and not target.startswith("//")
        result[address] = page + target if target.startswith("#") else config.absolute(target) if is_path else target
    return result


def _id_prefix(context: RenderContext, card: IssueCard) -> str:
    label = "Special edition" if card.number is None else f"{context.cadence.noun} {card.number}"
    return f"{slugify(label)}-{card.slug}-"
