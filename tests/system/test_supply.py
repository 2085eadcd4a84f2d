"""What weekahead is made of: licences of others are named as they declare them, and an audit says what it could not see."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from tools.audit import UNKNOWN, report

REPOSITORY = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
THIRD_PARTY = (REPOSITORY / "THIRD-PARTY.md").read_text("utf-8")


def installed() -> dict[str, str]:
    """Return every package that weekahead needs here, and what it declares as its licence."""
    found: dict[str, str] = {}
    names = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["references"]]
    while names:
        name = re.match(r"[\w.-]+", names.pop())
        assert name
        key = re.sub(r"[-_.]+", "-", name[0]).lower()
        if key in found:
            continue
        try:
            package = distribution(key)
        except PackageNotFoundError:
            continue  # for another version of Python
        data = package.metadata
        classifiers = [each for each in data.get_all("Classifier") or [] if each.startswith("License ::")]
        found[key] = " ".join([data["License-Expression"] or "", data["License"] or "", *classifiers])
        names += [each for each in package.requires or [] if "extra ==" not in each]
    return found


def family(licence: str) -> set[str]:
    """Return the kinds of licences that some words name."""
    kinds = {
        "MIT": r"\bMIT\b",
        "BSD": r"BSD",
        "Apache": r"Apache",
        "PSF": r"\bPSF",
        "LGPL": r"LGPL|Lesser",
        "GPL": r"(?<!L)GPL-",
    }
    return {kind for kind, pattern in kinds.items() if re.search(pattern, licence)}


def test_the_licence_of_every_package_is_named_as_it_declares_it() -> None:
    rows = dict(re.findall(r"(?m)^\| \**([\w-]+)\** \| \**([^|;]+?)\**(?:;[^|]*)? \| ", THIRD_PARTY))
    packages = installed()
    assert packages.keys() <= rows.keys()
    assert {name for name in packages if family(packages[name]) != family(rows[name])} == set()


def test_the_wheel_carries_the_licences() -> None:
    assert {
        "LICENSE",
        "THIRD-PARTY.md",
        "src/weekahead/site/glyphs-OFL.txt",
        "src/weekahead/book/typing-LICENSE.txt",
    } == set(PROJECT["license-files"])


KNOWN = {"id": "GHSA-1", "fix_versions": ["2.0"]}


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 of 1 packages audited, vulnerabilities: 0."),
        ([{"name": "a", "version": "1", "vulns": [KNOWN]}], 1, "a 1: GHSA-1, fixed in 2.0"),
        ([{"name": "a", "skip_reason": "not found"}], UNKNOWN, "NOT audited, because the service does not know any."),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "x"}],
            UNKNOWN,
            "NOT audited, because the service does not know b.",
        ),
        ([], UNKNOWN, "0 of 0 packages audited, vulnerabilities: 0."),
    ],
)
def test_an_audit_that_saw_nothing_is_no_success(packages: list[dict[str, object]], status: int, words: str) -> None:
    lines, found = report(packages)
    assert found == status
    assert words in lines
