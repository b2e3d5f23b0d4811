"""Asks each part of the system whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from backend_server.errors import PartUnavailable

if TYPE_CHECKING:
    from backend_server.database import Database
    from backend_server.services import Services


def states_of_parts(services: Services) -> Mapping[str, str]:
    """Part → `ok` or `down`; all are asked at once, so the slowest decides how long it takes."""
    questions = {
        "postgres": lambda: _answers(services.database),
        "redis": services.session_store.is_up,
        "heavy_computation": services.heavy_computation.is_serving,
        "mailer": services.mailer.is_serving,
    }
    with ThreadPoolExecutor(len(questions)) as pool:
        asked = {part: pool.submit(question) for part, question in questions.items()}
        return {part: "ok" if each.result() else "down" for part, each in asked.items()}


def _answers(database: Database) -> bool:
    try:
        with database.reading() as connection:
            connection.execute("select 1")
    except PartUnavailable:
        return False
    return True
