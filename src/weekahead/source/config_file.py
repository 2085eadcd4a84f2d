"""The keys of letter.yaml."""

from __future__ import annotations

import re
from typing import ClassVar

from weekahead.model.addresses import is_web_address, split_address
from weekahead.model.book import BookLimits
from weekahead.model.config import (
    CitationSettings,
    Config,
    Deploy,
    MenuEntry,
    Podcast,
    SubscribeForm,
    ThemeSettings,
)
from weekahead.model.findings import nearest, warning
from weekahead.model.issue import without_marks
from weekahead.source import value_types as types
from weekahead.source.book_keys import BookKeys, BookLimitKeys, SeriesNoteKeys
from weekahead.source.free_map import FreeMap
from weekahead.source.key_table import MapOf, Table, build_sound, maps_of, optional, required
from weekahead.source.mail_keys import EMAIL, MailKeys, is_secret, report_secret
from weekahead.source.value_types import BadValue, ListOf, Scalar, fold, matching, within_path
from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_tree import Node, ScalarNode
from weekahead.theme.colors import CHOSEN, LEAST, by_day, by_night, contrast, readable
from weekahead.theme.fonts import FONTS, is_font
from weekahead.theme.i18n import find_locale

UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PERMALINK_WORDS = ("{number}", "{slug}", "{year}", "{month}", "{day}")
SHARE_WAYS = ("email", "whatsapp", "bluesky", "linkedin", "x", "facebook", "reddit", "telegram", "hackernews")
PODCAST = Podcast()
PLACEHOLDERS = {
    "title": r"Title of your letter",
    "author": r"Your Name|.*@your-letter\.example",
    "url": r"https?://your-letter\.example/.*",
    "copyright": r".*\bYour Name\b.*",
    "subscribe_url": r"https?://your-letter\.example/.*",
}
"""What init_files/letter.yaml has for an author to replace, by key."""


def parse_config(yaml: YamlMap) -> Config | None:
    """Return what letter.yaml says, or None and findings."""
    return build_sound(yaml, lambda yaml: LetterKeys(yaml).build())


# -- types of values


def waivable() -> tuple[str, ...]:
    """Return the rules that an author may set aside: those of style, and of the others what could be meant."""
    from weekahead.lint.rules import RULES

    meant = (
        "active-content",
        "address-gone",
        "audio-length",
        "audio-missing",
        "number-stale",
        "off-cadence",
        "series-order",
    )
    return (
        *meant,
        "book-engine",
        "book-fonts",
        "book-glyph",
        "series-part-taken",
        "series-total",
        "spoken-rate",
        "template-text",
        "title-disagrees",
        "unnamed-file",
        "untranslated",
        *RULES,
    )


def _rule(words: str) -> str:
    rule = fold(words)
    if rule and rule not in (known := waivable()):
        raise BadValue(hint=nearest(rule, known))
    return rule


def _site_url(address: str) -> str:
    if "?" in address or "#" in address:
        raise BadValue("an address without ? and #", hint="")
    parts = split_address(address)
    if "@" in parts.netloc:
        raise BadValue("an address without a user and a password", "It is in all that readers get.")
    if {".", ".."} & {*parts.path.split("/")}:
        raise BadValue("an address without . and .. in its path", hint="")
    return address.rstrip("/") + "/"


def _permalink(words: str) -> str | None:
    permalink = fold(words)
    names = {*re.findall(r"\{[^{}]*\}", permalink)}
    if not names <= {*PERMALINK_WORDS}:
        raise BadValue(f"made of {', '.join(PERMALINK_WORDS)}")
    if permalink and not names & {"{number}", "{slug}"}:
        raise BadValue("different for every issue", "Use {number} or {slug}.")
    if permalink and not re.fullmatch(r"/([\w~-][\w.~-]*/)+", re.sub(r"\{[^{}]*\}", "x", without_marks(permalink))):
        raise BadValue("a path that begins and ends with a slash", "It may have letters, digits and any of . _ ~ -")
    return within_path(permalink, re.sub(r"\{[^{}]*\}", "", permalink)) or None


def _podcast_cover(words: str) -> str:
    cover = fold(words)
    if cover and not is_web_address(cover) and not re.fullmatch(r"[\w-][\w./ -]*", cover):
        raise BadValue
    return cover


def _font(words: str) -> str:
    font = fold(words)
    if font not in FONTS and not ("," in font and is_font(font)):
        raise BadValue
    return font


