"""Waits for what happens soon, but not at once."""

import time
from collections.abc import Callable

# Seconds until something that is due has happened, on a slow machine too.
SOON_SECONDS = 30.0
POLL_SECONDS = 0.1


def wait_until(
    happened: Callable[[], object],
    what: str,
    seconds: float = SOON_SECONDS,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Returns once `happened()` is true.

    Raises TimeoutError, which names `what` did not happen, after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(poll_seconds)
