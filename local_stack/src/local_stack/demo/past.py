"""Moves the demo's posts into the past: the API writes in the present only."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import psycopg

DAYS_OF_HISTORY = 40
# People write between these hours.
FIRST_HOUR, LAST_HOUR = 6, 23
# Always the same past.
SEED = 1851

# A post's id holds its time, and an id is never changed: a copy takes the place of the original.
# The index hears of both by way of the change table.
COPY_INTO_THE_PAST = """
insert into posts (id, author_id, title, content, language, tags, created_at, updated_at)
select uuidv7(%(moment)s - clock_timestamp()), author_id, title, content,
       coalesce(language, %(language)s), tags, %(moment)s, %(moment)s
from posts where id = %(id)s
"""


@dataclass(frozen=True)
class WrittenPost:
    id: str
    language: str


def confirm_addresses(database_url: str, usernames: Sequence[str]) -> None:
    """As if everybody had opened the confirmation mail; and gives them back the weeks before."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "update users set email_confirmed_at = now(), created_at = now() - %s"
            " where username = any(%s) and email_confirmed_at is null",
            [timedelta(days=DAYS_OF_HISTORY), list(usernames)],
        )


def describe(database_url: str, username: str, bio: str, language: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "update users set bio = %s, language = %s where username = %s",
            [bio, language, username],
        )


def move_into_the_past(database_url: str, written: Sequence[WrittenPost]) -> None:
    """Spreads the posts, oldest first, over the last weeks."""
    with psycopg.connect(database_url) as connection:
        for post, moment in zip(written, _moments(len(written)), strict=True):
            connection.execute(COPY_INTO_THE_PAST, {**asdict(post), "moment": moment})
            connection.execute("delete from posts where id = %s", [post.id])


def _moments(count: int) -> list[datetime]:
    chance = random.Random(SEED)  # noqa: S311  (a past, not a secret)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    moments = []
    for _ in range(count):
        day = today - timedelta(days=chance.randint(1, DAYS_OF_HISTORY))
        seconds = chance.uniform(FIRST_HOUR * 3600, LAST_HOUR * 3600)
        moments.append(day + timedelta(seconds=seconds))
    return sorted(moments)
