"""Shortcodes and tags of well-known names, which mean the same in all systems: pictures, videos, posts, gists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.forms import Form
from weekahead.lint.rules.text_helpers import split_words
from weekahead.markdown.kinds.frames import framed_video

Maker = Callable[[Sequence[str], Mapping[str, str]], Form | None]
"""Returns what a shortcode shows, of its words by place and by name; None where they do not say it."""

_SIZE = re.compile(r"\d+(?:px|%|em)?|left|right|center|centre")


def embed(name: str, places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    """Return what a shortcode shows; None for one of another name, or without what it needs."""
    maker = _MAKERS.get(name.lower().removesuffix(".html"))
    return maker(places, names) if maker else None


def _first(places: Sequence[str], names: Mapping[str, str], *keys: str) -> str:
    """Return the value of the first of some keys, else the first word by place."""
    return next((names[key] for key in keys if names.get(key)), places[0] if places else "").strip()


def _picture(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    address = next((names[key] for key in _ADDRESS_KEYS if names.get(key)), "")
    words = [word for word in places if not _SIZE.fullmatch(word)]
    if not address:
        address = next((word for word in words if re.search(r"[./]", word)), "")
        words = words[words.index(address) + 1 :] if address else words
    if not address:
        return None
    caption = [names[key] for key in ("title", "caption", "description", "attr") if names.get(key)]
    alt = names.get("alt") or " ".join(words)
    if names.get("attrlink") and names.get("attr"):
        caption[-1] = f"[{caption[-1]}]({forms.address_in_brackets(names['attrlink'])})"
    return forms.picture(address, alt, " · ".join(dict.fromkeys(caption)), names.get("link", ""))


_ADDRESS_KEYS = ("src", "url", "image", "image_path", "path", "file", "href")


def _youtube(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    word = _first(places, names, "id", "url", "src", "video", "youtube_id")
    start = names.get("start", "")
    found = re.search(r"(?:v=|youtu\.be/|embed/|shorts/|live/)([\w-]{11})", word)
    name = found[1] if found else word
    if not re.fullmatch(r"[\w-]{5,20}", name):
        return None
    address = f"https://www.youtube.com/watch?v={name}{f'&t={start}' if start.isdigit() else ''}"
    return forms.video(address, names.get("title") or "YouTube")


def _vimeo(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    found = re.search(r"(\d{4,12})(?:[/?]|$)", _first(places, names, "id", "url", "src", "video"))
    return forms.video(f"https://vimeo.com/{found[1]}", names.get("title") or "Vimeo") if found else None


def _tweet(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    word, user = _first(places, names, "id", "url", "tweet"), names.get("user", "")
    if word.startswith(("http://", "https://")):
        return forms.link(word)
    if not user and len(places) > 1 and places[1].isdigit():
        user, word = places[0], places[1]
    return forms.link(f"https://x.com/{user or 'i/web'}/status/{word}") if word.isdigit() else None


def _gist(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    words = [*places, *(names[key] for key in ("user", "id") if names.get(key))]
    file = names.get("file") or (words[2] if len(words) > 2 else "")
    if len(words) > 1 and re.fullmatch(r"[0-9a-f]{5,40}", words[1]):
        address = f"https://gist.github.com/{words[0]}/{words[1]}"
    elif words and re.fullmatch(r"(?:https://gist\.github\.com/)?[\w/-]{5,80}", words[0]):
        file = file or (words[1] if len(words) > 1 else "")
        address = f"https://gist.github.com/{words[0].removeprefix('https://gist.github.com/')}"
    else:
        return None
    return forms.link(address + (f"#file-{re.sub(r'[^a-z0-9]+', '-', file.lower())}" if file else ""), file)


def _at(pattern: str) -> Maker:
    """Return what makes a link of an address, or of a name in a pattern of one."""

    def make(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
        word = _first(places, names, "url", "src", "href", "address", "link", "id", "code", "file")
        if re.match(r"https?://|/", word):
            return forms.link(word, names.get("title", ""))
        return forms.link(pattern.format(word)) if pattern and re.fullmatch(r"[\w./-]+", word) else None

    return make


def _embed(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    """Return a video or a link, whichever an address is of."""
    word = _first(places, names, "url", "src", "href", "address", "link")
    video = framed_video({"src": word, "title": names.get("title", "")})
    if video:
        return forms.video(video.address, video.title)
    return forms.link(word, names.get("title", "")) if re.match(r"https?://", word) else None


def _button(places: Sequence[str], names: Mapping[str, str]) -> Form | None:
    address = names.get("href") or names.get("url") or names.get("relref") or names.get("link") or ""
    words = names.get("text") or names.get("label") or names.get("title") or " ".join(places)
    return forms.link(address, words) if address and words else None


_MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(
        split_words("figure fig img image picture imgproc responsive-image lazyimg resize_image"), _picture
    ),
    **dict.fromkeys(split_words("youtube youtubeplayer yt youtube-lite lite-youtube youtubeplaylist"), _youtube),
    "vimeo": _vimeo,
    **dict.fromkeys(split_words("tweet twitter twitter_simple x x_simple"), _tweet),
    "gist": _gist,
    **dict.fromkeys(split_words("instagram instagram_simple"), _at("https://www.instagram.com/p/{}/")),
    "spotify": _at("https://open.spotify.com/{}"),
    **dict.fromkeys(
        split_words("codepen jsfiddle soundcloud mastodon bluesky toot audio video pdf asciinema"), _at("")
    ),
    **dict.fromkeys(split_words("embed iframe oembed embedly rawembed"), _embed),
    "button": _button,
}
