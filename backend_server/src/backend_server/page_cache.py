"""Pages of public lists, kept for as long as nothing changes in the database."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

from backend_server.revalidation import tag_of
from backend_server.shared_runs import SharedRuns

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from backend_server.database import Database

# Of one process: 256 pages of 50 posts are about 8 MB.
MOST_PAGES: Final = 256
# After a failover to another server, transaction ids may come again with other contents.
LONGEST_AGE_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Page:
    # A JSON array.
    items: bytes
    # What the next page starts below; None on the last page.
    last_id: str | None

    @property
    def is_empty(self) -> bool:
        return self.items == b"[]"

    @cached_property
    def tag(self) -> str:
        """Of what it holds: made once for all who get it."""
        return tag_of((self.last_id or "").encode(), self.items)


@dataclass(frozen=True, slots=True)
class _KeptPage:
    page: Page
    # What was visible when it was read; see pg_current_snapshot() in Postgres's documentation.
    snapshot: str
    read_at: float

    @property
    def is_old(self) -> bool:
        return time.monotonic() - self.read_at > LONGEST_AGE_SECONDS


class PageCache:
    """Asks the database each time, but only what is visible now, and once for all who wait.

    Two statements that see the same snapshot see the same rows: a page that was read in the one
    that is visible now is what would be read. And each snapshot comes from a statement that began
    after the question: no answer is stale.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _KeptPage] = OrderedDict()
        self._lock = Lock()
        # Whichever page somebody wants, the question is the same.
        self._snapshots: SharedRuns[str] = SharedRuns()
        self._reads: SharedRuns[Page] = SharedRuns()

    def fetch(self, database: Database, query: str, parameters: Mapping[str, Any]) -> Page:
        """`query` is made by `with_snapshot`."""
        key = (query, *parameters.values())
        return self._kept_page(database, key) or self._reads.run(
            key, lambda: self._read(database, key, query, parameters)
        )

    def _kept_page(self, database: Database, key: Hashable) -> Page | None:
        """None unless it is as it would be read now."""
        with self._lock:
            is_kept = key in self._kept
        if not is_kept:
            return None
        visible = self._snapshots.run(None, lambda: _visible_snapshot(database))
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.snapshot != visible or kept.is_old:
                return None
            self._kept.move_to_end(key)
        return kept.page

    def _read(
        self, database: Database, key: Hashable, query: str, parameters: Mapping[str, Any]
    ) -> Page:
        with database.reading() as connection:
            row = connection.execute(query, parameters).fetchone()
        snapshot, items, last_id = cast("tuple[str, str, str | None]", row)
        page = Page(items.encode(), last_id)
        self._keep(key, _KeptPage(page, snapshot, time.monotonic()))
        return page

    def _keep(self, key: Hashable, page: _KeptPage) -> None:
        with self._lock:
            self._kept[key] = page
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)


def with_snapshot(query: str) -> str:
    """One row: the snapshot it is read in, then the query's `items` and `last_id`."""
    return f"select pg_current_snapshot()::text, items, last_id from ({query}) page"  # noqa: S608 (a constant of ours)


def _visible_snapshot(database: Database) -> str:
    with database.reading() as connection:
        row = connection.execute("select pg_current_snapshot()::text").fetchone()
    return cast("tuple[str]", row)[0]
