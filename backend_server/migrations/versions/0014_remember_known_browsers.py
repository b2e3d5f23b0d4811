"""Remember from which browsers members sign in, to tell them of one that is new."""

from backend_server.migrations import run_sql

revision = "0014"
down_revision = "0013"

UP = """
    create table known_browsers (
        user_id uuid not null references users on delete cascade,
        -- Browser and system, such as "Firefox, Linux".
        browser text not null,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        primary key (user_id, browser)
    );
"""


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql("drop table known_browsers;")
