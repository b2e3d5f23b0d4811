"""Create members, posts, follows, their mail, and what heavy_computation may read of them."""

from pathlib import Path

from backend_server.migrations import run_sql

revision = "0001"
down_revision = None

# The role published_reader stays: it belongs to the server, where other databases may use it.
DOWN = """
    drop schema published cascade;
    drop table changes, webhook_events, suppressed_addresses, deliveries, delivery_chunks,
        reset_attempts, password_resets, email_confirmations, notification_preferences, follows,
        posts, users;
    drop function record_change, announce_changes;
"""


def upgrade() -> None:
    run_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    run_sql(DOWN)
