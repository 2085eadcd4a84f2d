"""Links: what counts readers is taken off them, and what is no address is no link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlunsplit

from weekahead.importers.html.document import HtmlDocument, attribute, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.addresses import split_address
from weekahead.model.counts import counted
from weekahead.model.name_set import name_set

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|mc_[ce]id|igshid|igsh|mkt_tok|_hsenc|_hsmi|vero_id|oly_(?:anon|enc)_id"
    r"|ck_subscriber_id|_bhlid|bhlid|s_cid|wickedid|ml_subscriber(?:_hash)?|twclid|ttclid|li_fat_id",
    re.IGNORECASE,
)
_WRAPPERS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(www\.)?google\.[a-z.]+/url"), ("q", "url")),
    (re.compile(r"lm?\.(facebook|instagram)\.com/"), ("u",)),
    (re.compile(r"t\.umblr\.com/redirect"), ("z",)),
    (re.compile(r"(www\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"[a-z0-9-]+\.safelinks\.protection\.outlook\.com/"), ("url",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
    (re.compile(r"out\.reddit\.com/"), ("url",)),
    (re.compile(r"(www\.)?linkedin\.com/(redir|safety)"), ("url",)),
)
_COUNTERS = re.compile(
    r"https?://(?:(?:[a-z0-9-]+\.)*substack\.com/redirect/|[a-z0-9-]+\.list-manage\.com/track/|click\.(?:convertkit-mail|mlsend)"
    r"|link\.mail\.beehiiv\.com/|email\.mg\d*\.|[a-z0-9.-]*sendgrid\.net/|trk\.|clicks?\.)",
    re.IGNORECASE,
)
_SCHEMES = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SAFE_SCHEMES = name_set("http https mailto tel ftp xmpp sms geo gemini gopher irc ircs magnet")
LONGEST = 10_000


def plain_address(address: str) -> str:
    """Return an address without what counts readers: parameters, and sites that only lead on."""
    parts = split_address(address)
    if parts.scheme not in ("http", "https") or not parts.query:
        return address
    place = f"{parts.hostname or ''}{parts.path}"
    for pattern, names in _WRAPPERS:
        if pattern.match(place):
            values = parse_qs(parts.query)
            inner = next((values[name][0] for name in names if name in values), "")
            return plain_address(inner) if re.match("https?://", inner) and len(inner) < len(address) else address
    kept = [item for item in parts.query.split("&") if not _TRACKING.fullmatch(unquote(item.partition("=")[0]))]
    if len(kept) == parts.query.count("&") + 1:
        return address
    return urlunsplit(parts._replace(query="&".join(kept)))


def clean_links(document: HtmlDocument, notes: PostNotes) -> None:
    """Take tracking off links, and the link off words where its address is a script."""
    leading_on = changed = 0
    for link in document.css("a[href]"):
        address = re.sub(r"[\t\r\n]", "", attribute(link, "href"))
        scheme = _SCHEMES.match(address)
        if (scheme and scheme[0][:-1].lower() not in _SAFE_SCHEMES) or len(address) > LONGEST:
            notes.add(
                Outcome.DROPPED,
                "link",
                f'left out the link of "{words(link)[:60]}": {address[:60]} is no address of a page',
            )
            del link.attrs["href"]
            continue
        if address.startswith("//"):
            address = f"https:{address}"
        plain = plain_address(address)
        changed += plain != address
        leading_on += _COUNTERS.match(plain) is not None
        link.attrs["href"] = plain
    if changed:
        notes.add(Outcome.CHANGED, "tracking", f"took what counts readers off {counted(changed, 'address')}")
    if leading_on:
        verb = "leads" if leading_on == 1 else "lead"
        message = f"{counted(leading_on, 'link')} {verb} through a site that counts readers, and will break when that site goes"
        notes.add(
            Outcome.ELSEWHERE, "counted-link", message, hint="Follow each once, and write the address where it ends."
        )
