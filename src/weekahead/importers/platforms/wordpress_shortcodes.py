"""WordPress's shortcodes: those that are part of it become HTML; what plugins add is named, and only its text is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.html import shapes
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.spans import Span, closing_tag, replace_spans
from weekahead.importers.platforms.wordpress_paragraphs import BLOCK_WORD
from weekahead.model.name_set import name_set

_TAG = re.compile(
    r"(?P<escaped>\[\[/?[A-Za-z][\w-]*[^\[\]]*\]\])"
    r"|\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<rest>[\s=][^\[\]]*?)?(?P<alone>/)?\](?!\()"
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]+)"|'([^']+)'|(\S+)""")
_NAMED_ATTRIBUTES = re.compile(
    r"""=\S+(?:\s.*)?|(?:\s+(?:"[^"]*"|[\w.:/#-]+))*?\s+[\w-]+=(?:["”″][^"”″]*["”″]|'[^']*'|[^\s"'=]+)(?:\s.*)?""", re.S
)
"""What only a shortcode has after its name: in prose, [must_use = "why"] has spaces around the sign."""
_CODE = re.compile(r"<(pre|code|script|style|textarea)\b[^<>]*>|<!--", re.I)
_HTML_TAG = re.compile(r"<[a-z/][^<>]*>", re.I)
_VERBATIM = re.compile(r"\[(code|sourcecode|source|php|python|bash|css|html|js|java|xml|sql|text)(\s[^\[\]]*)?\]")
_HIDING = name_set(
    "members member private premium membership restrict restricted memberful paid wcm_restrict ihc-hide-content "
    "um_loggedin visitor_hidden s2if mepr-active pmpro_membership membership_content rcp_restrict paywall hide"
)
_KNOWN_PLUGINS = name_set(
    "toc contact-form contact-form-7 mc4wp_form gravityform wpforms ninja_form poll polldaddy instagram-feed "
    "recent-posts jetpack_subscription_form subscribe2 powerpress podcast_subscribe sociable button newsletter "
    "newsletter_form crowdsignal do_widget ads adrotate rev_slider layerslider embedyt youtube-feed forminator_form "
    "sharethis social"
)


class Attachment(Struct, frozen=True):
    """A file of the media library."""

    id: str
    url: str
    parent: str = ""
    alt: str = ""
    caption: str = ""
    """HTML."""
    order: int = 0


