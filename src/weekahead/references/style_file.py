"""Citation styles (CSL 1.0.2): a file checked before it is used, and a style with the terms of a language."""

from __future__ import annotations

import warnings
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

APA = Path(__file__).with_name("apa.csl")
MOST_ELEMENTS = 20_000_000
"""Of a style whose macros are written out; those of Chicago come to 1.7 million."""
_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"


class BadStyle(Exception):
    """A file that is no citation style, or one that calls itself without end."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def is_note_style(data: bytes) -> bool:
    """Return whether a style puts citations into footnotes. Raise BadStyle."""
    return bool(_checked(data).get("class") == "note")


def has_list(data: bytes | None) -> bool:
    """Return whether a style has a list of references, which some have not; bytes that are no style are said to have one."""
    try:
        return data is None or _checked(data).find(f"{_NAMESPACE}bibliography") is not None
    except BadStyle:
        return True


@lru_cache(maxsize=8)
def load_style(data: bytes | None, language: str) -> Any:
    """Return a style, APA unless another's bytes are given, with the terms of a language. Raise BadStyle."""
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS, CitationStylesStyle

    from weekahead.references import citeproc_elements  # noqa: F401  with our elements in place of the library's

    if data is not None:
        _checked(data)
    short = language.partition("-")[0]
    locale = language if language in LANGUAGE_NAMES else PRIMARY_DIALECTS.get(short, "en-US")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = BytesIO(data if data is not None else APA.read_bytes())
        style = CitationStylesStyle(file, locale=locale, validate=False)
    style.root.set("default-locale", locale)
    return style


@lru_cache(maxsize=2)
def _checked(data: bytes) -> Any:
    """Return the first element of a file that is a citation style. Raise BadStyle."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadStyle(f"it is not XML: {error.msg}", error.lineno or 1) from error
    name = etree.QName(root)
    if root.tag != f"{_NAMESPACE}style":
        raise BadStyle(f'it begins with <{name.localname}>, not with <style xmlns="{_NAMESPACE[1:-1]}">')
    parent = root.find(f"{_NAMESPACE}info/{_NAMESPACE}link[@rel='independent-parent']")
    if parent is not None:
        raise BadStyle(f"it only names another style, which to take in its place: {parent.get('href')}")
    if not (schema := _schema()).validate(root):
        first = schema.error_log[0]
        raise BadStyle(f"it does not follow CSL 1.0.2: {first.message}", first.line or 1)
    _check_macros(root)
    return root


@lru_cache(maxsize=1)
def _schema() -> Any:
    from citeproc import SCHEMA_PATH
    from lxml import etree

    return etree.RelaxNG(etree.parse(SCHEMA_PATH))


def _check_macros(root: Any) -> None:
    """Raise BadStyle where a macro is called that is not there, calls itself, or becomes too much with those that it calls."""
    macros = {macro.get("name"): macro for macro in root.findall(f"{_NAMESPACE}macro")}
    sizes: dict[str, int] = {}

    def size(element: Any, within: tuple[str, ...]) -> int:
        total = 0
        for child in element.iter(f"{_NAMESPACE}*"):
            total += 1
            name = child.get("macro")
            if name is None:
                continue
            if name not in macros:
                raise BadStyle(f'it calls a macro "{name}", which it does not have', child.sourceline)
            if name in within:
                raise BadStyle(f'its macro "{name}" calls itself', child.sourceline)
            if name not in sizes:
                sizes[name] = size(macros[name], (*within, name))
            total += sizes[name]
            if total > MOST_ELEMENTS:
                raise BadStyle(f"its macros call each other more than {MOST_ELEMENTS:,} times", child.sourceline)
        return total

    for part in ("citation", "bibliography"):
        if (element := root.find(f"{_NAMESPACE}{part}")) is not None:
            size(element, ())
