"""Looks for barriers on a page with axe-core, which the client installs for its own tests."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "client" / "node_modules" / "axe-core" / "axe.min.js"

# What fades away has too little contrast for a moment. What moves for ever is not waited for.
IS_STILL = """() => document.getAnimations().every(
    ({ playState, effect }) =>
        playState !== "running" || effect.getComputedTiming().endTime === Infinity
)"""


def assert_without_barriers(page: Page) -> None:
    """Fails with the rules that are broken, and by which elements, once nothing moves any more."""
    page.wait_for_function(IS_STILL)
    # Evaluated by the debugger, so the page's content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    broken = {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in result["violations"]}
    assert not broken, (page.url, broken)
