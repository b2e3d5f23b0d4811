"""Let operators suspend members, and members be listed by the beginning of their names.

A suspended member's posts are not published: each of them is recorded as changed, so that
heavy_computation forgets it, and finds it again when the member is reinstated.
"""

from backend_server.migrations import run_each_alone, run_sql

revision = "0007"
down_revision = "0006"

UP = """
    alter table users add column suspended_at timestamptz;

    create or replace view published.posts as
        select posts.id, posts.author_id, users.username as author_username, posts.title,
               posts.content, posts.language, posts.tags, posts.created_at, posts.updated_at
        from posts join users on users.id = posts.author_id
        where users.suspended_at is null;
    create or replace view published.users as
        select id, username, created_at from users where suspended_at is null;

    create function record_suspension() returns trigger language plpgsql as $$
    begin
        insert into changes (kind, operation, subject_id)
        select 'post', case when new.suspended_at is null then 'upsert' else 'delete' end, id
        from posts where author_id = new.id;
        insert into changes (kind, operation, subject_id)
        values ('user', case when new.suspended_at is null then 'upsert' else 'delete' end, new.id);
        return null;
    end
    $$;
    create trigger users_record_suspension after update on users
        for each row when ((old.suspended_at is null) <> (new.suspended_at is null))
        execute function record_suspension();
"""

DOWN = """
    drop trigger users_record_suspension on users;
    drop function record_suspension;
    create or replace view published.posts as
        select posts.id, posts.author_id, users.username as author_username, posts.title,
               posts.content, posts.language, posts.tags, posts.created_at, posts.updated_at
        from posts join users on users.id = posts.author_id;
    create or replace view published.users as select id, username, created_at from users;
    alter table users drop column suspended_at;
"""

DROP_INDEX = "drop index concurrently if exists users_by_name"
# In the order of their code points, whatever the database's collation.
ADD_INDEX = """create index concurrently users_by_name on users ((username_key collate "C"))"""


def upgrade() -> None:
    run_sql(UP)
    run_each_alone(DROP_INDEX, ADD_INDEX)


def downgrade() -> None:
    run_each_alone(DROP_INDEX)
    run_sql(DOWN)
