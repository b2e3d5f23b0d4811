"""Lists posts that nearly copy somebody else's, the newest first."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Final

import psycopg

from backend_server.config import read_database_url

_NEAR_COPIES: Final = """
    select to_char(copies.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
           copiers.username, copies.id, authors.username, originals.id, originals.title
    from posts copies
    join users copiers on copiers.id = copies.author_id
    join posts originals on originals.id = copies.near_copy_of
    join users authors on authors.id = originals.author_id
    where copies.created_at > now() - make_interval(days => %(days)s)
    order by copies.id desc"""


def run(arguments: argparse.Namespace) -> None:
    with psycopg.connect(read_database_url(os.environ).reveal()) as connection:
        for written, copier, copy_id, author, original_id, title in connection.execute(
            _NEAR_COPIES, {"days": arguments.days}
        ):
            sys.stdout.write(
                f"{written}  {copier} {copy_id}  copies  {author} {original_id}  {title!r}\n"
            )
