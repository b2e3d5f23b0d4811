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


class PageCache:
    """Asks the database each time, but only for what may have changed, and once for all who wait.

    Two statements that see the same snapshot see the same rows. So the last snapshot goes along
    with the query, and Postgres reads the page only when its own is another. And each answer comes
    from a statement that began after the question: no answer is stale.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _KeptPage] = OrderedDict()
        self._lock = Lock()
        self._reads: SharedRuns[Page] = SharedRuns()

    def fetch(self, database: Database, query: str, parameters: Mapping[str, Any]) -> Page:
        """`query` is made by `unless_seen`."""
        key = (query, *parameters.values())
        return self._reads.run(key, lambda: self._read(database, key, query, parameters))

    def _read(
        self, database: Database, key: Hashable, query: str, parameters: Mapping[str, Any]
    ) -> Page:
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept.read_at > LONGEST_AGE_SECONDS:
            kept = None
        seen_snapshot = kept.snapshot if kept else None
        with database.reading() as connection:
            row = connection.execute(
                query, {**parameters, "seen_snapshot": seen_snapshot}
            ).fetchone()
        snapshot, items, last_id = cast("tuple[str, str, str | None]", row)
        if kept is not None and snapshot == kept.snapshot:
            return kept.page
        page = Page(items.encode(), last_id)
        self._keep(key, _KeptPage(page, snapshot, time.monotonic()))
        return page

    def _keep(self, key: Hashable, page: _KeptPage) -> None:
        with self._lock:
            self._kept[key] = page
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)


def unless_seen(query: str) -> str:
    """One row: the snapshot, then the query's `items` and `last_id` unless it was seen already."""
    return f"""
        with page as materialized ({query}),
        now as (select pg_current_snapshot()::text as snapshot)
        select snapshot,
               case when is_new then (select items from page) end,
               case when is_new then (select last_id from page) end
        from (select snapshot, snapshot is distinct from %(seen_snapshot)s as is_new from now) now
        """  # noqa: S608 (the query is a constant of ours)