class Shortcodes:
    """The shortcodes of one post. Blocks are put back by `restore`, once the text around them has its paragraphs."""

    def __init__(self, post: str, attachments: Mapping[str, Attachment], notes: PostNotes) -> None:
        self._post, self._attachments, self._notes = post, attachments, notes
        self._blocks: list[str] = []

    def expand(self, text: str) -> str:
        """Return a text with a word in place of each shortcode that is a block."""
        kept: list[str] = []

        def keep(html: str) -> str:
            kept.append(html)
            return f"\x00{len(kept) - 1}\x00"

        text = self._verbatim(text)
        apart = replace_spans(text, _CODE, closing_tag, lambda span: keep(text[span.start : span.end]))
        apart = self._expanded(_HTML_TAG.sub(lambda match: keep(match[0]), apart), kept)
        return _again(apart, kept)

    def restore(self, html: str) -> str:
        """Return HTML with the blocks in the place of their words."""
        for number in reversed(range(len(self._blocks))):
            word = BLOCK_WORD.format(number)
            html = html.replace(f"<p>{word}</p>", word).replace(word, self._blocks[number])
        return html

    def _block(self, html: str) -> str:
        self._blocks.append(html)
        return BLOCK_WORD.format(len(self._blocks) - 1)

    def _verbatim(self, text: str) -> str:
        """Take code out before anything in it is read as a shortcode."""

        def replace(span: Span) -> str:
            name, attributes = span.opening[1], _attributes(span.opening[2] or "")
            named = name if name not in ("code", "sourcecode", "source", "text") else ""
            language = attributes.get("language") or attributes.get("lang") or named
            return self._block(shapes.code(unescape(span.inside).strip("\n"), language))

        return replace_spans(text, _VERBATIM, lambda match: rf"\[/{match[1]}\]", replace)

    def _expanded(self, text: str, kept: list[str]) -> str:
        """Return a text without shortcodes, from left to right; the inner text of an unknown one is kept."""
        out, at, ends = [], 0, _ends(text)
        closing = {end.start() for end in ends.values()}
        while match := _TAG.search(text, at):
            out.append(text[at : match.start()])
            at = match.end()
            if match["escaped"]:
                out.append(match["escaped"][1:-1])
                continue
            name = match["name"]
            end = ends.get(match.start())
            inner = text[at : end.start()] if end else ""
            rest = _again(match["rest"] or "", kept)
            if name in _EXPANSIONS:
                at = end.end() if end else at
                out.append(_EXPANSIONS[name](self, _attributes(rest), _again(inner, kept)))
            elif name in _HIDING and end:
                at = end.end()
                self._note_hidden(name, _again(inner, kept))
            else:
                out.append(self._unknown(match, bool(end) or match.start() in closing, rest))
        return "".join([*out, text[at:]])

    def _unknown(self, match: re.Match[str], has_end: bool, rest: str) -> str:
        """Return what stays of a shortcode that is none of WordPress's own: [sic] is a word in brackets, and [/etc] is a folder."""
        name, whole = match["name"], f"[{match['end'] or ''}{match['name']}{rest}{match['alone'] or ''}]"
        if has_end or name in _KNOWN_PLUGINS or match["alone"] or _NAMED_ATTRIBUTES.fullmatch(rest):
            if not match["end"]:
                message = f"the shortcode {cut(whole)} is of a plugin; only the text within it was kept"
                self._notes.add(
                    Outcome.ASK, "unknown-shortcode", message, hint="Look at the old page for what it showed."
                )
            return ""
        if re.search("[-_]", name):
            message = f"{whole} may be the shortcode of a plugin; it was left in the text"
            self._notes.add(Outcome.ASK, "unknown-shortcode", message, words=whole)
        return match[0]

    def _note_hidden(self, name: str, inner: str) -> None:
        count = len((LexborHTMLParser(inner).text() or "").split())
        message = f"a part of {count} words within [{name}] was not for everybody, and was left out"
        self._notes.add(Outcome.HELD, "members-only-part", message)

    # -- WordPress's own

    def _caption(self, attributes: Mapping[str, str], inner: str) -> str:
        tree = LexborHTMLParser(inner)
        image = tree.css_first("img")
        if image is None:
            return inner
        linked = image.parent if image.parent is not None and image.parent.tag == "a" else None
        source, alt = image.attributes.get("src") or "", image.attributes.get("alt") or ""
        href = (linked.attributes.get("href") or "") if linked is not None else ""
        (linked if linked is not None else image).decompose()
        caption = attributes.get("caption") or ((tree.body.inner_html or "") if tree.body is not None else "")
        return self._block(shapes.picture(source, alt, caption.strip(), href=href))

    def _gallery(self, attributes: Mapping[str, str], inner: str) -> str:
        ids = [id.strip() for id in (attributes.get("ids") or attributes.get("include") or "").split(",") if id.strip()]
        if not ids:
            parent = attributes.get("id", self._post)
            beside = [item for item in self._attachments.values() if item.parent == parent and _is_picture(item.url)]
            ids = [item.id for item in sorted(beside, key=lambda item: item.order)]
        shown = [self._attachments[id] for id in ids if id in self._attachments]
        if missing := [id for id in ids if id not in self._attachments] or ([] if ids else ["all of the post"]):
            message = f"pictures of a gallery are not in this export: {', '.join(missing)}"
            hint = "Export again with the media: Tools, Export, All content."
            self._notes.add(Outcome.ASK, "gallery-without-pictures", message, hint=hint)
        pictures = (shapes.picture(item.url, item.alt, item.caption) for item in shown)
        return self._block("".join(pictures)) if shown else ""

    def _media(self, tag: str, attributes: Mapping[str, str], inner: str) -> str:
        kinds = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "0")
        addresses = [attributes[kind] for kind in kinds if attributes.get(kind)]
        address = next(iter(addresses), "") or inner.strip()
        if not address:
            self._notes.add(Outcome.ASK, "no-media", f"a player of the kind [{tag}] names no file")
            return ""
        return self._block(f'<figure class="wp-block-{tag}"><{tag} src="{escape(address)}"></{tag}></figure>')

    def _audio(self, attributes: Mapping[str, str], inner: str) -> str:
        return self._media("audio", attributes, inner)

    def _video(self, attributes: Mapping[str, str], inner: str) -> str:
        return self._media("video", attributes, inner)

    def _playlist(self, attributes: Mapping[str, str], inner: str) -> str:
        tag = "video" if attributes.get("type") == "video" else "audio"
        files = [self._attachments.get(id.strip()) for id in attributes.get("ids", "").split(",")]
        if None in files:
            self._notes.add(Outcome.ASK, "no-media", "files of a playlist are not in this export")
        return "".join(self._media(tag, {"src": item.url}, "") for item in files if item is not None)

    def _embed(self, attributes: Mapping[str, str], inner: str) -> str:
        address = unescape(inner.strip() or attributes.get("src") or attributes.get("url") or attributes.get("0", ""))
        return self._block(embed_html(address.lstrip("="))) if address else ""


def _ends(text: str) -> dict[int, re.Match[str]]:
    """Return the end of each shortcode that has one, by where it begins; those of one name may be within each other."""
    ends: dict[int, re.Match[str]] = {}
    open_tags: dict[str, list[int]] = {}
    for match in _TAG.finditer(text):
        if match["end"] and open_tags.get(match["name"]):
            ends[open_tags[match["name"]].pop()] = match
        elif match["name"] and not match["end"] and not match["alone"]:
            open_tags.setdefault(match["name"], []).append(match.start())
    return ends


def embed_html(address: str, caption: str = "") -> str:
    """Return an address that WordPress shows as a player or a card, as the block of its newer editor."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n{escape(address)}\n</div>{below}</figure>'


def _again(text: str, kept: list[str]) -> str:
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], text)


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a shortcode; those without a name are numbered."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text.replace("”", '"').replace("″", '"').strip()):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        found[match[1].lower() if match[1] else str(sum(key.isdigit() for key in found))] = unescape(value)
    return found


def _is_picture(url: str) -> bool:
    return bool(re.search(r"\.(?:jpe?g|png|gif|webp|avif|svg|heic|bmp)$", url, re.I))


_EXPANSIONS: dict[str, Callable[[Shortcodes, Mapping[str, str], str], str]] = {
    "caption": Shortcodes._caption,
    "wp_caption": Shortcodes._caption,
    "gallery": Shortcodes._gallery,
    "audio": Shortcodes._audio,
    "video": Shortcodes._video,
    "wpvideo": Shortcodes._video,
    "playlist": Shortcodes._playlist,
    "embed": Shortcodes._embed,
    "youtube": Shortcodes._embed,
    "vimeo": Shortcodes._embed,
    "tweet": Shortcodes._embed,
}