SITE_URL = types.web_address(_site_url)
PERMALINK = Scalar(f"a path with {', '.join(PERMALINK_WORDS)}", _permalink)
RULE = Scalar("a rule that can be waived", _rule)
LANGUAGE = matching("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", "a language tag such as en or pt-BR", schema=types.ANY_TEXT)
LETTER_ID = matching(f"urn:uuid:{UUID}", "urn:uuid: and a UUID", "`weekahead init` makes one.")
COLOUR = matching(
    "#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})",
    'a colour such as "#1d4a73"',
    'Write # and three or six digits, in quotes: "#1d4a73".',
)
FONT = Scalar(
    "a known font or a list of families",
    _font,
    hint=f'Known: {", ".join(FONTS)}. A list has a comma: "Georgia, serif".',
)
COVER = Scalar("a file in templates/assets/ or an address", _podcast_cover)
CITATION_STYLE = matching(
    r"apa|[^\s/\\][^/\\]*\.csl",
    "apa, or a CSL file in the letter's folder",
    "Write style: my-style.csl.",
    schema=types.ANY_TEXT,
)
BIBLIOGRAPHY = matching(
    r"[^\s/\\][^/\\]*\.(bib|json)",
    "a .bib or .json file in the letter's folder",
    "Write file: library.bib.",
    schema=types.ANY_TEXT,
)
MENU_ADDRESS = matching(
    r"(https?://|mailto:)[^\s]+|[^\s:]+",
    "an address or a page of the letter",
    "Write https://..., or a page such as pages/about.md or archive/.",
    schema=types.ANY_TEXT,
)
BRANCH = matching(
    r"(?!.*(\.\.|\.lock(/|$)|\.(/|$)))\w[\w.+-]*(/\w[\w.+-]*)*",
    "the name of a branch",
    "Write branch: gh-pages.",
    schema=types.ANY_TEXT,
)
REMOTE = matching("[^-].*", "the name or address of a git remote", "Write remote: origin.", schema=types.ANY_TEXT)


def check_language(yaml: YamlMap, language: str, effect: str) -> None:
    """Add a warning, with its effect, if the Unicode CLDR does not have the language that a map gives."""
    if find_locale(language) is None:
        message = f'"{language}" is not a language in the Unicode CLDR; {effect}'
        hint = "Use a tag such as en, pt-BR or zh-Hant."
        yaml.source.findings.append(warning(yaml.at("language"), "unknown-language", message, hint))


# -- keys


class AuthorKeys(Table["AuthorKeys"]):
    name = optional(types.NAME, "The author's name.")
    email = optional(EMAIL, "The author's address; it is public, in the feeds.")
    picture = optional(COVER, "The author's picture: a file in `templates/assets/`, or its address.")
    about = optional(types.LINE, "A line about the author, shown below each issue.")


class MenuKeys(Table[MenuEntry]):
    title = required(types.LINE, "The words of the entry.")
    address = required(MENU_ADDRESS, "An address, or a page or issue such as `pages/about.md` or `about/`.")

    def build(self) -> MenuEntry:
        return MenuEntry(title=self.title, address=self.address, line=self.yaml.at("address").line)


class SubscribeFormKeys(Table[SubscribeForm]):
    action = required(types.WEB_ADDRESS, "The address that the form posts to.")
    field = optional(types.WORD, "The name of the field for the reader's address.", "email")
    also = optional(FreeMap(), "Hidden fields, by name.", {})

    def build(self) -> SubscribeForm:
        hidden = tuple((name, str(value)) for name, value in self.also.items())
        return SubscribeForm(action=self.action, field=self.field or "email", also=hidden)


class ThemeKeys(Table[ThemeSettings]):
    accent = optional(COLOUR, "The colour of links.")
    accent_dark = optional(COLOUR, "`accent` on dark screens.")
    paper = optional(COLOUR, "The colour of the background.")
    paper_dark = optional(COLOUR, "`paper` on dark screens.")
    ink = optional(COLOUR, "The colour of the text.")
    ink_dark = optional(COLOUR, "`ink` on dark screens.")
    font = optional(FONT, "The font of the text.")
    headings = optional(FONT, "The font of headings.")

    def build(self) -> ThemeSettings:
        """Return the settings, and add a warning for each colour that cannot be read on its paper."""
        light = {name: colour for name in CHOSEN if (colour := getattr(self, name))}
        dark = {name: colour for name in CHOSEN if (colour := getattr(self, f"{name}_dark"))}
        self._check_contrast(light, by_day(light), "")
        self._check_contrast(dark, by_night(light, dark), "_dark")
        return ThemeSettings(light=light, dark=dark, font=self.font, headings=self.headings)

    def _check_contrast(self, given: dict[str, str], colours: dict[str, str], suffix: str) -> None:
        paper = colours["paper"]
        for name in ("ink", "accent"):
            found = contrast(colours[name], paper)
            if found >= LEAST or not ({name, "paper"} & {*given}):
                continue
            key = f"{name}{suffix}" if name in given else f"paper{suffix}"
            message = f"{name}{suffix} {colours[name]} on {paper} has a contrast of {found:.1f}; text needs {LEAST}"
            hint = f"The nearest shade that can be read is {readable(colours[name], paper)}."
            self.yaml.source.findings.append(warning(self.yaml.at(key), "contrast", message, hint))


