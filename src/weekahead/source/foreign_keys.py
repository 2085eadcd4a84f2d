"""What others' front matter and settings are called here: Jekyll's, Hugo's, Zola's, Pelican's, Eleventy's."""

from __future__ import annotations

import re
from collections.abc import Collection

from weekahead.source.hints import list_hint, meant_days
from weekahead.source.yaml_tree import Node, ScalarNode, SequenceNode, is_null

NAMES = {
    "title": "headline heading name posttitle sitename sitetitle",
    "number": "issue issuenumber week episode edition no nr",
    "date": "created createdat datetime dateline day pubdate publishdate publishedat publisheddate publishedon posted time",
    "slug": "basename handle postslug",
    "tags": "categories category keyword keywords label labels tag taxonomies topic topics",
    "summary": "abstract dek description excerpt intro lede metadescription preview seodescription snippet standfirst subtitle teaser",
    "tagline": "description motto sitesubtitle slogan subtitle",
    "authors": "author by byline creator writer",
    "aliases": "link oldurl path permalink redirect redirectfrom redirects redirectto url urls",
    "cover": "banner coverimage featuredimage featureimage header headerimage hero heroimage image images ogimage photo socialimage thumbnail",
    "audio": "audiofile enclosure mp3 podcast",
    "guid": "id uid uuid",
    "maths": "katex latex math mathjax usemath",
    "corrected": "changed lastmod lastmodified lastupdated modified modifiedat updated updatedat",
    "discussion": "commentsurl thread",
    "language": "lang languagecode locale",
    "url": "baseurl siteurl",
    "status": "draft hidden private public published",
}
"""The names that others have for each of our keys, without capitals and hyphens."""

NOT_NEEDED = (
    "archetype builddrafts comments css custom disqus exclude featured format future hidecomments hidetitle include js kind layout"
    " markdown markup menu menus nav navigation navtitle noindex order paginate params pin pinned plugins postformat robots script"
    " sharing showtoc sidebar sitemap sticky tableofcontents template theme toc type weight"
)
"""Keys of others that say nothing which a letter could use."""

OTHER_HINTS = {
    "aliases": "An old address goes under aliases: [/p/old-name/]; the address itself is made of slug: and the letter's permalink:.",
    "corrected": "Changes that readers should know of go under corrected: [{date: 2026-12-25, what: ...}]; else delete the line.",
    "cover": "A picture goes under cover: {file: picture.png, alt: what it shows}.",
    "audio": "Audio goes under audio: {file: recording.mp3}.",
}


def foreign_hint(name: str, node: Node, known: Collection[str]) -> str:
    """Return what to write in place of a key of another system, as far as the known keys have it; else nothing."""
    word = re.sub(r"[-_ ]", "", name).lower()
    key = next((key for key, names in NAMES.items() if key in known and word in (*names.split(), key)), "")
    value = node.value if isinstance(node, ScalarNode) and not is_null(node) else ""
    if key in OTHER_HINTS:
        return OTHER_HINTS[key]
    if key == "status":
        return _status_hint(word, value)
    if key:
        return f'It is called "{key}" here.{_example(key, node, value)}'
    if word in ("timezone", "cadence", "schedule"):
        return "Days and times are in schedule.yaml: cadence: {every: friday, at: ..., timezone: ...}."
    if word in NOT_NEEDED.split() or any(word in (*names.split(), key) for key, names in NAMES.items()):
        aside = ", or keep it under extra:, where your own templates find it" if "extra" in known else ""
        return f"weekahead has no such key. Delete the line{aside}."
    return ""


def _example(key: str, node: Node, value: str) -> str:
    """Return the value of a key as it is written here, where that differs."""
    if key == "authors" and value:
        return f" Write authors: [{value}]."
    if key == "tags" and not isinstance(node, SequenceNode):
        return f" {list_hint(value or 'one, two')}".replace("KEY", key)
    day = meant_days(value[:10]) if key == "date" else []
    return f" Write date: {day[0]}." if day else ""


def _status_hint(word: str, value: str) -> str:
    """Return the status that `draft: true`, `published: false` and the like stand for."""
    if day := meant_days(value[:10]):
        return f"Write date: {day[0]}, and status: ready."
    is_no = value.lower() in ("false", "no", "off", "0")
    is_ready = is_no != (word in ("published", "public"))
    return f"Write status: {'ready' if is_ready else 'draft'}."


def foreign_front_matter(text: str) -> tuple[str, str] | None:
    """Return a message and a hint if a text begins with front matter that is not YAML between lines of dashes."""
    first = text.strip().split("\n", 1)[0].rstrip()
    if first == "+++":
        hint = "Write it as YAML: --- in place of each +++, and key: value in place of key = value."
        return "this front matter is TOML (+++), as Hugo and Zola write it", hint
    if re.match(r'\s*(;;;\s*)?\{\s*"[\w-]+"\s*:', text):
        hint = "Write it as YAML: a line ---, a key and its value on each line, and --- again."
        return "this front matter is JSON, as Hugo writes it", hint
    if re.match(r"(?i):?(authors?|category|date|modified|slug|status|summary|tags|title)::?(\s|$)", first):
        hint = "Put a line --- before it and another one after its last key, and write keys in small letters."
        return f'the front matter begins with "{first[:60]}" and has no lines ---, as Pelican writes it', hint
    return None
