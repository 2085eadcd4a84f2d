"""What the books on this machine say of the issues that were mailed last, for the plan and the desk."""

from __future__ import annotations

from pathlib import Path

from weekahead.model.letter import Letter


def sent_issues(root: Path, letter: Letter, count: int = 3) -> tuple[str, ...]:
    """Return a line for each of the issues that were mailed last, the newest first; nothing of the remote is looked at."""
    if letter.config.mail is None:
        return ()
    from weekahead.mail.books import books_folder
    from weekahead.mail.claiming import status_of
    from weekahead.mail.claims import BookError, FileBook
    from weekahead.mail.journal import JournalDamaged, describe_counts, load_journal

    lines = []
    try:
        claims = FileBook(root).read()
        sent = [issue for issue in letter.issues if letter.known_day(issue) and issue.key in claims]
        for issue in sorted(sent, key=letter.instant, reverse=True)[:count]:
            path = books_folder(root) / f"{issue.key}.journal"
            status = status_of(claims[issue.key], load_journal(path), path)
            name = letter.label(issue.number) if issue.number is not None else issue.title
            being = "mailed" if status.state == "finished" else "being mailed"
            lines.append(f"{name}, {being}: {describe_counts(status.counts)}")
    except (BookError, JournalDamaged, OSError) as error:
        lines.append(f"What was mailed cannot be told: {error}")
    return tuple(lines)
