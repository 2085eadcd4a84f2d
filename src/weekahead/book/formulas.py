"""Formulas as drawings, for media that do not show MathML."""

from __future__ import annotations

import base64
import logging

from weekahead.book.elements import Element, write

SIZE = 10.4
"""Points of the letters of a formula, in a text of ten points."""


def drawn(formula: Element) -> Element:
    """Return a formula as a picture whose words are its TeX; those words alone where it cannot be drawn."""
    from ziamath.zmath import Math

    source = next((each.text() for each in formula.all("annotation")), formula.text())
    content = next(formula.all("mrow"), None)
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # ziamath says there which elements it leaves out
    try:
        made = Math(f"<math>{write(content or Element('mrow', {}, [formula.text()]))}</math>", size=SIZE)
        svg, below = made.svg(), made.getyofst()
        wide, high = made.getsize()
    except Exception:
        return Element("code", {}, [source])
    finally:
        logging.disable(before)
    data = base64.b64encode(svg.encode()).decode()
    place = f"width:{wide:.2f}pt;height:{high:.2f}pt;vertical-align:{below:.2f}pt"
    looks = "formula block" if formula.attributes.get("display") == "block" else "formula"
    return Element("img", {"class": looks, "style": place, "alt": source, "src": f"data:image/svg+xml;base64,{data}"})
