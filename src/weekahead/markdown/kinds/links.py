"""What stands elsewhere: links with comments, posts from a social network kept as text, videos as links."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import as_cell
from weekahead.markdown.kinds.kind import ADDRESS, ANYTHING, DAY, Kind, shown_day
from weekahead.markdown.tokens import Token

if TYPE_CHECKING:
    from weekahead.markdown.tree import TreeWriter

_COMMENT = re.compile(r"(?:[ ]*[:–—]|[ ]+-+)[ ]+(?=\S)|(?:[ ]*[:–—]|[ ]+-+)[ ]+$")


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
    """A video's title as a link to it, who made it, and how long it is."""

    names = ("video",)
    keys = {"address": ADDRESS, "by": ANYTHING, "length": ANYTHING}
    needed = "address"
    title_name = "title"
    selector = "figure.video"
    mail = staticmethod(as_cell)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write the link, and below it what else there is to say."""
        writer.raw(f'<figure class="video"><p><a href="{escape(self["address"])}">')
        writer.text(self.title, self.line)
        writer.raw(f"</a></p><figcaption>{writer.say('video')}{' · ' if self['by'] else ''}")
        writer.text(*self.values.get("by", ("", 0)))
        writer.raw((f" · {escape(self['length'])}" if self["length"] else "") + "</figcaption></figure>")
