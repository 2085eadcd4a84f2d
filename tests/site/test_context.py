"""Aspects of the letter: recorded as they are handed out, with digests that change whenever their values do."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Folder
from tests.random_letter import edits, letters, options, write_letter

from weekahead.build.site_plan import SitePlan
from weekahead.model.issue import Text
from weekahead.site.aspects import Aspect
from weekahead.site.output import Output
from weekahead.site.resolved_links import ResolvedLinks
from weekahead.theme.i18n import Translator

EDITS = int(os.environ.get("EDITS", "10"))
FIRST, THIRD = "issues/0001-first.md", "issues/0003-third.md"


def test_what_is_handed_out_is_recorded_in_order_and_once(folder: Folder) -> None:
    with folder.plan() as (plan, _), plan.site.context.recording() as recorded:
        context = plan.site.context
        assert context.card(THIRD).title == "Third letter"
        assert context.label(3) == "Week 3"
        assert context.address("archive/") == "/archive/"
        assert context.card(THIRD).number == 3
    assert [*recorded] == [("card", THIRD), ("translator", ""), ("cadence", ""), ("config", "")]


def test_whatever_is_put_together_from_aspects_has_them_recorded(folder: Folder) -> None:
    with folder.plan() as (plan, _):
        context = plan.site.context
        with context.recording() as recorded:
            assert context.published_at(THIRD).isoformat() == "2022-01-21T09:00:00-07:00"
        assert {*recorded} == {("card", THIRD), ("cadence", "")}
        with context.recording() as recorded:
            context.updated_at(THIRD)
        assert {*recorded} == {("card", THIRD), ("cadence", ""), ("details", THIRD)}
        with context.recording() as recorded:
            assert context.file_path(THIRD, "issues/dot.png") == "issues/3-third/dot.png"
        assert {*recorded} == {("card", THIRD)}
        with context.recording() as recorded:
            context.row(7)
        assert {*recorded} == {("number", "7")}
        with context.recording() as recorded:
            context.row(3)
        assert {*recorded} == {("number", "3"), ("card", THIRD)}


def test_a_record_holds_what_its_own_block_was_handed(folder: Folder) -> None:
    with folder.plan() as (plan, _), plan.site.context.recording() as outer:
        plan.site.context.card(FIRST)
        with plan.site.context.recording() as inner:
            plan.site.context.card(THIRD)
        plan.site.context.moves(FIRST)
    assert ([*outer], [*inner]) == ([("card", FIRST), ("moves", FIRST)], [("card", THIRD)])


def test_a_value_that_is_only_looked_at_is_not_recorded(folder: Folder) -> None:
    with folder.plan() as (plan, _), plan.site.context.recording() as recorded:
        assert plan.site.context.value(("card", FIRST)).title == "First letter"
        assert plan.site.context.digest(("card", FIRST))
    assert not recorded


def aspects_of(plan: SitePlan) -> list[Aspect]:
    """Every aspect that any file of a site is made from."""
    with plan.site.context.recording() as recorded:
        for file in plan.files.values():
            if isinstance(file, Output):
                file.context()
    return [*recorded]


def shown(value: Any) -> object:
    """A value as plain data, as far as a page can show it."""
    if isinstance(value, tuple):
        return [shown(part) for part in value]
    if isinstance(value, ResolvedLinks):
        return [(link.address, link.target.address) for link in value.led]
    return value.digest if isinstance(value, Text | Translator) else msgspec.to_builtins(value, enc_hook=str)


@settings(max_examples=EDITS)
@given(st.data())
def test_an_aspect_whose_value_changes_has_another_digest(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as room:
        folder, before = Folder(Path(room) / "letter"), data.draw(letters())
        write_letter(folder, before)
        with folder.plan(**options(before)) as (plan, _):
            context, aspects = plan.site.context, [one for one in aspects_of(plan) if one[0] != "template"]
            was = {aspect: (context.digest(aspect), shown(context.value(aspect))) for aspect in aspects}
        after = before | data.draw(edits(before))
        write_letter(folder, after, before)
        with folder.plan(**options(after)) as (plan, _):
            context = plan.site.context
            now = {aspect: (context.digest(aspect), shown(context.value(aspect))) for aspect in aspects}
    assert [aspect for aspect in aspects if was[aspect][0] == now[aspect][0] and was[aspect][1] != now[aspect][1]] == []
