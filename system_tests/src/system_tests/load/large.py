"""`python -m system_tests.load.large`: what lists cost when there is much. About three minutes.

Bars A4 (the feed) and A5 of docs/performance.md.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psycopg
from local_stack.postgres import Postgres, running_postgres
from local_stack.valkey import running_valkey

from system_tests.load.open_loop import milliseconds_at
from system_tests.load.servers import migrate, running_backend
from system_tests.person import Person

FEW_POSTS = 10_000
MANY_POSTS = 1_000_000
AUTHORS = 10_000
FOLLOWED = 1_000
RATE = 50
SECONDS = 10.0
MOST_FEED_P99_MILLISECONDS = 20.0
MOST_GROWTH = 2.0
WORKERS = 1

_AUTHORS = f"""
    insert into users (username, username_key, email, email_key, password_hash)
    select 'author_' || n, 'author_' || n, n || '@decoupled.dev', n || '@decoupled.dev', 'none'
    from generate_series(1, {AUTHORS}) n"""

# Nobody reads the changes here, so none are recorded. Ids are as if one post a second was written.
_POSTS = f"""
    alter table posts disable trigger user;
    insert into posts (id, author_id, title, content, tags, created_at)
    select uuidv7(written_at - now()), authors.id, 'Post ' || n || ' about nothing much',
           repeat('Words that fill a post of an ordinary length. ', 4) || n, '{{words,ordinary}}',
           written_at
    from generate_series(1, %(posts)s) n
    cross join lateral (select now() - (%(posts)s - n) * interval '1 second' as written_at) moment
    join (select id, row_number() over () as place from users) authors
      on authors.place = (n::bigint * 7919) %% {AUTHORS} + 1;
    alter table posts enable trigger user"""

_FOLLOW = f"""
    insert into follows (follower_id, author_id)
    select reader.id, authors.id
    from users reader, (select id from users where username like 'author%%'
                        order by username_key limit {FOLLOWED}) authors
    where reader.username_key = %s"""


def main() -> None:
    few = _measure(FEW_POSTS)
    many = _measure(MANY_POSTS)
    for name, path in many.items():
        growth = median(path) / median(few[name])
        verdict = "met" if growth <= MOST_GROWTH else "MISSED"
        print(
            f"A5 {name:22} p50 {median(few[name]):5.1f} ms at {FEW_POSTS:,} posts, "
            f"{median(path):5.1f} ms at {MANY_POSTS:,}: {growth:.1f}x "
            f"(≤ {MOST_GROWTH:.0f}x) {verdict}"
        )
    feed = _p99(many["/feed"])
    verdict = "met" if feed <= MOST_FEED_P99_MILLISECONDS else "MISSED"
    print(
        f"A4 /feed, {FOLLOWED:,} follows, {MANY_POSTS:,} posts, {RATE}/s open loop: "
        f"p99 {feed:.1f} ms (≤ {MOST_FEED_P99_MILLISECONDS:.0f} ms) {verdict}"
    )


def _measure(posts: int) -> dict[str, list[float]]:
    """Path → latencies, in milliseconds."""
    with _api(posts) as (url, database_url):
        name = f"reader_{secrets.token_hex(4)}"
        with Person.signed_in(url, name) as reader:
            (cookie,) = reader.http.cookies.jar
            with psycopg.connect(database_url) as connection:
                connection.execute(_FOLLOW, [reader.member.username])
        headers = {"Cookie": f"{cookie.name}={cookie.value}"}
        paths = ["/feed", "/posts", "/posts/author_7", "/users?prefix=author_9"]
        return {path: milliseconds_at(RATE, SECONDS, url, [path], headers) for path in paths}


@contextmanager
def _api(posts: int) -> Iterator[tuple[str, str]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder)) as postgres,
        running_valkey(Path(folder)) as valkey,
    ):
        migrate(postgres)
        fill(postgres, posts)
        with running_backend(postgres, valkey, WORKERS) as url:
            yield url, postgres.url


def fill(postgres: Postgres, posts: int) -> None:
    """With authors and their posts, in a database of whatever revision."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(_AUTHORS)
        for statement in _POSTS.split(";"):
            connection.execute(statement, {"posts": posts} if "%(" in statement else None)
        connection.execute("vacuum analyze")


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]


if __name__ == "__main__":
    main()
