"""What tests do with the database beside the API: many people at once, and a look at the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

_MANY_FOLLOWERS = """
    with followers as (
        insert into users (username, username_key, email, email_key, email_confirmed_at,
                           password_hash)
        select name, name, name || '@decoupled.dev', name || '@decoupled.dev', now(), ''
        from (select 'follower' || number as name from generate_series(1, %(count)s) number) names
        returning id
    )
    insert into follows (follower_id, author_id)
    select followers.id, authors.id
    from followers, users authors
    where authors.username = %(author)s"""

_TABLES = "select tablename from pg_tables where schemaname = 'public'"

_COLUMNS_WITH_MEMBERS = """
    select conrelid::regclass::text, attname
    from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'users'::regclass"""


class Tables:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, *parameters: object) -> None:
        self._connection.execute(statement, parameters)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, parameters).fetchall()

    def value(self, query: str, *parameters: object) -> Any:
        """The only column of the only row."""
        ((value,),) = self.rows(query, *parameters)
        return value

    def count(self, table: str) -> int:
        query = psycopg.sql.SQL("select count(*) from {}").format(psycopg.sql.Identifier(table))
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def add_followers(self, author: str, count: int) -> None:
        """With confirmed addresses, who want mail at once."""
        self.execute_named(_MANY_FOLLOWERS, author=author, count=count)

    def execute_named(self, statement: str, **parameters: object) -> None:
        self._connection.execute(statement, parameters)

    def confirm_email(self, *usernames: str) -> None:
        self.execute(
            "update users set email_confirmed_at = now() where username = any(%s)",
            list(usernames),
        )

    def delivered_to(self, post_id: str) -> list[str]:
        """Usernames of those in a chunk of the post, in alphabetical order."""
        query = """
            select users.username from deliveries join users on users.id = deliveries.member_id
            where deliveries.post_id = %s order by users.username"""
        return [username for (username,) in self.rows(query, post_id)]

    def everything(self) -> dict[str, list[str]]:
        """Every row of every table, as JSON."""
        names = [name for (name,) in self.rows(_TABLES)]
        return {name: self.rows_as_json(name) for name in names}

    def rows_as_json(self, table: str, where: str = "true") -> list[str]:
        query = f"select to_jsonb(each)::text from {table} each where {where} order by 1"
        return [row for (row,) in self._connection.execute(query.encode()).fetchall()]

    def belonging_to(self, user_id: str) -> dict[str, list[str]]:
        """Every row that refers to the member, but not who follows them."""
        owned = [("users", "id"), *self.columns_with_members()]
        return {
            f"{table}.{column}": self.rows_as_json(table, f"{column} = '{user_id}'")
            for table, column in owned
            if (table, column) != ("follows", "author_id")
        }

    def columns_with_members(self) -> list[tuple[str, str]]:
        """Table and column of each reference to a member."""
        return [(table, column) for table, column in self.rows(_COLUMNS_WITH_MEMBERS)]

    def queued(self, task: str) -> int:
        query = "select count(*) from procrastinate_jobs where task_name = %s and status = 'todo'"
        return int(self.value(query, task))


@pytest.fixture
def tables(database_url: str) -> Iterator[Tables]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield Tables(connection)
