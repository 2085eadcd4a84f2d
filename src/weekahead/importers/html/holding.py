"""Write what html-to-markdown has no form for: shapes, code, pictures, tables, lists of definitions, what can be opened."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from weekahead.importers.html import pieces, shapes, tables
from weekahead.importers.html.document import HtmlDocument, ancestors, attribute, classes, inner, is_blank, words
from weekahead.importers.html.escapes import escape_line, escape_line_start
from weekahead.importers.html.pieces import Block, Piece
from weekahead.importers.html.raw import inline_html, raw_html
from weekahead.importers.html.writer import Writer, is_nested
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.markdown.kinds.kind import ADDRESS
from weekahead.markdown.maths import MathsError, to_mathml

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LANGUAGE = re.compile(
    r"(?:lang(?:uage)?|brush|highlight-source|sourceCode)[-:\s]\s*([\w+#.-]+)|highlight-source-([\w+#.-]+)"
)
_MATHML_ATTRIBUTE = re.compile(r'\s(?!(?:display|displaystyle|mathvariant|encoding)=)[^\s=>"]+="[^"]*"')
_KEY_LINE = re.compile(r"[A-Za-z][A-Za-z -]*?[ \t]*:[ \t]")


class Holder:
    """Puts pieces in the place of elements, the innermost first."""

    def __init__(self, document: HtmlDocument, writer: Writer, notes: PostNotes) -> None:
        self._document, self._writer, self._notes = document, writer, notes
        self.footnotes: dict[int, str] = {}
        """The footnotes as Markdown, by their numbers."""

    def hold_all(self) -> None:
        """Hold all elements of the tree that have a form of their own."""
        self._writer.maths |= bool(self._document.css(shapes.FORMULA))
        for node in reversed(self._document.css("table")):
            if not tables.is_layout(node) and tables.needs_html(node) and not tables.is_empty(node):
                self._writer.hold(node, tables.raw_table(node))
        for node in self._document.css("details > summary"):
            text = inline_html(inner(node))
            for child in list(node.iter(include_text=True)):
                child.decompose()
            node.insert_child(self._writer.add(Piece(text)))
        for node in self._document.css(shapes.PICTURE):
            self._hold_picture(node)
        for node in self._document.css("pre, xmp, listing, plaintext"):
            self._hold_code_block(node)
        for node in reversed(self._document.css(", ".join(_HOLDERS))):
            _HOLDERS[node.tag or ""](self, node)

    # -- within a line

    def _hold_code(self, node: LexborNode) -> None:
        text = node.text()
        if text.strip():
            self._writer.hold(node, Piece(pieces.code(text)))
        else:
            node.replace_with(text)

    def _hold_img(self, node: LexborNode) -> None:
        title = "" if _is_alone(node) else attribute(node, "title")
        self._writer.hold(
            node, Piece(pieces.picture(attribute(node, "src"), attribute(node, "alt"), title, maths=self._writer.maths))
        )

    def _hold_box(self, node: LexborNode) -> None:
        self._writer.hold(node, Piece("[x] " if "checked" in node.attributes else "[ ] "))

    def _hold_mark(self, node: LexborNode) -> None:
        self._writer.hold(node, Piece(f"[^{attribute(node, 'number')}]"))

    def _hold_formula(self, node: LexborNode) -> None:
        tex, display = node.text().strip(), "display" in node.attributes
        tex = re.sub(r"\n\s*\n", "\n", tex)
        try:
            to_mathml(tex, display)
        except MathsError as error:
            message = f"this formula cannot be shown, and stands as code: {error}"
            self._notes.add(Outcome.ASK, "formula", message, words=tex[:60])
            self._writer.hold(node, Block(pieces.fence(tex)) if display else Piece(pieces.code(tex)))
            return
        if display and not is_inline(node):
            self._writer.hold(node, Block(f"$$\n{tex}\n$$"))
        elif display:
            self._writer.hold(node, Piece(f"$${tex}$$"))
        elif "$" in tex or _begins_with_digit(node):
            self._writer.hold(node, Piece(f"\\({tex}\\)"))
        else:
            self._writer.hold(node, Piece(f"${tex}$"))

    def _hold_mathml(self, node: LexborNode) -> None:
        html = re.sub(r"\s+", " ", node.html or "")
        self._writer.hold(node, Piece(_MATHML_ATTRIBUTE.sub("", html)))

    # -- blocks

    def _hold_code_block(self, node: LexborNode) -> None:
        if node.css("a[href], img, weekahead-picture, weekahead-mark"):
            self._writer.hold(node, Block(raw_html(node)))
            return
        for line_break in node.css("br"):
            line_break.replace_with("\n")
        text = node.text().removesuffix("\n").replace("\r\n", "\n")
        self._writer.hold(node, Block(pieces.fence(text, _language(node))))

    def _hold_table(self, node: LexborNode) -> None:
        if tables.is_layout(node):
            return
        if tables.is_empty(node):
            node.decompose()
        else:
            self._writer.hold(node, tables.write_table(node, self._writer))

    def _hold_picture(self, node: LexborNode) -> None:
        src, alt, href = attribute(node, "src"), attribute(node, "alt"), attribute(node, "href")
        if emphasis := node.css("strong, em, b, i, u, span"):
            _unwrap_all(emphasis)
            message = "a caption has no emphasis now: it is the title of its picture"
            self._notes.add(Outcome.CHANGED, "caption", message, words=words(node)[:60])
        caption = inner(node)
        if "<" in caption or (caption and (href or _is_in_item(node))):
            img = f'<img src="{entities.escape(src)}" alt="{entities.escape(alt)}">'
            img = f'<a href="{entities.escape(href)}">{img}</a>' if href else img
            markdown = f"<figure>{img}\n<figcaption>{inline_html(caption)}</figcaption></figure>"
        else:
            markdown = pieces.picture(src, alt, entities.unescape(caption), maths=self._writer.maths)
            if href:
                link = pieces.begin_link(href)
                markdown = f"[{markdown}{link.end}"
        self._writer.hold(
            node,
            Piece(pieces.picture(src, alt, maths=self._writer.maths))
            if is_inline(node) and not caption
            else Block(markdown),
        )

    def _hold_video(self, node: LexborNode) -> None:
        address = attribute(node, "address")
        title = shapes.video_title(address, attribute(node, "title"))
        if is_nested(node) or not ADDRESS.passes(address):
            self._replace(node, shapes.paragraph(shapes.link(address, title)))
            return
        lines = [f"/// video | {self._escape(title)}", f"address: {address}"]
        lines += [f"{key}: {self._escape(attribute(node, key))}" for key in ("by", "length") if attribute(node, key)]
        self._writer.hold(node, Block("\n".join((*lines, "///"))))

    def _hold_post(self, node: LexborNode) -> None:
        author, day, address = (attribute(node, name) for name in ("author", "day", "address"))
        body = "" if is_nested(node) else self._writer.blocks(inner(node))
        if not body or not author or (address and not ADDRESS.passes(address)):
            before, linked = shapes.attribution(author, day, address)
            shown = entities.escape(before) + (shapes.link(address, linked) if address else entities.escape(linked))
            self._replace(node, f"<blockquote>{inner(node)}<p>— {shown}</p></blockquote>")
            return
        lines = [f"/// post | {self._escape(author)}"]
        lines += [f"date: {day}"] if day else []
        lines += [f"address: {address}"] if address else []
        lines += [""] if _KEY_LINE.match(body) else []
        self._writer.hold(node, Block("\n".join((*lines, body, "///"))))

    def _hold_links(self, node: LexborNode) -> None:
        if is_nested(node):
            node.unwrap()
        else:
            self._writer.hold(node, Block(f"/// links\n{self._writer.blocks(inner(node))}\n///"))

    def _hold_note(self, node: LexborNode) -> None:
        title, alert = attribute(node, "title"), attribute(node, "alert")
        if not alert and is_nested(node):
            head = f"<p><strong>{entities.escape(title)}</strong></p>" if title else ""
            self._replace(node, f"<blockquote>{head}{inner(node)}</blockquote>")
            return
        body = self._writer.blocks(inner(node))
        if not body:
            node.decompose()
        elif alert:
            lines = (f"[!{alert.upper()}]", *body.split("\n"))
            self._writer.hold(node, Block("\n".join(f"> {line}".rstrip() for line in lines)))
        else:
            head = f"/// note | {self._escape(title)}" if title else "/// note"
            self._writer.hold(node, Block(f"{head}\n{body}\n///"))

    def _hold_footnote(self, node: LexborNode) -> None:
        number = int(attribute(node, "number"))
        body = self._writer.blocks(inner(node)) or "&nbsp;"
        first, *others = body.split("\n")
        self.footnotes[number] = "\n".join((f"[^{number}]: {first}", *(f"    {line}".rstrip() for line in others)))
        node.decompose()

    def _hold_definitions(self, node: LexborNode) -> None:
        parts = [
            part
            for part in node.css("dt, dd")
            if next(above for above in ancestors(part) if above.tag == "dl").mem_id == node.mem_id
        ]
        written = [(part.tag, self._definition_part(part)) for part in parts]
        written = [(tag, text) for tag, text in written if text]
        if not written or written[0][0] != "dt" or written[-1][0] != "dd":
            return  # the flow makes paragraphs of them
        lines: list[str] = []
        for number, (tag, text) in enumerate(written):
            if tag == "dt":
                lines += ["", text] if number and written[number - 1][0] == "dd" else [text]
            else:
                first, *others = text.split("\n")
                lines += [f":   {first}", *(f"    {line}".rstrip() for line in others)]
        self._writer.hold(node, Block("\n".join(lines)))

    def _definition_part(self, part: LexborNode) -> str:
        if part.tag == "dt":
            return escape_line_start(self._writer.line(inner(part)))
        return self._writer.blocks(inner(part))

    def _hold_details(self, node: LexborNode) -> None:
        summary = node.css_first("summary")
        head = self._writer.held(summary) if summary is not None else ""
        if summary is not None:
            summary.decompose()
        body = self._writer.blocks(inner(node))
        opening = f"<details>\n<summary>{head}</summary>" if head else "<details>"
        self._writer.hold(node, Block(f"{opening}\n\n{body}\n\n</details>" if body else f"{opening}\n</details>"))

    def _escape(self, words: str) -> str:
        return escape_line(words, maths=self._writer.maths)

    def _replace(self, node: LexborNode, html: str) -> None:
        self._document.replace(node, html)


_HOLDERS: dict[str, Callable[[Holder, LexborNode], None]] = {
    "code": Holder._hold_code,
    "img": Holder._hold_img,
    "input": Holder._hold_box,
    shapes.MARK: Holder._hold_mark,
    shapes.FORMULA: Holder._hold_formula,
    "math": Holder._hold_mathml,
    "table": Holder._hold_table,
    shapes.VIDEO: Holder._hold_video,
    shapes.POST: Holder._hold_post,
    shapes.LINKS: Holder._hold_links,
    shapes.NOTE: Holder._hold_note,
    shapes.FOOTNOTE: Holder._hold_footnote,
    "dl": Holder._hold_definitions,
    "details": Holder._hold_details,
}


def _unwrap_all(nodes: list[LexborNode]) -> None:
    for node in reversed(nodes):
        node.unwrap()


def _language(node: LexborNode) -> str:
    """Return the language of code, as its element or those right around it say."""
    around = [node, *node.css("code"), *list(ancestors(node))[:2]]
    for element in around:
        for name in ("data-language", "data-lang", "data-enlighter-language"):
            if re.fullmatch(r"[\w+#.-]+", attribute(element, name)):
                return attribute(element, name)
        if found := _LANGUAGE.search(" ".join(classes(element))):
            return found[1] or found[2]
    return ""


def _is_alone(node: LexborNode) -> bool:
    """Return whether an element is all that its paragraph has."""
    around = node
    while around.parent is not None and around.parent.tag in ("a", "span", "p"):
        around = around.parent
    return is_blank(words(around)) and len(around.css("img")) <= 1


def is_inline(node: LexborNode) -> bool:
    """Return whether an element stands in a paragraph with other words."""
    paragraph = next(
        (above for above in ancestors(node) if above.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "a")),
        None,
    )
    if paragraph is None:
        return False
    return paragraph.tag != "p" or not is_blank(words(paragraph).replace(words(node), "", 1))


def _is_in_item(node: LexborNode) -> bool:
    """Return whether an element stands in an item of a list, where a picture with a title is no figure."""
    return any(above.tag in ("li", "dd", "dt", "td", "th") for above in ancestors(node))


def _begins_with_digit(node: LexborNode) -> bool:
    following = node.next
    return following is not None and (following.text_content or "")[:1].isdecimal()
