"""What other features ask of this one, and how a reader stops the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psycopg.sql import SQL

from backend_server import jobs
from backend_server.database import psycopg_connection
from backend_server.errors import NotFound
from backend_server.notifications.links import Subscription, subscription_of

if TYPE_CHECKING:
    from psycopg import Connection

    from backend_server.config import Keys
    from backend_server.database import Database

FAN_OUT_POST: Final = "notifications.fan_out_post"

# For the statement that writes a post: has its readers told, exactly when it commits.
QUEUE_FAN_OUT: Final = jobs.queue_within(
    FAN_OUT_POST, queue=jobs.FAN_OUT, arguments=SQL("jsonb_build_object('post_id', posts.id)")
)

# About this author no more; and who follows nobody for it, but wants mail about everyone, goes back
# to mail about those they follow.
_STOP_FOLLOW_MAIL: Final = """
    update follows set mail = 'none'
    where follower_id = %(member_id)s and author_id = %(about)s
    returning 1"""
_STOP_MAIL_ABOUT_EVERYONE: Final = """
    update notification_preferences set notify_about = 'followed', updated_at = now()
    where user_id = %(member_id)s and notify_about = 'everyone'"""
_STOP_DIGEST: Final = """
    update follows set mail = 'none' where follower_id = %(member_id)s and mail = 'digest'"""
# A member who has left wants nothing any more.
_STOP_MENTION_MAIL: Final = """
    insert into notification_preferences (user_id, mention_mail)
    select id, false from users where id = %(member_id)s
    on conflict (user_id) do update set mention_mail = false, updated_at = now()
    where notification_preferences.mention_mail"""
_USERNAME: Final = "select username from users where id = %s"
_OPEN: Final = """
    insert into opened_posts (member_id, post_id)
    select %(member_id)s, id from posts where id = %(post_id)s
    on conflict do nothing"""
_IS_THERE: Final = "select from posts where id = %(post_id)s"


def unsubscribe(database: Database, link_keys: Keys, token: str) -> None:
    """No such mail any more; again changes nothing. Raises `NotFound`."""
    subscription = _read(link_keys, token)
    with database.transaction() as session:
        _stop(psycopg_connection(session), subscription)
        session.commit()


def _stop(connection: Connection[Any], subscription: Subscription) -> None:
    parameters = subscription._asdict()
    match subscription.about:
        case UUID():
            if connection.execute(_STOP_FOLLOW_MAIL, parameters).fetchone() is None:
                connection.execute(_STOP_MAIL_ABOUT_EVERYONE, parameters)
        case "digest":
            connection.execute(_STOP_DIGEST, parameters)
        case "mentions":
            connection.execute(_STOP_MENTION_MAIL, parameters)


def describe_subscription(database: Database, link_keys: Keys, token: str) -> dict[str, str | None]:
    """What the mail is about. Changes nothing: mail programs open links. Raises `NotFound`."""
    about = _read(link_keys, token).about
    if not isinstance(about, UUID):
        return {"about": about, "author_username": None}
    with database.reading() as connection:
        row = connection.execute(_USERNAME, [about]).fetchone()
    if row is None:
        raise NotFound
    return {"about": "author", "author_username": row[0]}


def mark_as_opened(database: Database, member_id: UUID, post_id: UUID) -> None:
    """The member has seen the post: no mail about it that is not on its way. Raises `NotFound`."""
    parameters = {"member_id": member_id, "post_id": post_id}
    with database.transaction() as session:
        connection = psycopg_connection(session)
        if connection.execute(_IS_THERE, parameters).fetchone() is None:
            raise NotFound
        connection.execute(_OPEN, parameters)
        session.commit()


def _read(link_keys: Keys, token: str) -> Subscription:
    subscription = subscription_of(link_keys, token)
    if subscription is None:
        raise NotFound
    return subscription
