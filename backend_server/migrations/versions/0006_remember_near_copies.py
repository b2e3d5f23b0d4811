"""Remember which post a post nearly copies.

The column is new and empty, so nothing is rewritten; what reads the whole table, the check of the
reference and the index, lets others write meanwhile. Each step may be done again, because those
steps cannot be one transaction.
"""

from backend_server.migrations import run_each_alone, run_sql

revision = "0006"
down_revision = "0005"

ADD_COLUMN = "alter table posts add column if not exists near_copy_of uuid"
DROP_REFERENCE = "alter table posts drop constraint if exists posts_near_copy_of_fkey"
ADD_REFERENCE = """
    alter table posts add constraint posts_near_copy_of_fkey
        foreign key (near_copy_of) references posts on delete set null not valid
"""
CHECK_REFERENCE = "alter table posts validate constraint posts_near_copy_of_fkey"
DROP_INDEX = "drop index concurrently if exists posts_near_copies"
# Without it, each post that is deleted would search the whole table for its copies.
ADD_INDEX = """
    create index concurrently posts_near_copies on posts (near_copy_of)
        where near_copy_of is not null
"""


def upgrade() -> None:
    run_each_alone(
        ADD_COLUMN,
        DROP_REFERENCE,
        ADD_REFERENCE,
        CHECK_REFERENCE,
        DROP_INDEX,
        ADD_INDEX,
    )


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
    run_sql("alter table posts drop column near_copy_of")
