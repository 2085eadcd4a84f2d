"""What a text costs grows with its length, whatever shape it has. No test here asserts a time.

Calls are counted instead, of Python's functions and those of C. What one such call costs is not seen: that no shape comes near
a generous budget shows the worst of it, and `python -m benchmarks.costs` measures the rest.
"""

from __future__ import annotations

import os
from functools import partial

import pytest
from benchmarks.shapes import SHAPES, text_of
from tests.conftest import some
from tests.harness import calls

from weekahead.markdown.renderer import convert

LENGTH = int(os.environ.get("LENGTH", "10000"))
"""Characters of the texts that must not come near the budget. `make markdown` tries longer ones."""
BUDGET = 10.0
"""CPU seconds; none of these texts takes one."""
MOST = 2.2
"""Times the calls of half the text."""


@pytest.mark.parametrize("shape", some([*SHAPES], 3))
def test_twice_the_text_costs_about_twice_as_much(shape: str) -> None:
    convert(text_of(shape, 100))  # what is made once costs nothing the second time
    once, twice = (calls(partial(convert, text_of(shape, length), BUDGET)) for length in (2000, 4000))
    assert twice <= MOST * once


@pytest.mark.parametrize("shape", some([*SHAPES], 6))
def test_no_shape_comes_near_the_budget(shape: str) -> None:
    faults = convert(text_of(shape, LENGTH), BUDGET).faults
    assert [fault for fault in faults if fault.rule == "too-slow"] == []
