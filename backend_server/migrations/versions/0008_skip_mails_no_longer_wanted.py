"""Leave out of a frozen chunk, before its first try, whom its mail should no longer reach."""

from backend_server.migrations import run_sql

revision = "0008"
down_revision = "0007"

# Readers move up when others are left out; the constraint would be in the way for a moment.
UP = """
    alter table deliveries
        add column skipped_reason text,
        drop constraint deliveries_chunk_id_place_key;
    alter table delivery_chunks drop constraint delivery_chunks_state_check;
    alter table delivery_chunks add constraint delivery_chunks_state_check
        check (state in ('waiting', 'accepted', 'failed', 'skipped')) not valid;
    create index deliveries_by_chunk on deliveries (chunk_id);
"""

DOWN = """
    drop index deliveries_by_chunk;
    update delivery_chunks set state = 'failed' where state = 'skipped';
    alter table delivery_chunks drop constraint delivery_chunks_state_check;
    alter table delivery_chunks add constraint delivery_chunks_state_check
        check (state in ('waiting', 'accepted', 'failed')) not valid;
    delete from deliveries where state = 'skipped';
    alter table deliveries
        add constraint deliveries_chunk_id_place_key unique (chunk_id, place),
        drop column skipped_reason;
"""


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
