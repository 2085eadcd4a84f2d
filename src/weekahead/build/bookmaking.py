"""Making one book now, and keeping an edition of it as files of the letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from weekahead.book.leaving_out import folded
from weekahead.book.pdf import engine, what_is_missing
from weekahead.book.printing import print_source, render_pdf
from weekahead.book.source import BookSource, book_source
from weekahead.build.site_plan import SitePlan, plan_site
from weekahead.build.snapshot import Snapshot, take_snapshot
from weekahead.model.book import Book, KeptEdition
from weekahead.model.findings import BuildError, Location, build_error, nearest
from weekahead.runtime.code_version import open_store
from weekahead.site.output import PageNotice
from weekahead.source.loader import load_letter
from weekahead.source.text_edit import create_file, edit_file

_HEAD = """\
# The editions that `weekahead book --keep` has kept: their files are published as they are. Remove one to withdraw it.
editions:
"""


class MadeBook(Struct, frozen=True, kw_only=True):
    """A book as of an instant: its files by their formats."""

    snapshot: Snapshot
    source: BookSource
    files: dict[str, bytes]

    @property
    def day(self) -> date:
        return self.source.day


def make_book(root: Path, name: str, as_of: str | None, forms: Iterable[str], notice: PageNotice) -> MadeBook:
    """Return a book in some formats, all of its own if there are none. Raise BuildError."""
    with open_store(root) as store:
        snapshot = take_snapshot(load_letter(root, store), store.version, as_of=as_of)
        plan = plan_site(snapshot, store)
        if any(finding.is_error for finding in plan.findings):
            raise BuildError(plan.findings)
        book = _book(snapshot, plan, name)
        wanted = list(forms) or [form for form in book.formats if form != "html"] or ["html"]
        files = {form: _made(snapshot, plan, book, form, notice) for form in wanted}
        return MadeBook(snapshot=snapshot, source=book_source(plan.site.context, book.name), files=files)


def _book(snapshot: Snapshot, plan: SitePlan, name: str) -> Book:
    books = {book.name: book for book in plan.site.view.books}
    if name not in books:  # an author may say what the book is of: a series by its name
        same = [book.name for book in books.values() if folded(name) in (folded(book.series or ""), folded(book.title))]
        name = same[0] if len(same) == 1 else name
    if name not in books:
        hint = nearest(name, books) if books else "Add it to books: in letter.yaml, such as books: [{all: true}]."
        raise build_error("letter.yaml", "no-such-book", f'there is no book "{name}"', hint)
    if name not in plan.site.groups.books:
        where = Location("letter.yaml", books[name].line)
        raise build_error(where, "book-empty", f"nothing of the book {name} is published yet")
    return books[name]


def _made(snapshot: Snapshot, plan: SitePlan, book: Book, form: str, notice: PageNotice) -> bytes:
    if form not in book.formats:
        where = Location("letter.yaml", book.line)
        message = f"the book {book.name} is not made as {form}"
        raise build_error(where, "book", message, f"Add it: formats: [{', '.join([*book.formats, form])}].")
    if form == "pdf":
        if not engine():
            where, message = Location("letter.yaml", book.line), "what makes a PDF is not installed"
            raise build_error(where, "book-engine", message, what_is_missing())
        return render_pdf(print_source(plan.site.context, book.name), Location("letter.yaml", book.line), notice)
    path = f"{book.path}index.html" if form == "html" else book.file_path(form)
    return plan.files[path].make()


# -- keeping


def keep_edition(root: Path, made: MadeBook) -> list[Path]:
    """Write an edition into books/NAME/DAY/ of the letter, and into its list. Return what was written. Raise BuildError."""
    name, day, listed = made.source.book.name, made.day, f"books/{made.source.book.name}/editions.yaml"
    if "html" in made.files:
        message = f"the book {name} has no file to keep: it is made as html alone"
        where = Location("letter.yaml", made.source.book.line)
        raise build_error(where, "book", message, "Add one: formats: [html, epub, pdf].")
    kept = [edition for edition in made.snapshot.letter.editions if edition.book == name]
    if any(edition.day == day for edition in kept):
        message = f"the edition of {day} is kept already, and stays as it is"
        hint = "A later edition has a later day: that of its last chapter, or of a correction (corrected:)."
        raise build_error(next(one for one in kept if one.day == day).where, "book-edition", message, hint)
    paths = [create_file(root, f"books/{name}/{day}/{name}.{form}", data) for form, data in made.files.items()]
    entry = _entry(made, max(kept, key=lambda edition: edition.day, default=None))
    if (root / listed).exists():
        edit_file(root, listed, lambda text: text.rstrip("\n") + "\n" + entry)
    else:
        paths.append(create_file(root, listed, _HEAD + entry))
    return paths


def _entry(made: MadeBook, last: KeptEdition | None) -> str:
    name = made.source.book.name
    chapters = "".join(f'      "{each.key}": {each.digest}\n' for each in made.source.chapters)
    files = ", ".join(f"{name}.{form}" for form in made.files)
    changed = f"    changed: {_changed(made, last)}\n" if last else ""
    return f"  - day: {made.day}\n    files: [{files}]\n{changed}    chapters:\n{chapters}"


def _changed(made: MadeBook, last: KeptEdition) -> str:
    """Return what is new in an edition and what is not as it was, in words."""
    before = dict(last.chapters)
    new = [each.label for each in made.source.chapters if each.key not in before]
    other = [each.label for each in made.source.chapters if before.get(each.key, each.digest) != each.digest]
    parts = [f"{what} {', '.join(labels)}" for what, labels in (("new", new), ("changed", other)) if labels]
    return "; ".join(parts) or "nothing"
