"""Remember for a day which post was written under which Idempotency-Key."""

from backend_server.migrations import run_sql

revision = "0009"
down_revision = "0008"

UP = """
    create table idempotency_keys (
        member_id uuid not null references users on delete cascade,
        key text not null check (char_length(key) between 1 and 255),
        request_digest bytea not null,
        -- The post may be deleted; its first answer stays the answer.
        post_id uuid,
        answer text,
        created_at timestamptz not null default now(),
        primary key (member_id, key)
    );
    create index idempotency_keys_by_age on idempotency_keys (created_at);
"""

DOWN = "drop table idempotency_keys;"


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
