"""Frames of known video hosts, as their sites have authors paste them: what they show, and the same as our kind, a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from msgspec import Struct

from weekahead.markdown.active_content import SENDING
from weekahead.model.addresses import split_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_YOUTUBE = frozenset({"youtube.com", "m.youtube.com", "youtube-nocookie.com", "youtu.be"})
_VIMEO = frozenset({"vimeo.com", "player.vimeo.com"})
_PLAIN = re.compile(r"https://[\w.-]+/[\w./?=&%#;:,+~-]*", re.ASCII)
"""An address that may be written anywhere as it is."""
_TITLES_OF_HOSTS = re.compile(r"(?i)(youtube|vimeo|embedded)?[ -]?(video)?[ -]?(player)?")

_PHRASES = re.compile(
    "a|p|abbr|b|bdi|bdo|big|button|caption|cite|code|del|dfn|dt|em|font|h[1-6]|i|ins|kbd|label|legend|mark|pre|q|s|samp|"
    "small|span|strong|sub|summary|sup|u|var"
)
"""Elements in which a figure cannot stand."""
_WRAPPERS = frozenset({"p", "div", "center", "figure", "span"})
"""Elements that are put around a frame alone, to centre or to size it."""
_KEPT_IN = frozenset({"a", "button", "noscript", "svg", "math", "template", "select", "textarea"})
"""Elements in which a frame stays what it is: a link cannot stand there, or browsers differ about what does."""


class FramedVideo(Struct, frozen=True):
    """A video elsewhere: the address of its page, and its title, or the name of its host."""

    address: str
    title: str


def framed_video(attributes: Mapping[str, str | None]) -> FramedVideo | None:
    """Return the video that a frame with some attributes shows; None for a frame of another kind."""
    if any(name.startswith("on") or name in SENDING for name in attributes):
        return None
    address = re.sub(r"^(http:)?//", "https://", (attributes.get("src") or "").strip())
    parts = split_address(address)
    host = (parts.hostname or "").removeprefix("www.") if parts.port is None else ""
    if not _PLAIN.fullmatch(address) or host not in _YOUTUBE | _VIMEO:
        return None
    name = "YouTube" if host in _YOUTUBE else "Vimeo"
    title = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", attributes.get("title") or "").split())
    page = (_youtube if host in _YOUTUBE else _vimeo)(parts.path, parse_qs(parts.query))
    return FramedVideo(page or address, name if _TITLES_OF_HOSTS.fullmatch(title) or not title else title)


def _youtube(path: str, query: Mapping[str, list[str]]) -> str:
    """Return the address of a video's or a list's page; "" where another is shown, such as a channel's live stream."""
    found = re.fullmatch(r"/(?:(?:embed|v|shorts|live)/)?([\w-]{11})", path, re.ASCII)
    start, playlist = query.get("start", [""])[0], query.get("list", [""])[0]
    if found and found[1] not in ("videoseries", "live_stream"):
        start = f"&t={start}" if re.fullmatch("[0-9]{1,6}", start) else ""
        return f"https://www.youtube.com/watch?v={found[1]}{start}"
    return f"https://www.youtube.com/playlist?list={playlist}" if re.fullmatch(r"[\w-]+", playlist, re.ASCII) else ""


def _vimeo(path: str, query: Mapping[str, list[str]]) -> str:
    """Return the address of a video's page; that of an unlisted one has a word that lets readers in."""
    found, word = re.fullmatch(r"/(?:video/)?([0-9]{1,12})", path), query.get("h", [""])[0]
    word = f"/{word}" if re.fullmatch("[0-9a-z]+", word) else ""
    return f"https://vimeo.com/{found[1]}{word}" if found else ""


def show_videos(tree: LexborHTMLParser, say: Callable[[str], str]) -> None:
    """Put a link in place of each frame of a known video host, as `/// video` shows one.

    A frame with a text in it is left alone: one that is not closed swallows what follows.
    """
    for frame in tree.css("iframe"):
        video = framed_video(frame.attributes)
        if video is None or (frame.text() or "").strip() or any(node.tag in _KEPT_IN for node in _above(frame)):
            continue
        whole = frame
        while (
            (parent := whole.parent) and parent.tag in _WRAPPERS and _is_alone(whole) and "id" not in parent.attributes
        ):
            whole = parent
        if any(_PHRASES.fullmatch(node.tag or "") for node in _above(whole)):
            frame.replace_with(_link(tree, video))
        else:
            whole.replace_with(_figure(tree, video, say))


def _above(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around a node."""
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _is_alone(node: LexborNode) -> bool:
    """Return whether an element is all that its parent holds."""
    around = node.parent.iter(include_text=True) if node.parent else ()
    return all(other == node or (other.tag == "-text" and not (other.text_content or "").strip()) for other in around)


def _link(tree: LexborHTMLParser, video: FramedVideo) -> LexborNode:
    link = tree.create_node("a")
    link.attrs["href"] = video.address
    link.insert_child(video.title)
    return link


def _figure(tree: LexborHTMLParser, video: FramedVideo, say: Callable[[str], str]) -> LexborNode:
    """Return what `/// video` is as HTML."""
    figure, paragraph, caption = tree.create_node("figure"), tree.create_node("p"), tree.create_node("figcaption")
    figure.attrs["class"] = "video"
    paragraph.insert_child(_link(tree, video))
    caption.insert_child(say("video"))
    figure.insert_child(paragraph)
    figure.insert_child(caption)
    return figure


def as_kind(video: FramedVideo) -> str:
    """Return a video as its author would write it, `/// video`."""
    title = re.sub(r"([\\`*_\[\]<>&$~=|])", r"\\\1", video.title)
    return f"/// video | {title}\naddress: {video.address}\n///"
