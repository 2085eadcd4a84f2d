"""What a page shows by its style sheet, and what it becomes where there is none: in feeds, in mail, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BORDER = "#8a8a8a"
"""A grey that can be seen on white, on black, and where a mail program inverts colours."""

BREAKS = "word-break:break-word;word-wrap:break-word"
"""Lets long addresses break: some mail programs know only the first, some only the second, none `overflow-wrap`."""


def as_quotation(element: LexborNode) -> None:
    """Make an element a quotation, which feed readers set apart."""
    element.replace_with(_copy(element, "blockquote"))


def as_cell(element: LexborNode) -> None:
    """Make an element the cell of a table with a border, which mail programs draw around a text."""
    table, row, cell = element.parser.create_node("table"), element.parser.create_node("tr"), _copy(element, "td")
    _style(cell, f"border:1px solid {BORDER}")
    _set(table, role="presentation", width="100%", cellpadding="12", cellspacing="0", style="margin:16px 0")
    row.insert_child(cell)
    table.insert_child(row)
    element.replace_with(table)


def with_lines(table: LexborNode) -> None:
    """Draw a table's lines by attributes, and let it be narrow: mail programs do not scroll to a side."""
    _set(table, border="1", cellpadding="4", cellspacing="0", width="100%", bordercolor=BORDER)
    _style(table, f"border-collapse:collapse;border-color:{BORDER};font-size:14px;{BREAKS}")
    if table.parent is not None and table.parent.attributes.get("class") == "table":
        table.parent.unwrap()


def with_breaks(element: LexborNode) -> None:
    """Let long addresses break."""
    _style(element, BREAKS)


def _copy(element: LexborNode, tag: str) -> LexborNode:
    other = element.parser.create_node(tag)
    for child in element.iter(include_text=True):
        other.insert_child(child)
    for name, value in element.attributes.items():
        other.attrs[name] = value or ""
    return other


def _style(element: LexborNode, rules: str) -> None:
    """Add rules; those of the author win."""
    element.attrs["style"] = ";".join((rules, element.attributes.get("style") or "")).rstrip(";")


def _set(element: LexborNode, **attributes: str) -> None:
    for name, value in attributes.items():
        element.attrs[name] = value


class Forms:
    """Elements of a page, found by their `selector`, and what changes one for each medium; None leaves it."""

    selector: ClassVar[str] = ""
    feed: ClassVar[staticmethod[[LexborNode], None] | None] = None
    mail: ClassVar[staticmethod[[LexborNode], None] | None] = None
    text: ClassVar[staticmethod[[LexborNode], None] | None] = None


class Task(Forms):
    """The box of a task in a list."""

    selector = 'input[type="checkbox"]'

    @staticmethod
    def feed(box: LexborNode) -> None:
        """Write the box as a character."""
        box.replace_with("☑ " if "checked" in box.attributes else "☐ ")

    mail = text = feed


class Hidden(Forms):
    """What a page does not show."""

    selector = '[hidden]:not([hidden="until-found"]), [style*="display:none" i], [style*="display: none" i]'

    @staticmethod
    def feed(element: LexborNode) -> None:
        """Leave it out."""
        element.replace_with("")

    mail = text = feed


class Aligned(Forms):
    """Cells, and whatever else a class or a style sets to one side."""

    selector = '[class*="align-"], [style*="text-align"]'

    @staticmethod
    def feed(element: LexborNode) -> None:
        """Say it in an attribute."""
        looks = f"{element.attributes.get('class')};{element.attributes.get('style')}".replace(" ", "")
        for side in ("left", "right", "center"):
            if f"align-{side}" in looks or f"text-align:{side}" in looks:
                element.attrs["align"] = side

    mail = feed


class Formula(Forms):
    """A formula in MathML, which only browsers show: the TeX that it was made from."""

    selector = "math"

    @staticmethod
    def feed(formula: LexborNode) -> None:
        """Write the TeX as text."""
        source = formula.css_first('annotation[encoding="application/x-tex"]')
        formula.replace_with(source.text() if source else formula.text())

    mail = text = feed


class Figure(Forms):
    """A figure, and its caption."""

    selector = "figure, figcaption"

    @staticmethod
    def mail(element: LexborNode) -> None:
        """Use elements that every mail program sets apart."""
        element.replace_with(_copy(element, "p" if element.tag == "figcaption" else "div"))


class Box(Forms):
    """Sections and the like, which older mail programs do not lay out, and what a reader could open."""

    selector = "article, aside, section, header, footer, details, summary"

    @staticmethod
    def mail(element: LexborNode) -> None:
        """Use elements that every mail program sets apart; what could be opened is open."""
        element.replace_with(_copy(element, "p" if element.tag == "summary" else "div"))


class Code(Forms):
    """Code, which runs from left to right in any language."""

    selector = "pre"

    @staticmethod
    def mail(element: LexborNode) -> None:
        """Say so where a style sheet would."""
        if "dir" not in element.attributes:
            _set(element, dir="ltr")


WIDEST = 600
"""Pixels of a picture that fit into a mail."""


class WidePicture(Forms):
    """A picture that says its width."""

    selector = "img[width]"

    @staticmethod
    def mail(picture: LexborNode) -> None:
        """Let a wide picture be as wide as the text: Outlook knows the attribute alone."""
        width = picture.attributes.get("width") or ""
        if width.isdecimal() and len(width) < 6 and int(width) > WIDEST:
            _set(picture, width="100%")
            del picture.attrs["height"]
