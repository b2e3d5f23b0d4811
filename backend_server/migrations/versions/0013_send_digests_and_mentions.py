"""Send digests and mentions, and leave out of them what their readers have opened."""

from backend_server.migrations import run_each_alone, run_sql

revision = "0013"
down_revision = "0012"

ADD = """
    alter table notification_preferences
        add column digest_time time not null default '08:00',
        -- IANA name.
        add column time_zone text not null default 'UTC',
        add column mention_mail boolean not null default true;

    create table opened_posts (
        member_id uuid not null references users on delete cascade,
        post_id uuid not null references posts on delete cascade,
        opened_at timestamptz not null default now(),
        primary key (member_id, post_id)
    );
    create index opened_posts_by_post on opened_posts (post_id);
    create index opened_posts_by_age on opened_posts (opened_at);

    -- When a member gets the next digest, if there is news. One row for whoever wanted one ever.
    create table digests (
        member_id uuid primary key references users on delete cascade,
        next_at timestamptz not null,
        last_at timestamptz,
        -- Posts after this moment are news.
        news_since timestamptz not null default now()
    );
    create index digests_by_time on digests (next_at);

    -- The first moment after `after` at which clocks there show this time: once on every day, also
    -- on those when they are put forward or back. A time that a day does not have comes later on
    -- that day, and one that it has twice the second time.
    create function next_digest_at(digest_time time, time_zone text, after timestamptz)
    returns timestamptz language plpgsql stable as $$
    begin
        return (
            select min(each_day) from (
                select ((after at time zone time_zone)::date + days + digest_time)
                       at time zone time_zone as each_day
                from generate_series(-1, 2) as days
            ) around where each_day > after);
    exception when invalid_parameter_value then
        -- Time zones are renamed now and then; one that is gone must not hold up other members.
        return next_digest_at(digest_time, 'UTC', after);
    end
    $$;

    create function begin_digests() returns trigger language plpgsql as $$
    begin
        insert into digests (member_id, next_at)
        select new.follower_id, next_digest_at(coalesce(digest_time, '08:00'),
                                               coalesce(time_zone, 'UTC'), now())
        from (select) one left join notification_preferences on user_id = new.follower_id
        on conflict do nothing;
        return null;
    end
    $$;
    create trigger follows_begin_digests after insert or update of mail on follows
        for each row when (new.mail = 'digest') execute function begin_digests();
    insert into digests (member_id, next_at)
    select distinct follower_id, next_digest_at('08:00', 'UTC', now())
    from follows where mail = 'digest';

    alter table delivery_chunks
        add column kind text not null default 'new_post',
        -- The last reader in the chunk, whoever of them leaves later.
        add column last_member_id uuid,
        alter column post_id drop not null,
        -- A digest is written when it is first sent.
        alter column request drop not null,
        add constraint delivery_chunks_kind_check
            check (kind in ('new_post', 'mention', 'digest')) not valid,
        add constraint delivery_chunks_post_check
            check ((kind = 'digest') = (post_id is null)) not valid;
"""

INDEXES = (
    (
        "create unique index concurrently delivery_chunks_once on delivery_chunks"
        " (post_id, kind, number)"
    ),
    "create unique index concurrently deliveries_once on deliveries (post_id, member_id)",
    "create unique index concurrently deliveries_in_chunk on deliveries (chunk_id, member_id)",
    (
        "create index concurrently delivery_chunks_old_digests on delivery_chunks (finished_at)"
        " where kind = 'digest'"
    ),
)

EXCHANGE_KEYS = """
    alter table delivery_chunks drop constraint delivery_chunks_post_id_number_key;
    alter table deliveries
        drop constraint deliveries_pkey,
        alter column post_id drop not null,
        -- Of a digest: what its reader has been told before.
        add column news_since timestamptz,
        add constraint deliveries_pkey primary key using index deliveries_in_chunk;
    drop index deliveries_by_chunk;
"""

OLD_INDEXES = (
    "create index concurrently deliveries_by_chunk on deliveries (chunk_id)",
    "create unique index concurrently deliveries_old_key on deliveries (post_id, member_id)",
    (
        "create unique index concurrently delivery_chunks_post_id_number_key on delivery_chunks"
        " (post_id, number)"
    ),
)

# Each alone: dropping the tables would lock members and posts in one transaction, in the order in
# which nobody who writes a post does.
DROP_REFERENCES = (
    "alter table opened_posts drop constraint if exists opened_posts_post_id_fkey",
    "alter table opened_posts drop constraint if exists opened_posts_member_id_fkey",
    "alter table digests drop constraint if exists digests_member_id_fkey",
)

FORGET = "delete from delivery_chunks where kind <> 'new_post';"

REMOVE = """
    alter table deliveries
        drop constraint deliveries_pkey,
        drop column news_since,
        add constraint deliveries_pkey primary key using index deliveries_old_key;
    drop index deliveries_once;
    alter table delivery_chunks
        add constraint delivery_chunks_post_id_number_key
            unique using index delivery_chunks_post_id_number_key,
        drop column kind,
        drop column last_member_id,
        alter column post_id set not null,
        alter column request set not null;
    drop trigger follows_begin_digests on follows;
    drop function begin_digests, next_digest_at;
    drop table digests, opened_posts;
    alter table notification_preferences
        drop column digest_time, drop column time_zone, drop column mention_mail;
"""


def upgrade() -> None:
    run_sql(ADD)
    run_each_alone(*INDEXES)
    run_sql(EXCHANGE_KEYS)


def downgrade() -> None:
    run_sql(FORGET)
    run_each_alone(*OLD_INDEXES, *DROP_REFERENCES)
    run_sql(REMOVE)
