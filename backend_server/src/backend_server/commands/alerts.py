"""Lists when wrong guesses at reset codes shut resets for everybody."""

from __future__ import annotations

import argparse
from typing import Final

from backend_server.accounts import reset_guesses
from backend_server.commands.operation import operating, say

MOST_ALERTS: Final = 50


def run(_arguments: argparse.Namespace) -> None:
    with operating() as services, services.database.reading() as connection:
        alerts = reset_guesses.list_alerts(connection, MOST_ALERTS)
    for alert in alerts:
        say(
            f"{alert.opened_at:%Y-%m-%d %H:%M:%S} UTC: {alert.guesses} wrong guesses within "
            f"{alert.counted_over}; resets were shut until {alert.shut_until:%H:%M:%S} UTC."
        )
    if not alerts:
        say("Resets were never shut.")
