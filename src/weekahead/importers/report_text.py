"""The report as a page of Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Outcome
from weekahead.importers.report import Fate, ImportReport, Redirect, ReportedNote
from weekahead.model.counts import counted

NAME = "import-report.md"

_ENDLESS = re.compile("([!-~]{200})[!-~]{200,}")
"""What no word is, such as an address of thousands of characters."""

_HEADINGS = {
    Outcome.ASK: ("What needs your eye", "Go through these once."),
    Outcome.HELD: ("Held back", "These are not public: nothing of them is in the site until you mark them ready."),
    Outcome.DROPPED: ("Left out, and why", ""),
    Outcome.ELSEWHERE: (
        "Still elsewhere",
        "These work as long as their hosts do. `--fetch` brings pictures and recordings over.",
    ),
    Outcome.CHANGED: ("Changed", ""),
    Outcome.INFERRED: (
        "Worked out",
        "None of this stands in the export as such; each line says what it was taken from.",
    ),
}


def report_text(report: ImportReport) -> str:
    """Return the report."""
    parts = [_head(report), *_files(report), *_sections(report, _FIRST), _next_steps(report)]
    parts += _sections(report, _LATER)
    return "\n".join([*parts, *([_redirects(report)] if report.redirects else [])])


_FIRST = (Outcome.ASK, Outcome.HELD, Outcome.DROPPED)
_LATER = (Outcome.INFERRED, Outcome.ELSEWHERE, Outcome.CHANGED)
"""What comes before and after what to do next: the rest is to be looked up."""


def _sections(report: ImportReport, outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        notes = [each for each in report.notes if each.note.outcome is outcome]
        if notes:
            yield _section(outcome, notes)


def _head(report: ImportReport) -> str:
    counts = report.counts
    others = (("drafts", "draft", ""), ("pages", "page", ""), ("files", "file", " beside them"))
    what = _listed(
        [
            counted(counts["ready"], "public issue"),
            *(f"{counted(counts[key], noun)}{where}" for key, noun, where in others if counts[key]),
        ]
    )
    verb = "would come" if report.is_dry_run else "came"
    tally = Counter(each.note.outcome for each in report.notes)
    said = {Outcome.ASK: "to look at"}
    summary = ", ".join(f"{tally[outcome]} {said.get(outcome, outcome)}" for outcome in Outcome if tally[outcome])
    return f"# Import report\n\nFrom {report.platform}, `{report.source}`, {verb} {what}.\n\n" + (
        f"The lines below: {summary}.\n" if summary else ""
    )


def _listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: a, b and c."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _files(report: ImportReport) -> Iterator[str]:
    """Yield the section about files that were not simply written."""
    lines = [
        f"- `{name}`: {fate}\n" for name, fate in report.files.items() if fate not in (Fate.WRITTEN, Fate.UNCHANGED)
    ]
    unchanged = sum(fate is Fate.UNCHANGED for fate in report.files.values())
    if unchanged:
        lines.append(
            f"- {counted(unchanged, 'file')} as the last import wrote {'it' if unchanged == 1 else 'them'}: unchanged\n"
        )
    if lines:
        yield "## Files\n\n" + "".join(lines)


def _section(outcome: Outcome, notes: Sequence[ReportedNote]) -> str:
    """Return the lines of one outcome: those of one rule together, and before them those whose rule has but one."""
    title, lead = _HEADINGS[outcome]
    groups: dict[str, list[ReportedNote]] = {}
    for each in notes:
        groups.setdefault(each.note.rule, []).append(each)
    box = "- [ ] " if outcome is Outcome.ASK else "- "
    single = "".join(_items(group, box) for group in groups.values() if len(group) == 1)
    several = (_group(rule, group, box) for rule, group in groups.items() if len(group) > 1)
    parts = (f"## {title} ({len(notes)})\n", f"{lead}\n" if lead else "", single, *several)
    return "\n".join(filter(None, parts))


def _group(rule: str, notes: Sequence[ReportedNote], box: str) -> str:
    """Return the lines of one rule below its name, and below the hint if all have the same."""
    hints = {each.note.hint for each in notes}
    shared = hints.pop() if len(hints) == 1 else ""
    return f"**{rule}** ({len(notes)}) {_plain(shared)}".rstrip() + f"\n\n{_items(notes, box, known=shared)}"


def _items(notes: Sequence[ReportedNote], box: str, known: str = "") -> str:
    lines = (_line(each) + (f" {_plain(each.note.hint)}" if each.note.hint != known else "") for each in notes)
    times = Counter(line.rstrip() for line in lines)
    return "".join(f"{box}{line}{f' ({count} times)' if count > 1 else ''}\n" for line, count in times.items())


def _line(each: ReportedNote) -> str:
    note, where = each.note, each.where
    place = f"`{where}`" if where else f"`{note.source}` in the export" if note.source else ""
    return f"{place}: {_plain(note.message)} [{note.rule}]" if place else f"{_plain(note.message)} [{note.rule}]"


def _plain(words: str) -> str:
    """Return words on one line in which nothing is a tag, and no address fills the page."""
    return _ENDLESS.sub(r"\1...", clean(words)).replace("<", "&lt;")


def _redirects(report: ImportReport) -> str:
    """Return the lines that lead readers from the old addresses to the new ones, for three kinds of hosts."""
    return (
        f"## Old addresses to redirect ({len(report.redirects)})\n\n"
        "The letter cannot do this itself: these addresses are on another host, or cannot be an alias. Use the form that the old "
        "host takes.\n\n"
        "Substack and others that redirect nothing: put the new address at the top of the old post.\n\n"
        + _block(f"{report.old_site}{redirect.old} -> {redirect.new}" for redirect in report.redirects)
        + "\nNetlify, Cloudflare Pages: a file `_redirects`.\n\n"
        + _block(f"{_encoded(redirect)} {redirect.new} 301" for redirect in report.redirects)
        + "\nnginx: within `server { }`.\n\n"
        + _block(
            f'location = "{_quoted(redirect.old)}" {{ return 301 {redirect.new}; }}' for redirect in report.redirects
        )
    )


def _block(lines: Iterator[str]) -> str:
    return "```text\n" + "".join(f"{line}\n" for line in lines) + "```\n"


def _encoded(redirect: Redirect) -> str:
    return redirect.old.replace(" ", "%20")


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')


def _next_steps(report: ImportReport) -> str:
    """Return what to do next."""
    steps = ["Look through the lines above; tick off what is done."]
    if report.is_dry_run:
        steps = ["Nothing was written. Run the same command without `--dry-run`."]
    else:
        steps += [
            "Run `weekahead check`: it names what is left to do, file by file.",
            "Run `weekahead serve` and look at some issues, old and new, beside the old site.",
            "Correct letter.yaml and schedule.yaml, then commit everything: `git add . && git commit`.",
        ]
        if any(each.note.outcome is Outcome.ELSEWHERE for each in report.notes):
            steps.append(
                "Before the old site is gone, run the same command with `--fetch`, for the pictures and recordings that are still there."
            )
        if report.redirects:
            steps.append("Before the old site is gone, put its redirects in place, from the end of this page.")
        steps.append(
            "Run the same command again whenever there is a newer export: files that you have edited are never written over."
        )
    return "## What to do next\n\n" + "".join(f"{number}. {step}\n" for number, step in enumerate(steps, 1))


def summary(report: ImportReport, where: str, root: str) -> str:
    """Return what an import says on the terminal; `root` is the option that names the letter, if it is needed."""
    if not report.has_news:
        return "Nothing has changed since the last import; nothing was written."
    asks = sum(each.note.outcome is Outcome.ASK for each in report.notes)
    counts = report.counts
    others = (counted(counts[f"{noun}s"], noun) for noun in ("draft", "page") if counts[f"{noun}s"])
    came = ", ".join((counted(counts["ready"], "public issue"), *others))
    left = sum(fate is Fate.EDITED for fate in report.files.values())
    edited = (
        f" {counted(left, 'file')} that you have edited {'was' if left == 1 else 'were'} left alone." if left else ""
    )
    eye = f"{counted(asks, 'thing')} {'needs' if asks == 1 else 'need'} your eye" if asks else "Nothing needs your eye"
    return f"{came}.{edited} {eye}: {where}\n\nThen run: weekahead check{root}"
