"""Runs Lighthouse on one page, as the phone it imagines, and reads what it says."""

import json
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from system_tests.browser import ARGUMENTS

PROGRAM = Path("system_tests/lighthouse/node_modules/lighthouse/cli/index.js")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ROUND_SECONDS = 180
# What performance is made of: milliseconds, of shifts a share of the window.
METRICS = {
    "first-contentful-paint": "FCP",
    "speed-index": "SI",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
}
# Of one round: now and then Chromium's trace lacks its beginning, and Lighthouse says "run again".
TRIES = 5


@dataclass(frozen=True)
class Audit:
    """What Lighthouse makes of a page.

    Attributes:
        page: its name.
        scores: of 100, the median of all rounds, by category.
        metrics: the medians by their usual abbreviations, in milliseconds, CLS without a unit.
        benchmark_index: how fast the machine was, the median. Slowed down 4 times, one of 1,500 to
            2,000 is a mid-tier phone (Lighthouse's docs/throttling.md): with less it is none.
        findings: what costs points, in the last round.
        third_parties: hosts other than the page's own that were asked for anything, in any round.
    """

    page: str
    scores: dict[str, int]
    metrics: dict[str, float]
    benchmark_index: int
    findings: list[str]
    third_parties: list[str]


def audit(page: str, url: str, folder: Path, rounds: int) -> Audit:
    """Keeps the last report in the folder, to be opened in a browser.

    Raises:
        subprocess.CalledProcessError: Lighthouse could not load the page.
    """
    reports = [_run(url, folder / page.replace(" ", "-")) for _ in range(rounds)]
    scores = {
        category: round(median(_score(report, category) for report in reports))
        for category in CATEGORIES
    }
    metrics = {
        short: median(float(report["audits"][name]["numericValue"]) for report in reports)
        for name, short in METRICS.items()
    }
    speed = median(float(report["environment"]["benchmarkIndex"]) for report in reports)
    own = urlsplit(url).hostname
    asked = {host for report in reports for host in _hosts(report)}
    return Audit(page, scores, metrics, round(speed), _findings(reports[-1]), sorted(asked - {own}))


def _run(url: str, file: Path) -> dict[str, Any]:
    """The report of one round, kept as JSON and HTML."""
    for _ in range(TRIES - 1):
        with suppress(subprocess.CalledProcessError):
            _run_lighthouse(url, file)
            break
    else:
        _run_lighthouse(url, file)
    report: dict[str, Any] = json.loads(Path(f"{file}.report.json").read_text(encoding="utf-8"))
    return report


def _run_lighthouse(url: str, file: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("chromium")
    subprocess.run(
        [
            "node",
            str(PROGRAM),
            url,
            "--quiet",
            "--no-enable-error-reporting",
            f"--only-categories={','.join(CATEGORIES)}",
            "--output=json",
            "--output=html",
            f"--output-path={file}",
            f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS])}",
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        check=True,
        timeout=ROUND_SECONDS,
    )


def _score(report: dict[str, Any], category: str) -> float:
    return 100 * float(report["categories"][category]["score"])


def _findings(report: dict[str, Any]) -> list[str]:
    """Whatever is weighed and not perfect."""
    weighed = {
        reference["id"]
        for category in CATEGORIES
        for reference in report["categories"][category]["auditRefs"]
        if reference["weight"] > 0
    }
    audits = (report["audits"][name] for name in sorted(weighed))
    return [
        f"{found['title']} {found.get('displayValue', '')}".rstrip()
        for found in audits
        if found["score"] is not None and found["score"] < 1
    ]


def _hosts(report: dict[str, Any]) -> set[str]:
    requests = report["audits"]["network-requests"]["details"]["items"]
    hosts = (urlsplit(request["url"]).hostname for request in requests)
    return {host for host in hosts if host is not None}
