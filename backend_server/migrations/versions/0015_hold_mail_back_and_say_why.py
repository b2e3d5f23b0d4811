"""Hold mail back when readers complain or addresses bounce, and keep why mails wait or failed."""

from backend_server.migrations import run_each_alone, run_sql

revision = "0015"
down_revision = "0014"

UP = """
    alter table delivery_chunks add column failed_reason text;

    -- Of the rates at which mail bounces and readers complain: how many mails were accepted.
    create table accepted_mails (
        hour timestamptz primary key,
        count bigint not null
    );

    -- An operator who has seen to it starts counting anew. While mail is slowed, chunks take turns.
    create table mail_brake (
        only_row boolean primary key default true check (only_row),
        counted_from timestamptz not null default '-infinity',
        next_chunk_at timestamptz not null default '-infinity'
    );
    insert into mail_brake default values;

    -- Queues whose jobs wait for more than a moment, and why.
    create table paused_lanes (
        queue text primary key,
        reason text not null,
        since timestamptz not null,
        until timestamptz not null
    );
"""

DOWN = """
    drop table accepted_mails, mail_brake, paused_lanes;
    alter table delivery_chunks drop column failed_reason;
"""

DROP_INDEX = "drop index concurrently if exists mail_events_against_us"
ADD_INDEX = """
    create index concurrently mail_events_against_us on mail_events (happened_at, kind, accepted_id)
    where kind in ('complained', 'bounced_permanently')
"""


def upgrade() -> None:
    run_sql(UP)
    run_each_alone(DROP_INDEX, ADD_INDEX)


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
    run_sql(DOWN)
