"""Count a member's readers without those who are suspended, who are few."""

from alembic import op

from backend_server.migrations import run_sql

revision = "0012"
down_revision = "0011"

DROP_INDEX = "drop index concurrently if exists users_suspended"
ADD_INDEX = """
    create index concurrently users_suspended on users (id) where suspended_at is not null
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_sql(DROP_INDEX)
        run_sql(ADD_INDEX)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_sql(DROP_INDEX)
