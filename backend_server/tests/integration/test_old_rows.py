import asyncio
from uuid import uuid4

import psycopg
import pytest
from backend_database import Tables
from psycopg_pool import AsyncConnectionPool

from backend_server import old_rows
from backend_server.old_rows import KEEP_CHANGES_DAYS, KEEP_EXPIRED_CONFIRMATIONS_DAYS


def clean_up(database_url: str) -> None:
    async def run() -> None:
        async with AsyncConnectionPool(database_url, open=False) as pool:
            await old_rows.delete_old_rows(pool)

    asyncio.run(run())


def add_changes(tables: Tables, *ages_in_days: float) -> None:
    for days in ages_in_days:
        tables.execute(
            """insert into changes (kind, operation, subject_id, changed_at)
               values ('post', 'upsert', %s, now() - make_interval(secs => %s))""",
            uuid4(),
            days * 86_400,
        )


def kept_numbers(tables: Tables) -> list[int]:
    return [number for (number,) in tables.rows("select number from changes order by number")]


def test_changes_go_but_for_the_last_that_a_reader_of_a_week_ago_had_read(
    database_url: str, tables: Tables
) -> None:
    old, new = KEEP_CHANGES_DAYS + 1, KEEP_CHANGES_DAYS - 1
    add_changes(tables, old, old, old, new, 0)
    clean_up(database_url)
    assert kept_numbers(tables) == [3, 4, 5]


def test_the_last_change_stays_however_old_it_is(database_url: str, tables: Tables) -> None:
    add_changes(tables, 1_000, 1_000)
    clean_up(database_url)
    clean_up(database_url)
    assert kept_numbers(tables) == [2]


def test_readers_are_told_up_to_which_change_all_were_removed(
    database_url: str, tables: Tables
) -> None:
    told = "select number from published.removed_changes"
    clean_up(database_url)
    assert tables.rows(told) == []
    add_changes(tables, 100, 100, 100)
    clean_up(database_url)
    assert tables.value(told) == 2
    add_changes(tables, 100, 0)
    clean_up(database_url)
    assert tables.value(told) == 3


def test_many_changes_go_some_at_a_time(
    database_url: str, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "DELETE_AT_ONCE", 3)
    add_changes(tables, *[100] * 11)
    clean_up(database_url)
    assert kept_numbers(tables) == [11]


def test_a_change_that_no_reader_may_read_yet_stays(database_url: str, tables: Tables) -> None:
    with psycopg.connect(database_url) as slow:
        slow.execute("select pg_current_xact_id()")
        add_changes(tables, 100, 100, 100)
        clean_up(database_url)
        assert kept_numbers(tables) == [1, 2, 3]
    clean_up(database_url)
    assert kept_numbers(tables) == [3]


def test_confirmations_that_ended_long_ago_go(database_url: str, tables: Tables) -> None:
    tables.execute(
        """with alice as (
               insert into users (username, username_key, email, email_key, password_hash)
               values ('alice', 'alice', 'a@b.c', 'a@b.c', '') returning id)
           insert into email_confirmations (user_id, email, expires_at)
           select id, 'a@b.c', now() - make_interval(days => days)
           from alice, unnest(%s::int[]) days""",
        [KEEP_EXPIRED_CONFIRMATIONS_DAYS + 1, KEEP_EXPIRED_CONFIRMATIONS_DAYS - 1],
    )
    clean_up(database_url)
    assert tables.count("email_confirmations") == 1


def test_idempotency_keys_go_after_a_day_and_webhook_events_after_ninety(
    database_url: str, tables: Tables
) -> None:
    tables.execute(
        """with alice as (
               insert into users (username, username_key, email, email_key, password_hash)
               values ('alice', 'alice', 'a@b.c', 'a@b.c', '') returning id)
           insert into idempotency_keys (member_id, key, request_digest, created_at)
           select id, hours::text, '', now() - make_interval(hours => hours)
           from alice, unnest('{23, 25}'::int[]) hours"""
    )
    tables.execute(
        """insert into webhook_events (id, body, received_at)
           select days::text, '', now() - make_interval(days => days)
           from unnest('{89, 91}'::int[]) days"""
    )
    clean_up(database_url)
    assert tables.rows("select key from idempotency_keys") == [("23",)]
    assert tables.rows("select id from webhook_events") == [("89",)]


def test_opened_posts_and_sent_digests_go_after_a_month(database_url: str, tables: Tables) -> None:
    tables.execute(
        """with alice as (
               insert into users (username, username_key, email, email_key, password_hash)
               values ('alice', 'alice', 'a@b.c', 'a@b.c', '') returning id
           ), posts as (
               insert into posts (author_id, title, content)
               select id, days::text, 'x' from alice, unnest('{29, 31}'::int[]) days
               returning id, author_id, title)
           insert into opened_posts (member_id, post_id, opened_at)
           select author_id, id, now() - make_interval(days => title::int) from posts"""
    )
    tables.execute(
        """insert into delivery_chunks (kind, number, idempotency_key, state, finished_at)
           select 'digest', 0, days::text, 'accepted', now() - make_interval(days => days)
           from unnest('{29, 31}'::int[]) days"""
    )
    clean_up(database_url)
    kept = "select title from opened_posts join posts on posts.id = post_id"
    assert tables.rows(kept) == [("29",)]
    assert tables.rows("select idempotency_key from delivery_chunks") == [("29",)]
