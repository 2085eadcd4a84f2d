"""What is wrong with the books of a letter as of an instant."""

from __future__ import annotations

from collections.abc import Iterator

from weekahead.book.leaving_out import KINDS, folded, kind_of
from weekahead.book.media import EPUB_PICTURES
from weekahead.book.pdf_findings import pdf_findings
from weekahead.model.book import Book
from weekahead.model.findings import Finding, Location, nearest, warning
from weekahead.model.letter import Letter
from weekahead.site.pages import Site


def book_findings(site: Site, letter: Letter) -> Iterator[Finding]:
    """Yield what is wrong with a PDF, covers that are not there, what `leave_out` names and nobody wrote, and empty books."""
    yield from pdf_findings(site)
    yield from _check_kept(site, letter)
    for book in site.view.books:
        where = Location(site.view.config.file, book.line)
        yield from _check_cover(site, book, where)
        if book.name in site.groups.books:
            yield from _check_leave_out(site, book, where)
        elif any(
            book.has(issue, day) for issue in letter.issues if (day := letter.known_day(issue))
        ):  # else an error says so
            message = f"nothing of the {book.what} is published yet, so that there is no book"
            yield warning(where, "book-empty", message, "It will be there with its first issue.")


def _check_kept(site: Site, letter: Letter) -> Iterator[Finding]:
    """Yield a warning for each kept edition that readers do not get."""
    books = {book.name for book in site.view.books}
    shown = {edition.where for name in books for edition in site.view.kept_editions(name)}
    known = {issue.key for issue in letter.issues}
    for edition in letter.editions:
        if edition.book not in books:
            message = f"this edition is of a book {edition.book}, which letter.yaml does not have"
            yield warning(edition.where, "book-edition", message, nearest(edition.book, books))
        elif edition.where not in shown:
            gone = [key for key, _ in edition.chapters if key not in known]
            why = f"issue {gone[0]} is no longer there" if gone else "it has an issue that is not published"
            hint = "Publish the issue again, or remove the edition from the list."
            yield warning(edition.where, "book-edition", f"the edition of {edition.day} is held back: {why}", hint)


def _check_cover(site: Site, book: Book, where: Location) -> Iterator[Finding]:
    if book.cover is None:
        return
    pictures = [name for name in site.theme.assets if name.lower().endswith(tuple(EPUB_PICTURES))]
    if book.cover not in pictures:
        message = f'there is no picture "{book.cover}" in templates/assets/'
        yield Finding(where, "book-cover", message, nearest(book.cover, pictures))


def _check_leave_out(site: Site, book: Book, where: Location) -> Iterator[Finding]:
    """Yield a warning for each heading that no chapter has."""
    names = {folded(name): name for name in book.leave_out if not kind_of(name)}
    if not names:
        return
    context, known = site.context, dict[str, str]()
    for file in site.groups.books[book.name]:
        for text in context.all_texts(file):
            known |= {folded(heading.text): heading.text for heading in context.facts(text).headings}
    for name in names.keys() - known.keys():
        message = f'the book leaves out "{names[name]}", which is neither a content kind nor a heading of its issues'
        yield warning(where, "book-leave-out", message, nearest(names[name], [*KINDS, *known.values()][:200]))
