"""Count a member's readers without those who are suspended, who are few."""

from backend_server.migrations import run_each_alone

revision = "0012"
down_revision = "0011"

DROP_INDEX = "drop index concurrently if exists users_suspended"
ADD_INDEX = """
    create index concurrently users_suspended on users (id) where suspended_at is not null
"""


def upgrade() -> None:
    run_each_alone(DROP_INDEX, ADD_INDEX)


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
