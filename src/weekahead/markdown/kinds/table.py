"""Tables from CSV files, shown alone or beside a re-run with what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import with_lines
from weekahead.markdown.kinds.kind import ANYTHING, DAY, Check, Kind, is_day, shown_day
from weekahead.markdown.kinds.sheet import Sheet, are_numbers, change, change_in, mismatches, read_sheet
from weekahead.model.findings import TextFinding

if TYPE_CHECKING:
    from weekahead.markdown.tree import TreeWriter


class Table(Kind):
    """Numbers of a file, perhaps beside the same numbers of a later day; its title is the caption."""

    names = ("table",)
    keys = {
        **dict.fromkeys(("file", "source", "re-run"), ANYTHING),
        **dict.fromkeys(("as of", "re-run as of"), DAY),
        "change": Check(
            ("percent", "difference").__contains__, "a way to show a change", "Write percent or difference."
        ),
    }
    needed = "file"
    title_name = "caption"
    selector = "table:not([role], .highlighttable)"
    mail = staticmethod(with_lines)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write a figure: the table with its number and caption, and where the numbers come from."""
        first, again = self._sheets()
        if first is None:
            return
        label = writer.say("table_number", number=self.number)
        rows = _alone(first) if again is None else self._compared(first, again, writer.say)
        wide = ' class="wide"' if rows.partition("</thead>")[0].count("<th") > 8 else ""
        writer.raw(
            f'<figure class="data" id="table-{self.number}">'
            f'<div class="table" role="region" tabindex="0" aria-label="{label}">\n'
            f"<table{wide}><caption><strong>{label}.</strong> "
        )
        writer.text(self.title, self.line)
        writer.raw(f"</caption>\n{rows}</table></div>\n<figcaption>")
        if source := self["source"]:
            writer.raw(f"{writer.say('source')}: ")
            writer.text(source, self.values["source"][1])
        about = self._about(again, writer.say)
        writer.raw((" · " if source else "") + " · ".join(about) + "</figcaption></figure>")

    def _about(self, again: Sheet | None, say: Callable[..., str]) -> list[str]:
        """Return what stands below the table and its source: when, and a link to each file."""
        files = [self[key] for key in ("file", "re-run") if self[key]]
        links = [f'<a href="{escape(name)}">{escape(name.rpartition("/")[2])}</a>' for name in files]
        about = {
            "as_of": shown_day(self["as of"], say),
            "re_run": shown_day(self["re-run as of"], say) if again else "",
            "data_file": ", ".join(links),
        }
        return [f"{say(name)}: {words}" for name, words in about.items() if words]

    def _sheets(self) -> tuple[Sheet | None, Sheet | None]:
        """Return the sheets of both runs; None for one that is not named, is not there, or has faults."""
        first, again = self._sheet("file"), self._sheet("re-run")
        if first and again and (wrong := mismatches(first, again)):
            self.faults += wrong
            again = None
        return first, again

    def _sheet(self, key: str) -> Sheet | None:
        name, line = self.values.get(key, ("", 0))
        if name in self.files:
            return read_sheet(self.files[name], self.faults)
        if name:
            message = f'there is no file "{name}" next to this text'
            hint = "Put it into the same folder, and check capital letters. Tables work in bodies, not in front matter."
            self.faults.append(TextFinding(rule="file-missing", words=name, message=message, hint=hint, line=line))
        return None

    def _compared(self, first: Sheet, again: Sheet, say: Callable[..., str]) -> str:
        """Return two runs side by side as HTML; beside each pair of numbers, the change."""
        runs = [("first_run", self["as of"]), ("re_run", self["re-run as of"])]
        labels = [say("date", day=day) if is_day(day) else say(name) for name, day in runs]
        second = {row.cells[0]: row.cells for row in again.rows}
        names = first.column(0)
        above, below = [_cell("th", first.columns[0], False, ' scope="col" rowspan="2"')], list[str]()
        columns = [[(name, False) for name in names]]
        for place in range(1, len(first.columns)):
            before, after = first.column(place), [second[name][place] for name in names]
            right = are_numbers([*before, *after])
            if before == after and not right:
                above.append(_cell("th", first.columns[place], False, ' scope="col" rowspan="2"'))
                columns.append([(words, False) for words in before])
                continue
            heads = [*labels]
            columns += [[(words, right) for words in run] for run in (before, after)]
            if right:
                percent, name = change_in(before, {"percent": True, "difference": False}.get(self["change"]))
                heads.append(say(name))
                columns.append([(change(old, new, percent), True) for old, new in zip(before, after, strict=True)])
            above.append(_cell("th", first.columns[place], False, f' scope="colgroup" colspan="{len(heads)}"'))
            below += [_cell("th", words, right, ' scope="col"') for words in heads]
        head = [above, below] if below else [above]
        return _whole("\n".join(f"<tr>{''.join(cells)}</tr>" for cells in head), zip(*columns, strict=True))


def _alone(first: Sheet) -> str:
    """Return the rows of a table as HTML: head and body, numbers to the right."""
    right = [are_numbers(first.column(place)) for place in range(len(first.columns))]
    head = "".join(_cell("th", name, right[place], ' scope="col"') for place, name in enumerate(first.columns))
    return _whole(f"<tr>{head}</tr>", (zip(row.cells, right, strict=True) for row in first.rows))


def _whole(head: str, rows: Iterable[Iterable[tuple[str, bool]]]) -> str:
    body = []
    for (name, is_right), *cells in rows:
        made = [_cell("th", name, is_right, ' scope="row"'), *(_cell("td", words, right) for words, right in cells)]
        body.append(f"<tr>{''.join(made)}</tr>\n")
    return f"<thead>\n{head}\n</thead>\n<tbody>\n{''.join(body)}</tbody>"


def _cell(tag: str, words: str, right: bool, attributes: str = "") -> str:
    if not words and "col" in attributes:
        tag, attributes = "td", attributes.replace(' scope="col"', "")  # a heading without words heads nothing
    aligned = ' class="align-right"' if right else ""
    return f"<{tag}{attributes}{aligned}>{escape(words, quote=False)}</{tag}>"
