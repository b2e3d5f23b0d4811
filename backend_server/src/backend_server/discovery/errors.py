"""What can go wrong in discovery."""

from __future__ import annotations

from backend_server.errors import Busy, PartUnavailable


class SearchUnavailable(PartUnavailable):
    """Search is down. Try again later."""

    code = "search_unavailable"


class SearchBusy(Busy):
    """Too much is being searched at the moment. Try again soon."""

    code = "search_busy"
