"""Deployments of the test letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Folder

from weekahead.build.deployment import Deployment, deploy
from weekahead.model.findings import BuildError


@pytest.fixture
def noon_without_git_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The instant of the test letters, and a git that neither knows nor guesses who runs the tests."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644433200")  # 2022-02-09T12:00:00-07:00
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")


def rebuilt(letter: Folder) -> Deployment:
    letter.build(as_of=None)  # type: ignore[arg-type]
    return deploy(letter.root)


def refusal(root: Path, **how: bool) -> tuple[str, str, str]:
    """Rule, message and hint of the one thing that is wrong."""
    with pytest.raises(BuildError) as refused:
        deploy(root, **how)
    (found,) = refused.value.findings
    return found.rule, found.message, found.hint
