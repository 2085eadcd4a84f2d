"""What the editor shows of a text, and what it saves: without HTML and without requests."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from weekahead.build.issue_text import IssueText, read_issue_text, save_issue_text
from weekahead.build.schedule_edit import edit_schedule
from weekahead.build.schedule_report import read
from weekahead.markdown.kinds import KINDS
from weekahead.model.findings import BuildError, Finding
from weekahead.model.issue import Status
from weekahead.source.front_matter_fields import FIELDS, with_fields
from weekahead.source.schedule_editor import EditError

CARET = "‸"
"""Where one goes on writing in what the menu puts into a text."""


class Snippet(Struct, frozen=True):
    """An entry of the menu of content kinds."""

    label: str
    text: str


def snippets() -> list[Snippet]:
    """Return what the menu offers: each content kind as it begins, and an alert."""
    found = []
    for name, kind in KINDS.items():
        first = f"/// {name} | {CARET}" if kind.title_name else f"/// {name}"
        below = f"{kind.needed}: " if kind.needed else "" if kind.title_name else CARET
        found.append(Snippet(name.capitalize(), f"{first}\n{below}\n///"))
    return [*found, Snippet("Alert", f"> [!NOTE]\n> {CARET}")]


def plain_lines(text: IssueText) -> list[str]:
    """Return the lines of a text with the fields that have something, to be compared."""
    above = [f"{key}: {line}" for key, value in (text.fields or {}).items() for line in value.split("\n") if line]
    body = text.body.rstrip("\n").split("\n")
    return [*above, "", *body] if above else body


def inserted(kind: str, name: str) -> str:
    """Return the Markdown that shows a file beside a text; "" for a recording, which front matter names."""
    if kind == "table":
        return f"/// table | {CARET}\nfile: {name}\n///"
    return f"![{CARET}]({name})" if kind == "picture" else ""


def as_data(text: IssueText) -> dict[str, object]:
    """Return a text as the editor's script gets it."""
    return {"name": text.name, "digest": text.digest, "body": text.body, "line": text.line, "fields": text.fields}


class Notice(Struct, frozen=True, kw_only=True):
    """What the editor's page says of what was just done with its text."""

    said: str = ""
    is_fine: bool = True
    findings: tuple[str, ...] = ()
    is_unsaved: bool = False
    """Whether the text on the page is in no file: it could not be saved."""
    theirs: IssueText | None = None
    """What is in the file, where somebody else has changed that."""


def typed_text(form: Mapping[str, str], there: IssueText | None, digest: str | None = None) -> IssueText:
    """Return the text that a form has, as one made from the version that is `there`, or from that of a digest."""
    body = form.get("body", "").replace("\r\n", "\n")
    typed = {key.removeprefix("field."): value for key, value in form.items() if key.startswith("field.")}
    fields = None if "whole" in form else {**dict.fromkeys((field.key for field in FIELDS), ""), **typed}
    if (
        there and there.fields is None and fields is not None
    ):  # its front matter cannot be read any more: both are in one text
        fields, body = None, f"{there.body}\n\n{body}"
    seen = digest if digest is not None else there.digest if there else ""
    return IssueText(name=form.get("name", ""), digest=seen, body=body, line=there.line if there else 1, fields=fields)


def is_saved(form: Mapping[str, str], there: IssueText) -> bool:
    """Return whether a file has all that a form says, as after the first click of a double click."""
    typed, acted = typed_text(form, there), {"status"} if "do" in form else set[str]()
    if typed.body.lstrip("\n") != there.body.lstrip("\n") or (typed.fields is None) != (there.fields is None):
        return False
    return all(value == (there.fields or {})[key] for key, value in (typed.fields or {}).items() if key not in acted)


def save_form(root: Path, form: Mapping[str, str]) -> IssueText:
    """Save the text that a form has; return what is in the file now.

    `name` is its file, `digest` that of the version it was made from, `body` its text, and `field.KEY` the values of its
    front matter; those that are not sent stay. With `whole`, the body is the whole file. A new title of a planned number is
    a new title in the plan as well. Raise TextChanged, EditError and BuildError.
    """
    name, body = form.get("name", ""), form.get("body")
    if body is None:
        raise EditError("the form has no text; reload the page")
    known = {field.key for field in FIELDS}
    fields = {key.removeprefix("field."): value for key, value in form.items() if key.startswith("field.")}
    if unknown := fields.keys() - known:
        raise EditError(f'there is no field "{min(unknown)}"')
    if (
        fields.get("status") == Status.READY
        and (read_issue_text(root, name).fields or {}).get("status") != Status.READY
    ):
        raise EditError("a text is marked ready with its own button, which looks at it first")
    current = read_issue_text(root, name, whole=True)
    if "whole" not in form and "title" in fields and current.digest == form.get("digest"):
        with_fields(
            name, current.body, {"title": fields["title"]}
        )  # it is written last, and refused before anything is
    title = fields.pop("title", None)
    before, after = save_issue_text(root, name, form.get("digest", ""), body, None if "whole" in form else fields)
    if title is None or before.fields is None or title == before.fields["title"]:
        return after
    number = _number_in_plan(root, name)
    if number is not None:
        with suppress(EditError, BuildError):  # as for a published issue: then its file alone has another title
            edit_schedule(root, lambda editor: editor.rename(number, title))
            return read_issue_text(root, name)
    return save_issue_text(root, name, after.digest, after.body, {"title": title})[1]


def _number_in_plan(root: Path, name: str) -> int | None:
    """Return the number of a text, if the plan has an entry for it under the title that the text has."""
    letter = read(root).letter
    issue = next((each for each in letter.issues if each.source.file == name), None) if letter else None
    entry = letter.schedule.entries.get(issue.number) if letter and issue and issue.number is not None else None
    return issue.number if issue and entry and entry.title == issue.title else None


class PlacedFinding(Struct, frozen=True):
    """A finding of a text: its line in the file, and the key of front matter in which it is."""

    line: int
    key: str
    severity: str
    message: str
    hint: str
    rule: str
    file: str
    """Another file than the text, that stops the letter; else nothing."""


def placed(text: IssueText, findings: tuple[Finding, ...]) -> list[PlacedFinding]:
    """Return the findings of a text by their lines, and before them the errors elsewhere."""
    own = [found for found in findings if found.where.file == text.name]
    others = [found for found in findings if found.where.file != text.name and found.is_error]
    return [_placed(text, found) for found in (*others, *own)]


def _placed(text: IssueText, found: Finding) -> PlacedFinding:
    is_own = found.where.file == text.name
    is_above = is_own and text.fields is not None and found.where.line < text.line
    above = [(line, key) for key, line in text.places.items() if line <= found.where.line] if is_above else []
    return PlacedFinding(
        line=found.where.line if is_own else 0,
        key=max(above)[1] if above else "",
        severity=str(found.severity),
        message=found.message,
        hint=found.hint,
        rule=found.rule,
        file="" if is_own else str(found.where),
    )


def text_or_none(root: Path, name: str, *, whole: bool = False) -> IssueText | None:
    """Return a text; None where there is none of that name."""
    try:
        return read_issue_text(root, name, whole=whole)
    except BuildError:
        return None
