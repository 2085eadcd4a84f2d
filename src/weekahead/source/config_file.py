"""What letter.yaml says: each key read as its type, each fault a finding in its line."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from weekahead.model.config import Config, Deploy, Podcast, SubscribeForm, ThemeSettings
from weekahead.model.findings import nearest, warning
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import Text
from weekahead.source.yaml_map import YamlMap, value_or
from weekahead.theme.colors import DARK, FONTS, LEAST, LIGHT, contrast, is_colour, is_font, readable

UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PERMALINK_WORDS = ("number", "slug", "year", "month", "day")
WAYS = ("email", "whatsapp", "bluesky", "linkedin", "x", "facebook", "reddit", "telegram", "hackernews")
"""The ways to pass an issue on."""


def parse_config(fields: YamlMap) -> Config | None:
    """What letter.yaml says; None, with findings, when it is not usable."""
    findings = fields.origin.findings
    before = len(findings)
    fields.require("title")
    fields.require("url")
    author = fields.map("author")
    feed = fields.map("feed")
    podcast = fields.map("podcast")
    form = fields.map("subscribe_form")
    look = fields.map("theme")
    deploy = fields.map("deploy")
    values = {
        "id": fields.shaped("id", f"urn:uuid:{UUID}", "urn:uuid: and a UUID", "`weekahead init` makes one."),
        "title": fields.line("title"),
        "url": _site_url(fields),
        "tagline": fields.line("tagline"),
        "language": _language(fields),
        "author_name": author.line("name") if author else None,
        "author_email": _email(author) if author else None,
        "subscribe_url": web_address(fields, "subscribe_url"),
        "subscribe_form": _signup(form) if form else None,
        "signoff": read_text_file(fields, "signoff"),
        "copyright": fields.line("copyright"),
        "permalink": _permalink(fields),
        "whats_next": value_or(fields.whole("whats_next", 0, 100), 8),
        "budget": value_or(fields.whole("budget", 1, 3600), 2),
        "cards": fields.truth("cards") is not False,
        "search": fields.truth("search") is not False,
        "allow": allowed(fields),
        **(_feed(feed) if feed else {}),
        "podcast": _podcast(podcast) if podcast else None,
        "theme": _look(look) if look else ThemeSettings(),
        "deploy": _deploy(deploy) if deploy else None,
    }
    if "share" in fields:
        values["share"] = fields.words("share", WAYS, "a way to share that is known here")
    for part in (fields, author, feed):
        if part:
            part.close()
    return Config(**values) if not any(found.is_error for found in findings[before:]) else None  # type: ignore[arg-type]


def read_text_file(fields: YamlMap, key: str) -> Text | None:
    """A Markdown text that is a value."""
    words = fields.text(key)
    if not words:
        return None
    return Text(hash_bytes(words.encode("utf-8", "surrogatepass")), fields.origin.file, fields.first_line(key), words)


def waivable() -> tuple[str, ...]:
    """The rules that an author may set aside: every rule of style, and what could be meant of the others."""
    from weekahead.lint.rules import RULES

    meant = ("active-content", "audio-length", "audio-missing", "off-cadence", "series-part-taken", "series-total")
    return (*meant, "spoken-rate", "title-disagrees", *RULES)


def allowed(fields: YamlMap) -> tuple[str, ...]:
    """The rules that `allow:` sets aside."""
    found = fields.texts("allow")
    for rule in found:
        if rule not in (known := waivable()):
            fields.find("allow", "value", f'"{rule}" is not a rule that can be allowed', nearest(rule, known))
    return found


def _site_url(fields: YamlMap) -> str | None:
    words = web_address(fields, "url")
    if words is None:
        return None
    if "?" in words or "#" in words:
        fields.find("url", "value", f'"url" must be a plain address without ? or #, but it is "{words}"')
        return None
    return words.rstrip("/") + "/"


def web_address(fields: YamlMap, key: str) -> str | None:
    hint = f"Write {key}: https://... in full."
    return fields.shaped(key, r"[Hh][Tt][Tt][Pp][Ss]?://.+", "an absolute address", hint, is_web_address)


def is_web_address(words: str) -> bool:
    """Is this an absolute http or https address with a host and no white space?"""
    try:
        parts = urlsplit(words)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not re.search(r"[\s<>\"{}|\\^`]", words)
            and (parts.port or 1) > 0
        )
    except ValueError:
        return False


def _email(author: YamlMap) -> str | None:
    return author.shaped("email", r"[^@\s()<>,;]+@[^@\s()<>,;]+", "an address such as ida@letter.example")


def _language(fields: YamlMap) -> str:
    tag = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
    return fields.shaped("language", tag, "a language tag such as en or pt-BR") or "en"


def _permalink(fields: YamlMap) -> str:
    words = fields.line("permalink") or "/issues/{number}-{slug}/"
    names = re.findall(r"\{([^{}]*)\}", words)
    rest = re.sub(r"\{[^{}]*\}", "x", words)
    if unknown := [name for name in names if name not in PERMALINK_WORDS]:
        fields.find(
            "permalink",
            "value",
            f'"permalink" names {{{unknown[0]}}}',
            f"Known words: {', '.join(PERMALINK_WORDS)}.",
        )
    elif not {"number", "slug"} & set(names):
        fields.find(
            "permalink",
            "value",
            '"permalink" gives every issue the same address',
            "It must hold {number} or {slug}.",
        )
    elif not re.fullmatch(r"/([\w~-][\w.~-]*/)+", rest):
        fields.find(
            "permalink",
            "value",
            f'"permalink" must begin and end with a slash and hold plain words, but it is "{words}"',
        )
    else:
        return words
    return "/issues/{number}-{slug}/"


def _feed(fields: YamlMap) -> dict[str, object]:
    return {
        "feed_items": value_or(fields.whole("items", 1, 1000), 20),
        "feed_kilobytes": value_or(fields.whole("kilobytes", 50, 100_000), 500),
        "hub": web_address(fields, "hub"),
        "feed_archive": fields.truth("archive") is not False,
        "series_feeds": bool(fields.truth("series")),
        "tag_feeds": bool(fields.truth("tags")),
    }


def _podcast(fields: YamlMap) -> Podcast:
    guid = fields.shaped("guid", UUID, "a UUID")
    cover = fields.line("cover")
    if cover and not is_web_address(cover) and not re.fullmatch(r"[\w-][\w./ -]*", cover):
        fields.find("cover", "value", f'"{cover}" is no file in templates/assets/ and no address')
    category = re.split(r"\s*>\s*", fields.line("category") or "")
    found = Podcast(
        cover=cover,
        category=tuple(filter(None, category[:2])),
        explicit=bool(fields.truth("explicit")),
        locked=fields.truth("locked") is not False,
        guid=guid,
        items=value_or(fields.whole("items", 1, 5000), 300),
        line=fields.where.line,
    )
    fields.close()
    return found


def _signup(fields: YamlMap) -> SubscribeForm | None:
    fields.require("action")
    action = web_address(fields, "action")
    field = fields.line("field") or "email"
    also = tuple((name, str(value)) for name, value in fields.anything("also").items())
    fields.close()
    return SubscribeForm(action=action, field=field, also=also) if action else None


def _look(fields: YamlMap) -> ThemeSettings:
    """The theme's colours and fonts; a colour that cannot be read on its paper is a warning."""
    light = {name: found for name in LIGHT if (found := _colour(fields, name))}
    dark = {name: found for name in DARK if (found := _colour(fields, f"{name}_dark"))}
    for given, standard, suffix in ((light, LIGHT, ""), (dark, DARK, "_dark")):
        _legible(fields, given, standard | given, suffix)
    look = ThemeSettings(light=light, dark=dark, font=_font(fields, "font"), headings=_font(fields, "headings"))
    fields.close()
    return look


