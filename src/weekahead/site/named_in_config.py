"""What letter.yaml names that must be there: pages in the menu, the author's picture."""

from __future__ import annotations

from collections.abc import Container, Iterator

from weekahead.model.findings import Finding, Location, nearest
from weekahead.site.links import resolve_from_root
from weekahead.site.published import PublishedView
from weekahead.theme.lookup import Theme


def missing_in_config(public: PublishedView, theme: Theme, outputs: Container[str]) -> Iterator[Finding]:
    """Yield an error for each entry of the menu that leads nowhere in the site, and for a picture that is not there."""
    config = public.config
    for entry in config.menu:
        target = resolve_from_root(public, entry.address)
        path = target.path
        page = f"{path}index.html" if path is not None and (not path or path.endswith("/")) else path
        if wrong := target.problem or ("is a broken link" if page is not None and page not in outputs else ""):
            hint = "Name a page or an issue that is published: pages/about.md, archive/."
            where = Location(config.file, entry.line)
            yield Finding(where, "dead-link", f'"{entry.address}" in the menu {wrong}', hint)
    picture = config.author_picture
    if picture and "://" not in picture and picture not in theme.assets:
        pictures = [name for name in theme.assets if name.endswith((".png", ".jpg", ".jpeg", ".webp", ".svg"))]
        message = f'there is no "{picture}" in templates/assets/'
        yield Finding(Location(config.file, config.author_line), "file-missing", message, nearest(picture, pictures))
