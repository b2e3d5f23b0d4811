"""A connection to Postgres on which nobody waits for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from psycopg.abc import PQGen

Answer = TypeVar("Answer")

# Between two looks whether it has been long enough.
LOOK_SECONDS: Final = 0.1


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives up a statement whose server is silent, though the network says that it is there.

    That is what a stopped process or a stuck disk looks like: the kernel goes on acknowledging, so
    no timeout of TCP ends the wait, and the server cannot keep to its own timeout. Raises
    `psycopg.OperationalError` and is closed then.
    """

    # Longer than the server lets a statement run, so that it is the server that ends it, if it can.
    longest_answer_seconds: ClassVar[float] = 6.0

    def wait(
        self, gen: PQGen[Answer], interval: float = LOOK_SECONDS, timeout: float | None = None
    ) -> Answer:
        try:
            return super().wait(gen, interval, timeout or self.longest_answer_seconds)
        except psycopg.OperationalError:
            # A late answer would be taken for that to the next statement.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise
