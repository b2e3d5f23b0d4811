"""Deletes rows that nobody asks for any more, so that tables written all the time stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from backend_server.repeating import repeat_forever

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

CLEAN_UP_SECONDS: Final = 10 * 60.0
# A heavy_computation that was away for longer builds its index anew.
KEEP_CHANGES_DAYS: Final = 7
# After their end: who opens an old link is told that it no longer works, whatever we still know.
KEEP_EXPIRED_CONFIRMATIONS_DAYS: Final = 30
# As long as the first answer is promised under an Idempotency-Key.
KEEP_IDEMPOTENCY_KEYS_DAYS: Final = 1
# For looking into what a mail provider told; what followed from it stays.
KEEP_WEBHOOK_EVENTS_DAYS: Final = 90
# What was opened matters to mails that are still to be sent.
KEEP_OPENED_POSTS_DAYS: Final = 30
# Each holds the posts as they were sent.
KEEP_DIGESTS_DAYS: Final = 30
# Bounds each delete, and so how long its locks are held.
DELETE_AT_ONCE: Final = 5_000

# A reader's position is the last change that it has read. So a change goes only when the one after
# it is old: who stopped less than KEEP_CHANGES_DAYS ago finds its own, however quiet it was then,
# and the last change always stays. What a reader may not read yet is not counted at all.
_DELETE_CHANGES: Final = """
    with oldest as (
        select number, lead(changed_at) over (order by transaction_id, number) as next_changed_at
        from (
            select number, transaction_id, changed_at from changes
            where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            order by transaction_id, number
            limit %(limit)s + 1
        ) first
    ), removed as (
        delete from changes using oldest
        where changes.number = oldest.number
          and oldest.next_changed_at < now() - make_interval(days => %(days)s)
        returning changes.transaction_id, changes.number
    ), remembered as (
        insert into removed_changes (transaction_id, number)
        select transaction_id, number from removed order by transaction_id desc, number desc limit 1
        on conflict (only_row) do update
        set transaction_id = excluded.transaction_id, number = excluded.number, removed_at = now()
        where (removed_changes.transaction_id, removed_changes.number)
            < (excluded.transaction_id, excluded.number)
    )
    select from removed"""

_DELETE_CONFIRMATIONS: Final = """
    delete from email_confirmations
    where id in (
        select id from email_confirmations
        where expires_at < now() - make_interval(days => %(days)s)
        limit %(limit)s)"""

_DELETE_IDEMPOTENCY_KEYS: Final = """
    delete from idempotency_keys
    where (member_id, key) in (
        select member_id, key from idempotency_keys
        where created_at < now() - make_interval(days => %(days)s)
        limit %(limit)s)"""

# Addresses are judged by the events of these days; a verdict that was reached stays.
_DELETE_WEBHOOK_EVENTS: Final = """
    delete from webhook_events
    where id in (
        select id from webhook_events
        where received_at < now() - make_interval(days => %(days)s)
        limit %(limit)s)"""

_DELETE_OPENED_POSTS: Final = """
    delete from opened_posts
    where (member_id, post_id) in (
        select member_id, post_id from opened_posts
        where opened_at < now() - make_interval(days => %(days)s)
        limit %(limit)s)"""

_DELETE_DIGESTS: Final = """
    delete from delivery_chunks
    where id in (
        select id from delivery_chunks
        where kind = 'digest' and finished_at < now() - make_interval(days => %(days)s)
        limit %(limit)s)"""


async def delete_old_rows_forever(pool: AsyncConnectionPool) -> None:
    """Several workers may do so at once."""
    await repeat_forever(
        lambda: delete_old_rows(pool),
        every_seconds=CLEAN_UP_SECONDS,
        event_when_put_off="clean_up_put_off",
    )


async def delete_old_rows(pool: AsyncConnectionPool) -> None:
    await _delete(pool, _DELETE_CHANGES, KEEP_CHANGES_DAYS)
    await _delete(pool, _DELETE_CONFIRMATIONS, KEEP_EXPIRED_CONFIRMATIONS_DAYS)
    await _delete(pool, _DELETE_IDEMPOTENCY_KEYS, KEEP_IDEMPOTENCY_KEYS_DAYS)
    await _delete(pool, _DELETE_WEBHOOK_EVENTS, KEEP_WEBHOOK_EVENTS_DAYS)
    await _delete(pool, _DELETE_OPENED_POSTS, KEEP_OPENED_POSTS_DAYS)
    await _delete(pool, _DELETE_DIGESTS, KEEP_DIGESTS_DAYS)


async def _delete(pool: AsyncConnectionPool, statement: str, days: int) -> None:
    parameters: dict[str, Any] = {"days": days, "limit": DELETE_AT_ONCE}
    deleted = DELETE_AT_ONCE
    while deleted == DELETE_AT_ONCE:
        async with pool.connection() as connection:
            deleted = (await connection.execute(statement, parameters)).rowcount
