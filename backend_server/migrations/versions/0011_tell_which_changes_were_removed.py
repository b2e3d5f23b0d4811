"""Tell readers of the changes up to which one they were removed, so that nobody misses any."""

from backend_server.migrations import run_sql

revision = "0011"
down_revision = "0010"

UP = """
    -- One row once changes were removed: the last of them, in the order that readers go by.
    create table removed_changes (
        only_row boolean primary key default true check (only_row),
        transaction_id xid8 not null,
        number bigint not null,
        removed_at timestamptz not null default now()
    );
    create view published.removed_changes as select transaction_id, number from removed_changes;
    grant select on published.removed_changes to published_reader;
"""

DOWN = """
    drop view published.removed_changes;
    drop table removed_changes;
"""


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
