"""The specification's own suite passes through Traefik."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Final

from system_tests.kubernetes.cluster import forwarded, web_url
from system_tests.kubernetes.report import Line

INBOX_PORT: Final = 8025
SUITE_SECONDS: Final = 1_200
SUMMARY: Final = re.compile(r"(?m)^=*\s*(\d+ (?:passed|failed|error).*? in .*?)\s*=*$")


def check() -> list[Line]:
    with forwarded("deployment/mailer", INBOX_PORT) as inbox_url:
        suite = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "--quiet", "system_tests/specification"),
                *("--url", f"{web_url()}/api", "--inbox-url", inbox_url),
            ],
            capture_output=True,
            text=True,
            timeout=SUITE_SECONDS,
        )
    if suite.returncode:
        sys.stdout.write(suite.stdout)
    found = SUMMARY.findall(suite.stdout)
    measured = found[-1] if found else suite.stdout[-60:]
    return [Line("conformance through Traefik", "all pass", measured, suite.returncode == 0)]
