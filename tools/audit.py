"""Look for known vulnerabilities in what requirements.txt locks, with pip-audit: python tools/audit.py

Exit status: 0 all packages were looked up and none has any, 1 some have, 75 some or all could not be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
AUDITOR = REPOSITORY / ".audit/bin/pip-audit"
"""In an environment of its own, so that it neither changes what is audited nor belongs to it."""
SERVICES = ("pypi", "osv")
"""Where the known vulnerabilities are; the second is asked if the first does not answer."""
UNKNOWN = 75


def main() -> int:
    """Audit the locked packages, print what was found, and return the exit status."""
    reasons = []
    for service in SERVICES:
        command = [str(AUDITOR), "--requirement", "requirements.txt", "--require-hashes", "--disable-pip"]
        command += ["--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        try:
            packages = json.loads(done.stdout)["dependencies"]
        except ValueError:
            reasons.append(f"{service}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no answer'}")
            continue
        lines, status = report(packages)
        if status != UNKNOWN or service == SERVICES[-1]:
            print("\n".join(lines))
            return status
        reasons.append(f"{service}: {lines[-1]}")
    print("Nothing was audited: the data about vulnerabilities could not be reached.", *reasons, sep="\n    ")
    return UNKNOWN


def report(packages: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return what pip-audit found in packages as lines, and the exit status."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    lines = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, "
        + (f"fixed in {', '.join(vulnerability['fix_versions'])}" if vulnerability["fix_versions"] else "not fixed yet")
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    status = 1 if lines else UNKNOWN if skipped or not packages else 0
    lines.append(f"{len(packages) - len(skipped)} of {len(packages)} packages audited, vulnerabilities: {len(lines)}.")
    if skipped:
        names = "any" if len(skipped) == len(packages) else ", ".join(skipped)
        lines.append(f"NOT audited, because the service does not know {names}.")
    return lines, status


if __name__ == "__main__":
    sys.exit(main())
