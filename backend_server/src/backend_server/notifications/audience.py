"""Whom a post of a member would reach now, and how telling them of one went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psycopg.rows import class_row

from backend_server.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from psycopg import Connection

# As `_NEXT_READERS` chooses them; who follows without mail, or cannot be reached, is counted too.
_AUDIENCE: Final = """
    with told as (
        select follower_id as member_id, mail from follows where author_id = %(author_id)s
        union all
        select user_id, 'immediate'
        from notification_preferences
        where notify_about = 'everyone' and user_id <> %(author_id)s
          and not exists (select from follows
                          where follower_id = user_id and author_id = %(author_id)s)
    ),
    reached as (
        select case
            when users.email_confirmed_at is null or preferences.notify_about = 'nobody'
                 or preferences.paused_until > now()
                 or exists (select from suppressed_addresses
                            where email_key = users.email_key
                              and (until is null or until > now()))
                then 'none'
            else told.mail end as mail
        from told
        join users on users.id = told.member_id
        left join notification_preferences preferences on preferences.user_id = users.id
        where users.suspended_at is null
    )
    select count(*) filter (where mail = 'immediate') as at_once,
           count(*) filter (where mail = 'digest') as in_digest,
           count(*) filter (where mail = 'none') as without_mail
    from reached"""

_AUTHOR: Final = "select author_id from posts where id = %s"

# Nobody is told which of their readers complained: to an author that mail has arrived.
_OUTCOMES: Final = """
    select case state when 'complained' then 'delivered' when 'refused' then 'failed'
                      else state end as state,
           skipped_reason, count(*)
    from deliveries where post_id = %s
    group by 1, 2"""


@dataclass(frozen=True, slots=True)
class Audience:
    """How many members a post would reach, and how."""

    at_once: int
    in_digest: int
    # They follow, but get no mail: they want none, or it does not reach them.
    without_mail: int


def audience_of(connection: Connection[Any], author_id: UUID) -> Audience:
    with connection.cursor(row_factory=class_row(Audience)) as cursor:
        found = cursor.execute(_AUDIENCE, {"author_id": author_id}).fetchone()
    return found or Audience(0, 0, 0)


def outcomes_of(connection: Connection[Any], post_id: UUID, member_id: UUID) -> dict[str, Any]:
    """State → how many deliveries of the post; under `skipped`, by reason.

    Raises `NotFound`, or `NotAllowed` when it is another member's post.
    """
    row = connection.execute(_AUTHOR, [post_id]).fetchone()
    if row is None:
        raise NotFound
    if row[0] != member_id:
        raise NotAllowed
    outcomes: dict[str, Any] = dict.fromkeys(
        ("waiting", "accepted", "delivered", "bounced", "failed"), 0
    )
    skipped: dict[str, int] = {}
    for state, reason, count in connection.execute(_OUTCOMES, [post_id]):
        if state == "skipped":
            skipped[reason] = count
        else:
            outcomes[state] += count
    return {**outcomes, "skipped": skipped}
