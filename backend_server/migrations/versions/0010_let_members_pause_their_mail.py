"""Let members pause the mail about posts."""

from backend_server.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql("alter table notification_preferences add column paused_until timestamptz;")


def downgrade() -> None:
    run_sql("alter table notification_preferences drop column paused_until;")
