"""What other features ask of this one, and how a reader stops the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psycopg.sql import SQL

from backend_server import jobs
from backend_server.database import psycopg_connection
from backend_server.errors import NotFound
from backend_server.notifications.links import Subscription, subscription_of

if TYPE_CHECKING:
    from backend_server.config import Secret
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
    where follower_id = %(member_id)s and author_id = %(author_id)s
    returning 1"""
_STOP_MAIL_ABOUT_EVERYONE: Final = """
    update notification_preferences set notify_about = 'followed', updated_at = now()
    where user_id = %(member_id)s and notify_about = 'everyone'"""
_USERNAME: Final = "select username from users where id = %(author_id)s"


def unsubscribe(database: Database, link_key: Secret, token: str) -> None:
    """No mail about this author any more; again changes nothing. Raises `NotFound`."""
    subscription = _read(link_key, token)._asdict()
    with database.transaction() as session:
        connection = psycopg_connection(session)
        if connection.execute(_STOP_FOLLOW_MAIL, subscription).fetchone() is None:
            connection.execute(_STOP_MAIL_ABOUT_EVERYONE, subscription)
        session.commit()


def author_of_subscription(database: Database, link_key: Secret, token: str) -> str:
    """The author's username. Changes nothing: mail programs open links. Raises `NotFound`."""
    subscription = _read(link_key, token)._asdict()
    with database.reading() as connection:
        row = connection.execute(_USERNAME, subscription).fetchone()
    if row is None:
        raise NotFound
    username: str = row[0]
    return username


def _read(link_key: Secret, token: str) -> Subscription:
    subscription = subscription_of(link_key, token)
    if subscription is None:
        raise NotFound
    return subscription
