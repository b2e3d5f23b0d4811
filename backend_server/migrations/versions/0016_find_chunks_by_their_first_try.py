"""Find the chunks of a day: a new sender domain may send only so many."""

from backend_server.migrations import run_each_alone, run_sql

revision = "0016"
down_revision = "0015"

UP = """
    create index concurrently delivery_chunks_by_first_try on delivery_chunks (first_tried_at)
    where first_tried_at is not null"""
DOWN = "drop index delivery_chunks_by_first_try"


def upgrade() -> None:
    run_each_alone(UP)


def downgrade() -> None:
    run_sql(DOWN)
