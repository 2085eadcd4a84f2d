"""Compare our Markdown with cmark-gfm: python -m tests.markdown.compare --documents 5000 --real FOLDER

Prints every document that differs, cut down to what makes it differ, and how many are equal.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.markdown import cmark
from tests.markdown.documents import document
from tests.markdown.structure import difference

from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert, place
from weekahead.source.front_matter import body_of

LONGEST = 40
"""Lines of a diff that are printed."""


def ours(text: str, language: str = "en") -> str:
    """Return our HTML of a text, its addresses as its author wrote them."""
    return place(convert(text, budget=60, options=TextOptions(language)), {})


def difference_of(text: str) -> str:
    """Return how our HTML of a text differs from cmark-gfm's, which puts no <strong> into another; nothing when they agree."""
    try:
        return difference(ours(text), cmark.html(text), flat=True)
    except Exception as error:
        return f"--- theirs\n+++ ours\n@@ a fault of weekahead @@\n+raised {type(error).__name__}: {error}"


def is_newer(text: str) -> bool:
    """Return whether markdown-it, which follows a newer version of CommonMark, has what we have."""
    try:
        return not difference(ours(text), cmark.newer(text))
    except Exception:
        return False


def made_documents(count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield so many made documents, each with the name that makes it again."""
    for number in range(seed, seed + count):
        yield f"made {number}", document(random.Random(number))


def real_documents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the bodies of the Markdown files below a folder, by their paths."""
    for path in sorted(folder.rglob("*.md")):
        data = path.read_bytes()
        yield str(path.relative_to(folder)), body_of(path.name, data) or data.decode("utf-8", "replace")


def smallest(text: str) -> str:
    """Return what is left of a text when lines, then words and signs, are taken out as long as it still differs in the same way."""
    kind = _kind(difference_of(text))
    for pattern in (r"(?s).*?(?:\n|\Z)", r"\w+|\s|."):
        pieces = re.findall(pattern, text, re.DOTALL)
        width = max(1, len(pieces) // 2)
        while width:
            place = 0
            while place < len(pieces):
                fewer = pieces[:place] + pieces[place + width :]
                found = _kind(difference_of("".join(fewer)))
                if found and found <= kind:
                    pieces = fewer
                else:
                    place += width
            width //= 2
        text = "".join(pieces)
    return text


def _kind(diff: str) -> set[str]:
    """Return the elements that only one side has, each with its sign; a text is a quotation mark."""
    found = (re.match(r"([-+])\s*([\w!?]+|['\"])", line) for line in diff.splitlines()[3:])
    return {match[1] + match[2].replace('"', "'") for match in found if match}


def compare(documents: Iterable[tuple[str, str]], shorten: bool) -> tuple[int, int]:
    """Print what differs; return how many documents there were, and how many of them are equal."""
    count = equal = 0
    for name, text in documents:
        count += 1
        diff = difference_of(text)
        equal += not diff
        if diff:
            small = smallest(text) if shorten else ""
            agrees = " (markdown-it has what we have)" if is_newer(small or text) else ""
            print(f"== {name}" + (f": {small!r}" if shorten else "") + agrees)
            print("\n".join((difference_of(small) if shorten else diff).splitlines()[2 : LONGEST + 2]), flush=True)
    return count, equal


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.markdown.compare", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="how many made documents")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first of them")
    parser.add_argument(
        "--real", type=Path, help="a folder of Markdown files with front matter, which are compared instead"
    )
    parser.add_argument("--whole", action="store_true", help="do not cut documents down to what makes them differ")
    wanted = parser.parse_args()
    documents = real_documents(wanted.real) if wanted.real else made_documents(wanted.documents, wanted.seed)
    count, equal = compare(documents, not wanted.whole)
    print(f"{equal} of {count} are equal ({equal / max(1, count):.1%})", file=sys.stderr)


if __name__ == "__main__":
    main()
