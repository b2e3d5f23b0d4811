"""Find the chunks of a day: a new sender domain may send only so many."""

from alembic import op

from backend_server.migrations import run_sql

revision = "0016"
down_revision = "0015"

UP = """
    create index concurrently delivery_chunks_by_first_try on delivery_chunks (first_tried_at)
    where first_tried_at is not null"""
DOWN = "drop index delivery_chunks_by_first_try"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
