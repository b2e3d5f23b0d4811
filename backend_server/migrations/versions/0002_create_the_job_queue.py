"""Create procrastinate's tables, types and functions, as its own release writes them.

A release of procrastinate that changes them needs a migration of ours, which runs the files that
the release adds to procrastinate/sql/migrations. A test notices.
"""

from procrastinate.schema import SchemaManager

from backend_server.migrations import run_sql

revision = "0002"
down_revision = "0001"

DOWN = """
    drop table procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
        procrastinate_workers cascade;
    do $$
    declare
        each regprocedure;
    begin
        for each in
            select oid::regprocedure from pg_proc
            where proname like 'procrastinate\\_%' and pronamespace = current_schema()::regnamespace
        loop
            execute 'drop function ' || each || ' cascade';
        end loop;
    end
    $$;
    drop type procrastinate_job_to_defer_v1;
    drop type procrastinate_job_status;
    drop type procrastinate_job_event_type;
"""


def upgrade() -> None:
    run_sql(SchemaManager.get_schema())


def downgrade() -> None:
    run_sql(DOWN)
