"""A last look at a chunk before its first try: who should no longer get this mail is left out.

From then on the chunk is frozen: every later try sends the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

if TYPE_CHECKING:
    from psycopg import Connection

# What has changed since the chunk was written; the first reason that holds.
_SKIP: Final = """
    update deliveries set state = 'skipped', skipped_reason = judged.reason, updated_at = now()
    from (
        select deliveries.member_id, case
            when authors.suspended_at is not null then 'author_suspended'
            when readers.suspended_at is not null then 'suspended'
            when readers.email_confirmed_at is null or readers.email <> deliveries.email
                then 'address_changed'
            when exists (select from suppressed_addresses
                         where email_key = readers.email_key and (until is null or until > now()))
                then 'suppressed'
            when preferences.notify_about = 'nobody' then 'unsubscribed'
            when case delivery_chunks.kind
                 when 'new_post' then coalesce(follows.mail <> 'immediate',
                                               preferences.notify_about is distinct from 'everyone')
                 when 'mention' then not coalesce(preferences.mention_mail, true)
                 when 'digest' then not exists (
                     select from follows
                     where follower_id = readers.id and follows.mail = 'digest')
                 end
                then 'unsubscribed'
            when preferences.paused_until > now() then 'paused'
            when exists (select from opened_posts
                         where member_id = readers.id and post_id = posts.id)
                then 'opened'
            end as reason
        from deliveries
        join delivery_chunks on delivery_chunks.id = deliveries.chunk_id
        join users readers on readers.id = deliveries.member_id
        -- A digest is about many.
        left join posts on posts.id = deliveries.post_id
        left join users authors on authors.id = posts.author_id
        left join follows on follows.follower_id = readers.id and follows.author_id = authors.id
        left join notification_preferences preferences on preferences.user_id = readers.id
        where deliveries.chunk_id = %(chunk_id)s
    ) judged
    where deliveries.chunk_id = %(chunk_id)s and deliveries.member_id = judged.member_id
      and judged.reason is not null"""

# Who has left since has no row any more.
_PLACES_LEFT: Final = """
    select place from deliveries where chunk_id = %s and state = 'waiting' order by place"""

_MOVE_UP: Final = """
    update deliveries set place = moved.new_place - 1
    from unnest(%(places)s::smallint[]) with ordinality as moved (old_place, new_place)
    where chunk_id = %(chunk_id)s and state = 'waiting' and place = moved.old_place"""

_FREEZE: Final = "update delivery_chunks set request = %s where id = %s"


def skip_whom_it_should_not_reach(connection: Connection[Any], chunk_id: UUID) -> None:
    """In the transaction of the first try."""
    connection.execute(_SKIP, {"chunk_id": chunk_id})


def leave_out_skipped(connection: Connection[Any], chunk_id: UUID, request: bytes) -> bytes | None:
    """The request without them; None when nobody is left."""
    places = [place for (place,) in connection.execute(_PLACES_LEFT, [chunk_id])]
    message = SendMailRequest.FromString(request)
    if len(places) == len(message.recipients):
        return request
    if not places:
        return None
    recipients = [message.recipients[place] for place in places]
    del message.recipients[:]
    message.recipients.extend(recipients)
    connection.execute(_MOVE_UP, {"chunk_id": chunk_id, "places": places})
    left = message.SerializeToString(deterministic=True)
    connection.execute(_FREEZE, [left, chunk_id])
    return left
