"""What Pandoc, Hugo, Jekyll and others have for references, the attributes of fences, and formulas that MathJax shows."""

from __future__ import annotations

import re

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.dialects.verbatim import fence_info
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.counts import counted

_REFERENCE = re.compile(r"(?<![\w\\\[])\[(?:[^\[\]\n]*[\s;])?-?@[\w{][^\[\]\n]*\](?![\[(:])")
_DOUBLED = re.compile(r"\\\\(\()(.+?)\\\\\)|\\\\(\[)(.+?)\\\\\]", re.DOTALL)
_FENCE = re.compile(r"([ \t>]*(?:`{3,}|~{3,}))[ \t]*([^\n]*)")


def references(text: str, notes: PostNotes) -> str:
    """Say which references to a bibliography a text has; they stay as they are written."""
    if "@" in text:
        view = View(text)
        found = [cut(view.text[slice(*match.span())]) for match in _REFERENCE.finditer(view.scan.prose)]
        if found:
            message = f"left as written: {counted(len(found), 'reference')} to a bibliography: {cut(', '.join(dict.fromkeys(found)))}"
            notes.add(Outcome.ASK, "citation", message, words=found[0])
    return text


def doubled_formulas(text: str, notes: PostNotes) -> str:
    r"""Take the second backslash off `\\(x\\)` and `\\[x\\]`, which MathJax saw as `\(x\)`."""
    if "\\\\(" not in text and "\\\\[" not in text:
        return text
    view = View(text)
    edits = []
    for match in _DOUBLED.finditer(view.without_code):
        inner = view.text[slice(*match.span(2 if match[1] else 4))]
        if "\n\n" not in inner:
            formula = f"\\({inner}\\)" if match[1] else f"\\[{inner}\\]"
            edits.append(Edit(*match.span(), formula, formula))
    return view.edited(edits)


def fence_attributes(text: str, notes: PostNotes) -> str:
    """Write the attributes of a fence, `{.python .numberLines}` or `js {1,3-4}`, as ours. The code stays as it is."""
    if "```" not in text and "~~~" not in text:
        return text
    view = View(text)
    edits = []
    for block in view.scan.blocks:
        match = _FENCE.match(view.text, block.start) if block.kind == "code" else None
        if match and "{" in match[2]:
            info = _info(match[2])
            if info != match[2].strip():
                head = f"{match[1]}{info}"
                edits.append(Edit(*match.span(), head, head))
    return view.edited(edits)


def _info(words: str) -> str:
    """Return the info string of a fence as ours."""
    before, _, inner = words.partition("{")
    inner, _, after = inner.rpartition("}") if "}" in inner else (inner, "", "")
    classes = re.findall(r"\.([\w+#-]+)", inner)
    language = before.split()[0] if before.split() else ""
    if not language and classes:
        language = classes[0]
    elif not language and (name := re.match(r"[A-Za-z][\w+#-]*", inner)):
        language = name[0]
    options = f"{before} {inner} {after}"
    lines = re.search(r"hl_lines\s*=\s*\[?[\"']?([\d,\s\"'-]+)", options)
    marked = lines[1] if lines else inner if re.fullmatch(r"[\d,\s-]+", inner) else ""
    title = re.search(r"(?:title|caption|filename|name)=\"([^\"]*)\"", options)
    numbered = re.search(r"linenos\s*=\s*(?!false)|numberLines|number-lines|showLineNumbers|linenums", options)
    marks = " ".join(re.findall(r"\d+(?:-\d+)?", marked))
    return fence_info(language, numbered=numbered is not None, marked=marks, title=title[1] if title else "")
