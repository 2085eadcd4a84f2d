"""Deployments of the test letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Folder

from weekahead.build.deployment import Deployment, deploy
from weekahead.model.findings import BuildError


def rebuilt(letter: Folder) -> Deployment:
    letter.build(as_of=None)
    return deploy(letter.root)


def refusal(root: Path, **how: bool) -> tuple[str, str, str]:
    """Rule, message and hint of the one thing that is wrong."""
    with pytest.raises(BuildError) as refused:
        deploy(root, **how)
    (found,) = refused.value.findings
    return found.rule, found.message, found.hint
