"""What operations ask of Postgres: as the superuser, whom it lets in from its own container."""

from box.compose import ComposeBox
from box.programs import Command, run, text_of

DATABASE = "decoupled"
SUPERUSER = "--username=postgres"
_SQL = ["psql", SUPERUSER, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]

# They are numbered by transactions of the cluster that wrote them, and a new one begins to count
# anew: readers build what they have from the posts themselves.
_FORGET_CHANGES = "truncate changes, removed_changes"

PASSWORDS = ("postgres_password", "decoupled_password", "heavy_computation_password")
# As deploy/postgres made them, from the files that the secrets service has written meanwhile.
NEW_PASSWORDS = r"""
\set postgres_password `cat /run/secrets/postgres_password`
\set decoupled_password `cat /run/secrets/decoupled_password`
\set heavy_computation_password `cat /run/secrets/heavy_computation_password`
begin;
alter role postgres password :'postgres_password';
alter role decoupled password :'decoupled_password';
alter role heavy_computation password :'heavy_computation_password';
commit;
"""


def migration(box: ComposeBox) -> str:
    return text_of(_query(box, "select version_num from alembic_version"))


def dump(box: ComposeBox) -> Command:
    """All of it as it was at one moment."""
    return box.within("postgres", "pg_dump", SUPERUSER, "--format=custom", DATABASE)


def load(box: ComposeBox) -> Command:
    """All of it or nothing, into a database without tables."""
    options = ["--exit-on-error", "--single-transaction", f"--dbname={DATABASE}"]
    return box.within("postgres", "pg_restore", SUPERUSER, *options)


def forget_changes(box: ComposeBox) -> None:
    run(_query(box, _FORGET_CHANGES))


def set_passwords(box: ComposeBox) -> None:
    text_of(box.within("postgres", *_SQL, f"--dbname={DATABASE}"), given=NEW_PASSWORDS)


def _query(box: ComposeBox, sql: str) -> Command:
    return box.within(
        "postgres", *_SQL, "--tuples-only", "--no-align", f"--command={sql}", DATABASE
    )
