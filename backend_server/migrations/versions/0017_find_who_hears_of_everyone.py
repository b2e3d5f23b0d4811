"""Find the few who want mail about everyone: each step of a fan-out asks for the next ones."""

from backend_server.migrations import run_each_alone

revision = "0017"
down_revision = "0016"

# What is left of an attempt that was broken off.
DROP_INDEX = "drop index concurrently if exists notification_preferences_about_everyone"
ADD_INDEX = """
    create index concurrently notification_preferences_about_everyone
    on notification_preferences (user_id) where notify_about = 'everyone'"""


def upgrade() -> None:
    run_each_alone(DROP_INDEX, ADD_INDEX)


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
