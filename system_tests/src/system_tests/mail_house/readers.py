"""Many members at once, as only a database makes them."""

import psycopg

from system_tests.members import unique_suffix

_READERS = """
    insert into users (username, username_key, email, email_key, email_confirmed_at, password_hash)
    select name, name, name || '@decoupled.dev', name || '@decoupled.dev', now(), ''
    from (select %(prefix)s || number as name from generate_series(1, %(count)s) number) names
    returning id"""

_FOLLOW = """
    insert into follows (follower_id, author_id, created_at)
    select readers.id, authors.id, now()
    from users readers, users authors
    where readers.username_key like %(prefix)s || '%%'
      and authors.username_key = lower(%(author)s)"""


def add_members(connection: psycopg.Connection, count: int) -> list[str]:
    """Confirmed addresses of new members."""
    prefix = f"m{unique_suffix()}x"
    connection.execute(_READERS, {"prefix": prefix, "count": count})
    # Otherwise what follows is planned for the few that there were.
    connection.execute("analyze users")
    return [f"{prefix}{number}@decoupled.dev" for number in range(1, count + 1)]


def add_followers(connection: psycopg.Connection, author: str, count: int) -> list[str]:
    """Addresses of new members who want each post of the author mailed at once."""
    addresses = add_members(connection, count)
    prefix = addresses[0].partition("x")[0] + "x"
    connection.execute(_FOLLOW, {"prefix": prefix, "author": author})
    connection.execute("analyze follows")
    return addresses
