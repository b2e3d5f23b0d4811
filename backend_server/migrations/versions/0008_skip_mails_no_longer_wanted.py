"""Leave out of a frozen chunk, before its first try, whom its mail should no longer reach."""

from backend_server.migrations import run_each_alone, run_sql

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
"""

DROP_INDEX = "drop index concurrently if exists deliveries_by_chunk"
ADD_INDEX = "create index concurrently deliveries_by_chunk on deliveries (chunk_id)"

DOWN = """
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
    run_each_alone(DROP_INDEX, ADD_INDEX)


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
    run_sql(DOWN)