class FeedKeys(Table["FeedKeys"]):
    renamed: ClassVar = {"kilobytes": "max_kb"}

    items = optional(types.integer(1, 1000), "The number of issues in a feed.", 20)
    max_kb = optional(types.integer(50, 100_000), "The largest size of a feed, in kilobytes.", 500)
    archive = optional(types.BOOLEAN, "Keep older issues in monthly archive documents (RFC 5005).", True)
    hub = optional(types.WEB_ADDRESS, "The address of a WebSub hub.")
    series = optional(types.BOOLEAN, "A feed for each series.", False)
    tags = optional(types.BOOLEAN, "A feed for each tag.", False)


class PodcastKeys(Table[Podcast]):
    cover = optional(COVER, "A picture in `templates/assets/`, or its address: see [Audio](#audio).")
    category = optional(types.LINE, "One of Apple's, such as `Technology` or `Education > How To`.", "")
    explicit = optional(types.BOOLEAN, "Not suitable for children.", PODCAST.explicit)
    locked = optional(types.BOOLEAN, "Other hosts may not import the podcast.", PODCAST.locked)
    guid = optional(matching(UUID, "a UUID"), "The guid it has already, from another host.")
    items = optional(types.integer(1, 5000), "The number of issues in `podcast.xml`.", PODCAST.items)

    def build(self) -> Podcast:
        category = tuple(filter(None, re.split(r"\s*>\s*", self.category)[:2]))
        return Podcast(
            cover=self.cover, category=category, explicit=self.explicit, locked=self.locked, guid=self.guid,
            items=self.items, line=self.yaml.where.line,
        )  # fmt: skip


class CitationKeys(Table[CitationSettings]):
    style = optional(CITATION_STYLE, "`apa`, or a style of your own: a CSL file in the letter's folder.", "apa")
    file = optional(
        BIBLIOGRAPHY, "A bibliography in the letter's folder, if it is not called `references.bib` or `.json`."
    )

    def build(self) -> CitationSettings:
        lines = (self.yaml.at("style").line, self.yaml.at("file").line)
        return CitationSettings(style=self.style, file=self.file, style_line=lines[0], file_line=lines[1])


class DeployKeys(Table[Deploy]):
    branch = optional(BRANCH, "A branch for the site.")
    remote = optional(REMOTE, "The remote that the branch is on.", "origin")
    folder = optional(types.FILE_NAME, "A folder for the site, in place of a branch.")

    def build(self) -> Deploy:
        yaml, has_folder = self.yaml, self.yaml.has("folder")
        if has_folder == yaml.has("branch"):
            both, and_ = ("both", "and") if has_folder else ("neither", "nor")
            message = f"deploy has {both} a branch {and_} a folder"
            hint = "Write deploy: {branch: gh-pages}, or deploy: {folder: /var/www/letter}."
            yaml.find("folder" if has_folder else "branch", "deploy", message, hint)
        elif has_folder and yaml.has("remote"):
            hint = "A remote belongs to a branch: {branch: gh-pages, remote: origin}."
            yaml.find("remote", "value", "a folder has no remote", hint)
        return Deploy(branch=self.branch or "", remote=self.remote, folder=self.folder, line=yaml.where.line)


