"""A reader that comes back a million changes behind."""

import time

import psycopg

from system_tests.heavy_faults.site import Site
from system_tests.heavy_faults.table import Row

PATIENCE_SECONDS = 900.0
_AUTHOR = """
    insert into users (username, username_key, email, email_key, password_hash)
    values ('many', 'many', 'many@decoupled.dev', 'many@decoupled.dev', 'none') returning id"""
_WRITE = """
    insert into posts (author_id, title, content)
    select %s, 'Post ' || n, 'Words of an ordinary post, this one being number ' || n
    from generate_series(1, %s) n"""
_EDIT = """
    update posts set content = 'Edited, in round ' || %s || ': ' || id
    where author_id = (select id from users where username = 'many')"""


def behind(site: Site, changes: int, rounds: int = 5) -> Row:
    """`changes` edits, each post edited `rounds` times while nobody follows."""
    row = Row(f"{changes:,} changes behind")
    with psycopg.connect(site.postgres.url, autocommit=True) as connection:
        author = connection.execute(_AUTHOR).fetchone()
        connection.execute(_WRITE, [author[0] if author else None, changes // rounds])
        site.service.seconds_until_at(site.position(), PATIENCE_SECONDS)
        site.service.stop()
        for number in range(rounds):
            connection.execute(_EDIT, [number])
    began = time.perf_counter()
    site.service.start()
    site.service.process.wait_until(site.service.is_serving, PATIENCE_SECONDS)
    behind_when_serving = site.service.measured("heavy_computation_lag_positions")
    row.seconds.append(site.service.seconds_until_at(site.position(), PATIENCE_SECONDS))
    took = time.perf_counter() - began
    row.remarks.append(
        f"{changes / took:,.0f} changes/s, {site.service.resident_bytes / 1e6:.0f} MB resident, "
        f"SERVING when {behind_when_serving:.0f} positions behind"
    )
    row.verdicts.append(site.compare())
    return row
