"""What stands elsewhere: links with comments, posts from a social network kept as text, videos as links."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import as_cell
from weekahead.markdown.kinds.kind import ADDRESS, ANYTHING, DAY, Check, Kind, shown_day
from weekahead.markdown.tokens import Token
from weekahead.model.picture_size import ENDINGS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from weekahead.markdown.tree import TreeWriter

_COMMENT = re.compile(r"(?:[ ]*[:–—]|[ ]+-+)[ ]+(?=\S)|(?:[ ]*[:–—]|[ ]+-+)[ ]+$")

PICTURE = Check(
    lambda name: "//" not in name and name.lower().endswith(ENDINGS),
    "a picture beside this text",
    "Save the picture next to it, and write its name. One from elsewhere would be asked for on every visit.",
)


class Links(Kind):
    """Links, each with what its author says of it in a line of its own."""

    names = ("links",)
    looks = "commented"

    def edit(self, tokens: list[Token], line: int) -> list[Token]:
        """Put a line break in place of the colon or dash behind a link that a text begins with."""
        first = tokens[0] if tokens else None
        if not isinstance(first, tuple) or first[0] != "a":
            return tokens
        rest = end = tokens.index(None) + 1 if len(first) == 2 else 1
        words = ""
        while rest < len(tokens) and isinstance(tokens[rest], str):
            words += str(tokens[rest])
            rest += 1
        match = _COMMENT.match(words)
        return [*tokens[:end], ("br", {}, ""), words[match.end() :], *tokens[rest:]] if match else tokens


class Post(Kind):
    """What somebody wrote; its title is who. The day, or else the author, is a link."""

    names = ("post",)
    keys = {"date": DAY, "address": ADDRESS}
    title_name = "author"
    selector = "figure.post"
    mail = staticmethod(as_cell)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write a quotation, and below it its author and day."""
        day = shown_day(self["date"], writer.say)
        link, end = (f'<a href="{escape(self["address"])}">', "</a>") if self["address"] else ("", "")
        writer.raw('<figure class="post"><blockquote>\n')
        writer.blocks(block.children)
        writer.raw(f"</blockquote><figcaption>— {'' if day else link}")
        writer.text(self.title, self.line)
        writer.raw(f"{f', {link}{day}' if day else ''}{end}</figcaption></figure>")


class Video(Kind):
    """A video's title as a link to it, with a still where there is one, who made it, and how long it is."""

    names = ("video",)
    keys = {"address": ADDRESS, "by": ANYTHING, "length": ANYTHING, "still": PICTURE}
    needed = "address"
    title_name = "title"
    selector = "figure.video"

    @staticmethod
    def mail(element: LexborNode) -> None:
        """Draw a border around it; the still is as wide as the text."""
        for still in element.css("img"):
            still.attrs["width"] = "100%"
        as_cell(element)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write the link, and below it what else there is to say."""
        writer.raw(f'<figure class="video"><p><a href="{escape(self["address"])}">')
        if PICTURE.passes(self["still"]):
            writer.raw(f'<img src="{escape(self["still"])}" alt="" loading="lazy"><br>')
        writer.text(self.title, self.line)
        writer.raw(f"</a></p><figcaption>{writer.say('video')}{' · ' if self['by'] else ''}")
        writer.text(*self.values.get("by", ("", 0)))
        writer.raw((f" · {escape(self['length'])}" if self["length"] else "") + "</figcaption></figure>")
