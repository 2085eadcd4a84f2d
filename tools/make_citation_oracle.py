"""Write tests/references/pandoc.json: what pandoc makes of the corpus of references, to hold our citations to.

pip install pypandoc_binary==1.17    # pandoc 3.9, GPL-2.0-or-later: an oracle, which weekahead never needs
python tools/make_citation_oracle.py
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def clean(html: str) -> str:
    """Return pandoc's HTML with the elements that we use, and without its others."""
    html = re.sub(r"</?(?:span|a)\b[^>]*>", "", html).replace("&quot;", '"').replace("\u00a0", " ")
    html = re.sub(r"(</?)em>", r"\1i>", html)
    return " ".join(re.sub(r"(</?)strong>", r"\1b>", html).split())


def run(pandoc: str, arguments: list[str], text: str = "") -> str:
    """Return what pandoc prints."""
    return subprocess.run([pandoc, *arguments], input=text, capture_output=True, text=True, check=True).stdout


def cited(pandoc: str, bibliography: Path, citations: list[str]) -> dict[str, object]:
    """Return what pandoc makes of citations in a text, and of the list: keys and HTML."""
    style = str(ROOT / "src/weekahead/references/apa.csl")
    options = ["-f", "markdown-smart", "-t", "html", "--wrap=none", "--citeproc", "--csl", style]
    html = run(pandoc, [*options, "--bibliography", str(bibliography)], "\n\n".join(citations))
    entries = re.findall(r'id="ref-(\w+)"[^>]*role="listitem">(.*?)</div>', html, re.DOTALL)
    return {
        "citations": [clean(words) for words in re.findall(r"<p>(.*?)</p>", html, re.DOTALL)],
        "entries": [[key, clean(words)] for key, words in entries],
    }


def main() -> None:
    """Run pandoc over the corpus and the groups."""
    import pypandoc
    from tests.references.corpus import AMBIGUOUS, GROUPS, corpus, keys

    pandoc = pypandoc.get_pandoc_path()
    with TemporaryDirectory() as folder:
        whole, ambiguous = Path(folder, "corpus.bib"), Path(folder, "ambiguous.bib")
        whole.write_text(corpus(), "utf-8")
        ambiguous.write_text(AMBIGUOUS, "utf-8")
        made = {
            "pandoc": pypandoc.get_pandoc_version(),
            "items": json.loads(run(pandoc, ["-f", "biblatex", "-t", "csljson", str(whole)])),
            "corpus": cited(pandoc, whole, [f"[@{key}]" for key in keys()]),
            "groups": [cited(pandoc, ambiguous, list(group)) for group in GROUPS],
        }
    text = json.dumps(made, ensure_ascii=False, indent=0)
    (ROOT / "tests/references/pandoc.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