class LetterKeys(Table[Config]):
    is_foreign = True
    renamed: ClassVar = {"budget": "render_timeout", "cards": "social_cards"}

    title = required(types.LINE, "The name of the letter.")
    url = required(SITE_URL, "The address of the site, with a path if it has one; all links are built from it.")
    id = optional(LETTER_ID, "Created by `init`; never change it, because feed ids are built from it.")
    tagline = optional(types.LINE, "What the letter is about, in a few words.")
    copyright = optional(types.LINE, "The copyright notice.")
    language = optional(
        LANGUAGE,
        "Dates, numbers and text direction follow it. [A file](templates.md#languages) adds a language in which the site has no"
        " sentences of its own yet.",
        "en",
    )
    author = optional(MapOf(AuthorKeys), "Who writes the letter.")
    subscribe_url = optional(types.WEB_OR_MAIL_ADDRESS, "Where readers subscribe by e-mail.")
    subscribe_form = optional(MapOf(SubscribeFormKeys), "A form in which readers subscribe.")
    menu = optional(
        ListOf(MapOf(MenuKeys), "Write menu: [{title: Shop, address: https://...}]."),
        "Entries of the menu, after Archive, What's next and About.",
        (),
    )
    share = optional(ListOf(types.choice(SHARE_WAYS)), "Share links below an issue, in order.", SHARE_WAYS[:4])
    theme = optional(MapOf(ThemeKeys), "[Colours and fonts](templates.md#colours-and-fonts).", ThemeSettings())
    signoff = optional(types.Markdown(), "The end of every issue.")
    permalink = optional(PERMALINK, "For a special edition, `{number}` is its date.", "/issues/{number}-{slug}/")
    whats_next = optional(types.integer(0, 100), 'Rows in a "what\'s next" list.', 8)
    feed = optional(MapOf(FeedKeys), "The RSS, Atom and JSON feeds: see [Feeds](#feeds).")
    podcast = optional(MapOf(PodcastKeys), "The podcast: see [Audio](#audio).")
    social_cards = optional(
        types.BOOLEAN, "Pictures that are shown when a page is shared, unless it has a cover as PNG, JPEG or GIF.", True
    )
    search = optional(types.BOOLEAN, "Search the text of the issues, not only titles, tags and numbers.", True)
    maths = optional(
        types.BOOLEAN, "Read `$x$` and `$$x$$` as [formulas](writing.md#formulas) in every issue and page.", False
    )
    render_timeout = optional(
        types.integer(1, 3600),
        "Seconds that each 100,000 characters of a text may take to render; more is an error.",
        2,
    )
    allow = optional(ListOf(RULE), "Rules to ignore in every issue; only those that [can be waived](rules.md).", ())
    deploy = optional(MapOf(DeployKeys), "Where [`weekahead deploy`](publishing.md#weekahead-deploy) puts the site.")
    citation = optional(
        MapOf(CitationKeys),
        "How [references](writing.md#references-from-a-bibliography) are cited.",
        CitationSettings(),
    )
    mail = optional(MapOf(MailKeys), "How [`weekahead send`](sending.md) mails an issue.")
    series = optional(maps_of(SeriesNoteKeys), "What the pages of series say of them.", ())
    books = optional(maps_of(BookKeys), "[Books](how-to.md#make-a-book): a series, a year or all of the letter.", ())
    book = optional(MapOf(BookLimitKeys), "What the PDF of a book may take, for all books.", BookLimits())

    def refuses(self, name: ScalarNode, node: Node) -> bool:
        return name.value not in self.keys and is_secret(name.value) and report_secret(self.yaml, name)

    def build(self) -> Config:
        check_language(self.yaml, self.language, "dates, numbers and lists are in English")
        author, feed = self.author or AuthorKeys.of_nothing(), self.feed or FeedKeys.of_nothing()
        return Config(
            id=self.id, title=self.title, url=self.url, tagline=self.tagline, copyright=self.copyright,
            language=self.language, language_line=self.yaml.at("language").line,
            author_name=author.name, author_email=author.email, author_about=author.about or None,
            author_picture=author.picture or None, author_line=self.yaml.at("author").line, menu=self.menu, subscribe_url=self.subscribe_url, theme=self.theme,
            subscribe_form=self.subscribe_form, share=self.share, signoff=self.signoff, permalink=self.permalink,
            whats_next=self.whats_next, feed_items=feed.items, feed_max_kb=feed.max_kb, feed_archive=feed.archive,
            hub=feed.hub, series_feeds=feed.series, tag_feeds=feed.tags, podcast=self.podcast, social_cards=self.social_cards,
            search=self.search, maths=self.maths, render_timeout=self.render_timeout, allow=self.allow, deploy=self.deploy,
            permalink_line=self.yaml.at("permalink").line,
            placeholders=tuple((key, self.yaml.at(key)) for key in PLACEHOLDERS if self._has_placeholder(key)),
            mail=self.mail, citation=self.citation or CitationSettings(),
            series=self.series, books=self.books, book_limits=self.book,
        )  # fmt: skip

    def _has_placeholder(self, key: str) -> bool:
        value = getattr(self, key)
        values = (value.name, value.email) if isinstance(value, AuthorKeys) else (value,)
        return any(words and re.fullmatch(PLACEHOLDERS[key], words) for words in values)
