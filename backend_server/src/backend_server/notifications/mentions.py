"""Whom a post names, as `@username`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psycopg.rows import class_row

from backend_server.accounts.usernames import FORBIDDEN, LONGEST, key_of
from backend_server.notifications.model import AnnouncedPost, Reader

if TYPE_CHECKING:
    from psycopg import Connection

# More names than this in one post are a crowd, and mostly an unasked one.
MOST_MENTIONS: Final = 10

# Quoted from a program, where @ means something else.
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# Not inside a word, an address or a path; up to a space, what no username holds, or the next @.
_NAME: Final = re.compile(
    rf"(?<![\w.+\-@/])@([^\s@{re.escape(''.join(sorted(FORBIDDEN)))}]+)([@/]?)"
)
_WORD_END: Final = re.compile(r"(?<=\w)(?!\w)|(?<=\W)")

# In the order of their ids, as every chunk.
_FIND: Final = """
    select users.id as member_id, users.email, users.username, users.language
    from users
    left join notification_preferences preferences on preferences.user_id = users.id
    where users.id = any(%(member_ids)s) and users.id <> %(author_id)s
      and users.email_confirmed_at is not null
      and users.suspended_at is null
      and coalesce(preferences.mention_mail, true)
      and preferences.notify_about is distinct from 'nobody'
      and (preferences.paused_until is null or preferences.paused_until <= now())
      and not exists (select from suppressed_addresses
                      where email_key = users.email_key and (until is null or until > now()))
    order by users.id"""
_MEMBERS: Final = "select username_key, id from users where username_key = any(%s)"


def names_in(text: str) -> list[list[str]]:
    """For each `@` what it may name, the longest first: usernames may hold points and commas."""
    return [
        _possible_names(match[1])
        for match in _NAME.finditer(_CODE.sub(" ", text))
        # `@name@host` is somebody elsewhere, `@name/thing` something.
        if not match[2]
    ]


def _possible_names(run: str) -> list[str]:
    ends = {match.start() for match in _WORD_END.finditer(run)} | {len(run)}
    return [run[:end] for end in sorted(ends, reverse=True) if 0 < end <= LONGEST]


def members_named(connection: Connection[Any], post: AnnouncedPost) -> list[Reader]:
    """Of the first `MOST_MENTIONS` members that the post names, those who want mail about it."""
    named = [
        [key_of(name) for name in names] for names in names_in(f"{post.title}\n{post.content}")
    ]
    keys = sorted({key for each in named for key in each})
    if not keys:
        return []
    id_of_key: dict[str, UUID] = dict(connection.execute(_MEMBERS, [keys]).fetchall())
    found = [next((id_of_key[key] for key in keys if key in id_of_key), None) for keys in named]
    member_ids = list(dict.fromkeys(each for each in found if each))[:MOST_MENTIONS]
    parameters = {"member_ids": member_ids, "author_id": post.author_id}
    with connection.cursor(row_factory=class_row(Reader)) as cursor:
        return cursor.execute(_FIND, parameters).fetchall()
