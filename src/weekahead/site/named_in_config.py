"""What letter.yaml names that must be there: pages in the menu and the footer of mails, the author's picture."""

from __future__ import annotations

from collections.abc import Container, Iterator

from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.markdown.renderer import RenderedText, line_of
from weekahead.model.findings import Finding, Location, nearest
from weekahead.model.issue import Text
from weekahead.site.links import Target, internal_links, resolve_from_root
from weekahead.site.published import PublishedView
from weekahead.site.resolved_links import may_be_service
from weekahead.theme.lookup import Theme

HINT = "Name a page or an issue that is published: pages/about.md, archive/."


def missing_in_config(public: PublishedView, theme: Theme, outputs: Container[str]) -> Iterator[Finding]:
    """Yield an error for each entry of the menu that leads nowhere in the site, and for a picture that is not there."""
    config = public.config
    for entry in config.menu:
        if wrong := _problem(resolve_from_root(public, entry.address), outputs):
            where = Location(config.file, entry.line)
            yield Finding(where, "dead-link", f'"{entry.address}" in the menu {wrong}', HINT)
    picture = config.author_picture
    if picture and "://" not in picture and picture not in theme.assets:
        pictures = [name for name in theme.assets if name.endswith((".png", ".jpg", ".jpeg", ".webp", ".svg"))]
        message = f'there is no "{picture}" in templates/assets/'
        yield Finding(Location(config.file, config.author_line), "file-missing", message, nearest(picture, pictures))


def missing_in_footer(
    public: PublishedView, texts: RenderedTexts, footer: Text, outputs: Container[str]
) -> Iterator[Finding]:
    """Yield an error for each address in the footer of mails that leads nowhere in the site."""
    for address in footer_links(texts.facts(footer), public.config.url):
        if not may_be_service(address) and (wrong := _problem(resolve_from_root(public, address), outputs)):
            where = footer.at(line_of(texts.words(footer), address))
            yield Finding(where, "dead-link", f'"{address}" in the footer of mails {wrong}', HINT)


def footer_links(footer: RenderedText, url: str) -> list[str]:
    """Return the addresses in the footer of mails that lead to somewhere in the letter."""
    return [address for address in internal_links(footer, url) if not address.startswith("#")]


def _problem(target: Target, outputs: Container[str]) -> str:
    path = target.path
    page = f"{path}index.html" if path is not None and (not path or path.endswith("/")) else path
    return target.problem or ("is a broken link" if page is not None and page not in outputs else "")
