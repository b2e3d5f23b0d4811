"""Remember when reset codes were issued, and when guessing shut resets for everybody."""

from backend_server.migrations import run_sql

revision = "0004"
down_revision = "0003"

UP = """
    -- When codes were issued in the last day: the limits on mailing them are counted here.
    create table reset_codes_issued (
        -- The job that issued it: one that runs again issues no other.
        job_id bigint primary key,
        user_id uuid not null references users on delete cascade,
        issued_at timestamptz not null default now()
    );
    create index reset_codes_issued_by_user on reset_codes_issued (user_id, issued_at);

    -- Each time that wrong guesses at reset codes, whoever made them, shut resets for everybody.
    create table reset_breaker_alerts (
        id bigint generated always as identity primary key,
        opened_at timestamptz not null default now(),
        -- Resets are refused at least until then.
        shut_until timestamptz not null,
        -- In how long a time how many guesses were made.
        counted_over interval not null,
        guesses integer not null
    );
    create index reset_breaker_alerts_by_time on reset_breaker_alerts (opened_at);

    -- Of guesses that might have been right, whoever's the account.
    create index reset_attempts_at_live_codes on reset_attempts (attempted_at)
        where user_id is not null;
"""

DOWN = """
    drop index reset_attempts_at_live_codes;
    drop table reset_breaker_alerts, reset_codes_issued;
"""


def upgrade() -> None:
    run_sql(UP)


def downgrade() -> None:
    run_sql(DOWN)
