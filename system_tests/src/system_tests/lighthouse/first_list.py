"""How long somebody who has never been here waits for the first posts, on a phone."""

from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser

BITS_IN_A_BYTE = 8
A_POST = "article .post-link"
SHOWN_AFTER = f"""() => new Promise((resolve) => {{
    const look = () => {{
        if (!document.querySelector('{A_POST}')) return requestAnimationFrame(look)
        // Painted with the next frame.
        requestAnimationFrame(() => resolve(performance.now()))
    }}
    look()
}})"""


@dataclass(frozen=True)
class Phone:
    """What a phone and its network are like, compared with this machine."""

    name: str
    width: int
    height: int
    times_slower: float
    latency_ms: int
    down_bits_per_second: int
    up_bits_per_second: int


# The "mid-tier mobile" and "Fast 4G" of Chromium's developer tools.
PHONE = Phone(
    "a mid-range phone (CPU 4x slower, 165 ms, 8.1 Mbit/s)", 360, 740, 4, 165, 8_100_000, 1_350_000
)


@dataclass(frozen=True)
class FirstList:
    """Milliseconds from asking for the page to the frame with the first post, of each round."""

    milliseconds: list[float]

    @property
    def median_ms(self) -> float:
        return median(self.milliseconds)

    @property
    def shown(self) -> str:
        return ", ".join(f"{one:.0f}" for one in sorted(self.milliseconds))


def measure_first_list(browser: Browser, web_url: str, rounds: int) -> FirstList:
    return FirstList([_visit(browser, web_url) for _ in range(rounds)])


def _visit(browser: Browser, web_url: str) -> float:
    """One first visit: nothing in the cache, no service worker."""
    context = browser.new_context(viewport={"width": PHONE.width, "height": PHONE.height})
    try:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": PHONE.times_slower})
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": PHONE.latency_ms,
                "downloadThroughput": PHONE.down_bits_per_second / BITS_IN_A_BYTE,
                "uploadThroughput": PHONE.up_bits_per_second / BITS_IN_A_BYTE,
            },
        )
        page.goto(web_url, wait_until="commit")
        return float(page.evaluate(SHOWN_AFTER))
    finally:
        context.close()