def _colour(fields: YamlMap, key: str) -> str | None:
    hint = "Keep the quotes: # begins a comment in YAML."
    return fields.shaped(key, "#.+", 'a colour such as "#1d4a73"', hint, is_colour)


def _legible(fields: YamlMap, given: dict[str, str], whole: dict[str, str], suffix: str) -> None:
    for name in ("ink", "accent"):
        found = contrast(whole[name], whole["paper"])
        if found >= LEAST or not ({name, "paper"} & {*given}):
            continue
        key = f"{name}{suffix}" if name in given else f"paper{suffix}"
        message = (
            f"{name}{suffix} {whole[name]} on {whole['paper']} has a contrast of {found:.1f}, and text needs {LEAST}"
        )
        hint = f"The nearest shade that can be read is {readable(whole[name], whole['paper'])}."
        fields.origin.findings.append(warning(fields.at(key), "contrast", message, hint))


def _font(fields: YamlMap, key: str) -> str | None:
    words = fields.line(key)
    if words is None or words in FONTS or ("," in words and is_font(words)):
        return words
    fields.find(
        key,
        "value",
        f'"{key}" must be a font that is known here or a list of families, but it is "{words}"',
        f'Known: {", ".join(FONTS)}. A list has a comma: "Georgia, serif".',
    )
    return None


def _deploy(fields: YamlMap) -> Deploy | None:
    """A branch, with the remote that holds it, or a folder."""
    branch, remote, folder = fields.line("branch"), fields.line("remote"), fields.line("folder")
    fields.close()
    if bool(branch) == bool(folder):
        message = "deploy names a branch and a folder" if branch else "deploy names neither a branch nor a folder"
        hint = "Write deploy: {branch: gh-pages}, or deploy: {folder: /var/www/letter}."
        fields.find("folder" if branch else "branch", "deploy", message, hint)
        return None
    if branch and not is_branch(branch):
        fields.find("branch", "value", f'"{branch}" is not the name of a branch', "Write branch: gh-pages.")
    if remote and (folder or remote.startswith("-")):
        message = "a folder has no remote" if folder else f'"{remote}" is neither the name of a remote nor an address'
        fields.find("remote", "value", message, "The remote belongs to a branch: {branch: gh-pages, remote: origin}.")
    return Deploy(branch=branch or "", remote=remote or "origin", folder=folder, line=fields.where.line)


def is_branch(words: str) -> bool:
    """May this be the name of a branch? The plain ones of what git allows."""
    return bool(re.fullmatch(r"[\w][\w.+-]*(/[\w][\w.+-]*)*", words)) and not re.search(
        r"\.\.|\.lock(/|$)|\.(/|$)", words
    )
