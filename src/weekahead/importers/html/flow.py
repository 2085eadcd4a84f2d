"""Make plain HTML of a tree for html-to-markdown: paragraphs, headings, lists, quotations and rules, and nothing else.

What stands within a line (emphasis, links, code) becomes pieces, whose numbers stand in the text; it is closed at the end of each
block and opened again in the next. Texts outside of paragraphs get one.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable

from msgspec import Struct

from weekahead.importers.html import pieces
from weekahead.importers.html.pieces import EMPHASIS, Begin, Block, End, Piece
from weekahead.importers.html.placeholders import PIECE, protect
from weekahead.model.name_set import name_set

_TOKEN = re.compile(r"<(/?)([a-z][^\s/>]*)((?:\s[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>|<[!?][^>]*>")
_ATTRIBUTE = re.compile(r"\s([^\s=>\"]+)(?:=\"([^\"]*)\")?")
_WHITE = re.compile(r"[ \t\n\r\f\v\u2028\u2029\u0085]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})
_CONTAINERS = _LISTS | {"li", "blockquote"}
_RAW = name_set("sub sup kbd abbr ins q u small cite var samp dfn ruby rt rp bdo")
"""Elements within a line that stay HTML: our Markdown has no form for them, and they mean something."""
_KEPT_ATTRIBUTES = {"abbr": ("title",), "dfn": ("title",), "bdo": ("dir",)}
_PASSED = name_set("span font label big bdi time data nobr wbr a tt acronym strong b em i del s strike mark") | _RAW
"""Elements within a line."""
DEEPEST = 40
"""Items and quotations in one another; our own parser takes up to 50, of which notes and boxes need some."""
_DEEP = frozenset({"li", "blockquote"})


class _Level(Struct):
    """A list, an item or a quotation that is open."""

    name: str
    has_content: bool = False
    must_close_item: bool = False
    is_flat: bool = False


class Flow:
    """Writes the plain HTML of one tree. `add` keeps a piece and returns what stands for it."""

    def __init__(self, add: Callable[[pieces.Token | Block], str], is_block: Callable[[int], bool]) -> None:
        self._add, self._is_block = add, is_block
        self._out: list[str] = []
        self._levels: list[_Level] = []
        self._inline: list[tuple[str, Begin | None]] = []
        self._leaf = ""
        self._depth = 0
        self._has_words = False
        """Whether the open paragraph or heading has any."""
        self._end = self._add(End())
        self.has_flattened = False

    def write(self, html: str) -> str:
        """Return plain HTML of the HTML within an element, which has no comments and no elements without words."""
        done = 0
        for match in _TOKEN.finditer(html):
            if match.start() > done:
                self._text(html[done : match.start()])
            done = match.end()
            if match[2]:
                (self._close_tag if match[1] else self._open_tag)(match[2], match[3] or "")
        if done < len(html):
            self._text(html[done:])
        self._boundary()
        while self._levels:
            self._pop_level()
        return "".join(self._out)

    # -- text

    def _text(self, html: str) -> None:
        text = _CONTROLS.sub("", _WHITE.sub(" ", entities.unescape(html)))
        done = 0
        for match in PIECE.finditer(text):
            self._words(text[done : match.start()])
            done = match.end()
            if self._is_block(int(match[1])):
                self._boundary()
                self._own_block(match[0])
            else:
                self._begin_words()
                self._has_words = True
                self._out.append(match[0])
        self._words(text[done:])

    def _words(self, text: str) -> None:
        if not text or (text == " " and (not self._leaf or self._out[-1] == "<br>")):
            return
        self._begin_words()
        self._has_words |= text != " "
        self._out.append(protect(text))

    def _own_block(self, word: str) -> None:
        self._enter_content()
        self._out.append(f"<p>{word}</p>")

    def _begin_words(self) -> None:
        """Open a paragraph, or go on with what is open; open again what is within the line."""
        if self._leaf:
            return
        level = self._enter_content()
        if level is not None and level.name == "li" and not level.has_content and not level.is_flat:
            self._leaf = "li"
        else:
            self._leaf = "p"
            self._out.append("<p>")
        if level is not None:
            level.has_content = True
        self._reopen()

    def _enter_content(self) -> _Level | None:
        """Return the container that words stand in; in a list that is an item, which is opened if there is none."""
        if self._levels and self._levels[-1].name in _LISTS and not self._levels[-1].is_flat:
            self._push_level("li")
        return self._levels[-1] if self._levels else None

    def _reopen(self) -> None:
        self._out += [self._add(begin) for _, begin in self._inline if begin is not None]

    def _boundary(self) -> None:
        """End the open paragraph or heading."""
        if not self._leaf:
            return
        self._has_words = False
        self._out += [self._end for _, begin in self._inline if begin is not None]
        if self._leaf != "li":
            self._out.append(f"</{self._leaf}>")
        self._leaf = ""

    # -- tags

    def _open_tag(self, name: str, attributes: str) -> None:
        if name in _PASSED:
            self._open_inline(name, dict(_ATTRIBUTE.findall(attributes)))
        elif name == "br":
            self._break()
        elif self._leaf[:1] == "h" and name != "hr":
            self._words(" ")
        elif name in _CONTAINERS:
            self._boundary()
            self._open_container(name, attributes)
        elif name in _LEAVES:
            self._boundary()
            level = self._enter_content()
            if level is not None:
                level.has_content = True
            self._leaf = name
            self._out.append(f"<{name}>")
            self._reopen()
        else:
            self._boundary()
            if name == "hr":
                self._enter_content()
                self._out.append("<hr>")

    def _close_tag(self, name: str, attributes: str) -> None:
        if name in _PASSED:
            self._close_inline(name)
        elif self._leaf[:1] == "h" and name != self._leaf:
            self._words(" ")
        else:
            self._boundary()
            if name in _CONTAINERS:
                self._close_container(name)

    def _break(self) -> None:
        if not self._has_words:
            return
        if self._leaf in ("li", "p"):
            if self._out[-1] == "<br>":  # two breaks are the space between paragraphs
                self._out.pop()
                self._boundary()
            else:
                self._out.append("<br>")
        else:
            self._out.append(self._add(Piece("<br>")))

    def _open_inline(self, name: str, attributes: dict[str, str]) -> None:
        begin: Begin | None = EMPHASIS.get(name)
        values = {key: entities.unescape(value) for key, value in attributes.items()}
        if name == "a" and values.get("href", "").strip():
            begin = pieces.begin_link(values["href"].strip(), values.get("title", ""))
        elif name in _RAW:
            kept = (
                f' {key}="{entities.escape(values[key])}"' for key in _KEPT_ATTRIBUTES.get(name, ()) if values.get(key)
            )
            begin = pieces.begin_raw(name, "".join(kept))
        elif name == "a" and values.get("id"):
            self._begin_words()
            self._out.append(self._add(Piece(f'<a id="{entities.escape(values["id"])}"></a>')))
        self._inline.append((name, begin))
        if self._leaf and begin is not None:
            self._out.append(self._add(begin))

    def _close_inline(self, name: str) -> None:
        if self._inline and self._inline[-1][0] == name:
            begin = self._inline.pop()[1]
            if self._leaf and begin is not None:
                self._out.append(self._end)

    # -- containers

    def _open_container(self, name: str, attributes: str) -> None:
        if self._depth >= DEEPEST:
            self.has_flattened = True
            self._levels.append(_Level(name, is_flat=True))
            return
        if name == "li" and (not self._levels or self._levels[-1].name not in _LISTS):
            self._push_level("ul")
        if name in _LISTS and self._levels and self._levels[-1].name in _LISTS:
            self._go_on_with_item()
        if name != "li":
            level = self._enter_content()
            if level is not None:
                level.has_content = True
        if name in _LISTS and self._out and self._out[-1] == f"</{name}>":
            self._own_block(self._add(Block("<!-- -->")))
        elif name == "blockquote" and self._out and self._out[-1] == "</blockquote>":
            self._own_block(self._add(Block("")))
        start = re.search(r'\sstart="(\d{1,9})"', attributes) if name == "ol" else None
        self._push_level(name, f' start="{start[1]}"' if start else "")

    def _go_on_with_item(self) -> None:
        """Let a list that stands between items belong to the item before it."""
        if self._out[-1] == "</li>":
            self._out.pop()
            self._levels.append(_Level("li", has_content=True))
            self._depth += 1
        else:
            self._push_level("li")
        self._levels[-1].must_close_item = True

    def _push_level(self, name: str, attributes: str = "") -> None:
        self._levels.append(_Level(name))
        self._depth += name in _DEEP
        self._out.append(f"<{name}{attributes}>")

    def _close_container(self, name: str) -> None:
        if not any(level.name == name for level in reversed(self._levels)):
            return
        while self._pop_level() != name:
            pass
        if self._levels and self._levels[-1].must_close_item and name in _LISTS:
            self._pop_level()

    def _pop_level(self) -> str:
        level = self._levels.pop()
        if level.is_flat:
            return level.name
        self._depth -= level.name in _DEEP
        if level.name == "li" and self._out[-1] == "<li>":  # an item without words
            self._out.pop()
        else:
            self._out.append(f"</{level.name}>")
        return level.name
