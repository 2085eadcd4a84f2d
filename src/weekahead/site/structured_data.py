"""An issue for search engines: JSON-LD by schema.org."""

from __future__ import annotations

from weekahead.site.context import RenderContext
from weekahead.site.json_ld import JsonObject, in_schema, list_items


def issue_data(
    context: RenderContext, file: str, authors: list[str], description: str | None, picture: str | None
) -> list[JsonObject]:
    """Return the text, where it is in the site, and the audio edition."""
    config, card, details = context.config, context.card(file), context.details(file)
    url = context.absolute(card.path)
    posting = {
        "@type": "BlogPosting",
        "headline": card.title,
        "datePublished": context.published_at(file).isoformat(),
        "dateModified": context.updated_at(file).isoformat() if details.corrections else None,
        "url": url,
        "mainEntityOfPage": url,
        "author": [{"@type": "Person", "name": name} for name in authors] or None,
        "publisher": {"@type": "Organization", "name": config.title, "url": config.url},
        "description": description,
        "image": picture,
        "keywords": list(card.tags) or None,
        "inLanguage": card.language or config.language,
    }
    trail = [
        (config.title, config.url),
        (context.translator.translate("archive"), context.absolute("archive/")),
        (card.title, url),
    ]
    breadcrumbs = {"@type": "BreadcrumbList", "itemListElement": list_items(trail)}
    return [in_schema(part) for part in (posting, breadcrumbs, _episode(context, file)) if part]


def _episode(context: RenderContext, file: str) -> JsonObject | None:
    card, audio, config = context.card(file), context.details(file).audio, context.config
    if audio is None:
        return None
    address = context.absolute(context.file_path(file, audio.file)) if audio.file else audio.url
    media = {"@type": "AudioObject", "contentUrl": address, "encodingFormat": audio.type}
    return {
        "@type": "PodcastEpisode",
        "name": card.title,
        "url": context.absolute(card.path),
        "datePublished": card.day.isoformat(),
        "timeRequired": f"PT{audio.duration}S" if audio.duration else None,
        "associatedMedia": media,
        "partOfSeries": {"@type": "PodcastSeries", "name": config.title, "url": config.url},
    }
