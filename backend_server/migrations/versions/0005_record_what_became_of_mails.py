"""Record what mail providers tell of mails, in our words, and let a suppression end by itself."""

from backend_server.migrations import run_sql

revision = "0005"
down_revision = "0004"

UP = """
    -- As it came: a body need not be anything that jsonb can hold.
    alter table webhook_events add column body bytea not null default '', drop column payload;

    create table mail_events (
        event_id text not null references webhook_events on delete cascade,
        -- One event may be about several addresses.
        place smallint not null,
        kind text not null check (kind in (
            'delivered', 'delayed', 'bounced_temporarily', 'bounced_permanently', 'complained',
            'suppressed', 'failed')),
        accepted_id text not null,
        email_key text not null,
        happened_at timestamptz not null,
        reason text not null,
        primary key (event_id, place)
    );
    create index mail_events_by_accepted_id on mail_events (accepted_id);
    create index mail_events_by_address on mail_events (email_key, happened_at);

    alter table suppressed_addresses
        add column until timestamptz,
        drop constraint suppressed_addresses_reason_check,
        add constraint suppressed_addresses_reason_check
            check (reason in ('bounced', 'complained', 'suppressed', 'bouncing')) not valid;

    alter table deliveries
        drop constraint deliveries_state_check,
        add constraint deliveries_state_check check (state in (
            'waiting', 'accepted', 'delivered', 'bounced', 'complained', 'refused', 'failed',
            'skipped')) not valid;
"""

DOWN = """
    alter table deliveries drop constraint deliveries_state_check;
    update deliveries set state = 'failed' where state in ('complained', 'skipped');
    alter table deliveries add constraint deliveries_state_check check (state in (
        'waiting', 'accepted', 'delivered', 'bounced', 'refused', 'failed')) not valid;

    delete from suppressed_addresses where reason = 'bouncing';
    alter table suppressed_addresses
        drop constraint suppressed_addresses_reason_check,
        add constraint suppressed_addresses_reason_check
            check (reason in ('bounced', 'complained', 'suppressed')) not valid,
        drop column until;

    drop table mail_events;
    alter table webhook_events add column payload jsonb not null default '{}', drop column body;
"""


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
