-- Members, what they write, whom they follow, and how their readers are told. uuidv7() needs Postgres 18.

create table users (
    id uuid primary key default uuidv7(),
    username text not null check (char_length(username) between 1 and 50),
    -- NFKC + casefold of the username: what makes it unique.
    username_key text not null constraint users_username_key_unique unique,
    email text not null check (char_length(email) <= 254),
    -- Casefold of the normalised address: what makes it unique.
    email_key text not null constraint users_email_key_unique unique,
    email_confirmed_at timestamptz,
    password_hash text not null,
    bio text not null default '' check (char_length(bio) <= 300),
    show_email boolean not null default true,
    -- BCP 47 tag of the language to write mails in.
    language text not null default 'en',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table posts (
    id uuid primary key default uuidv7(),
    author_id uuid not null references users on delete cascade,
    title text not null check (char_length(title) between 1 and 100),
    content text not null check (char_length(content) between 1 and 500),
    language text,
    tags text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index posts_by_author on posts (author_id, id desc);

create table follows (
    follower_id uuid not null references users on delete cascade,
    author_id uuid not null references users on delete cascade,
    mail text not null default 'immediate' check (mail in ('immediate', 'digest', 'none')),
    created_at timestamptz not null default now(),
    primary key (follower_id, author_id),
    constraint follows_not_oneself check (follower_id <> author_id)
);
-- The fan-out pages through an author's readers in this order.
create index follows_by_author on follows (author_id, follower_id) include (mail);

create table notification_preferences (
    user_id uuid primary key references users on delete cascade,
    notify_about text not null default 'followed' check (notify_about in ('followed', 'everyone', 'nobody')),
    updated_at timestamptz not null default now()
);

create table email_confirmations (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users on delete cascade,
    email text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now()
);
create index email_confirmations_by_user on email_confirmations (user_id);

-- The one live reset code of an account. The code itself is derived from the id with a key outside the database.
create table password_resets (
    user_id uuid primary key references users on delete cascade,
    id uuid not null default gen_random_uuid(),
    -- The job that issued it: a job that runs again finds its own code instead of making another.
    job_id bigint not null,
    tries_left smallint not null default 5 check (tries_left >= 0),
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now()
);

-- Wrong guesses at reset codes: the budgets that survive re-issue are counted here.
create table reset_attempts (
    id bigint generated always as identity primary key,
    user_id uuid references users on delete cascade,
    client_network cidr,
    attempted_at timestamptz not null default now()
);
create index reset_attempts_by_user on reset_attempts (user_id, attempted_at);
create index reset_attempts_by_network on reset_attempts (client_network, attempted_at);
create index reset_attempts_by_time on reset_attempts (attempted_at);

-- Up to 100 deliveries of one post, sent in one call. `request` is the mailer's request as it was first made, so
-- that every try sends the same bytes.
create table delivery_chunks (
    id uuid primary key default uuidv7(),
    post_id uuid not null references posts on delete cascade,
    number integer not null check (number >= 0),
    idempotency_key text not null unique check (char_length(idempotency_key) between 1 and 256),
    request bytea not null,
    state text not null default 'waiting' check (state in ('waiting', 'accepted', 'failed')),
    first_tried_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default now(),
    unique (post_id, number)
);

create table deliveries (
    post_id uuid not null references posts on delete cascade,
    member_id uuid not null references users on delete cascade,
    chunk_id uuid not null references delivery_chunks on delete cascade,
    -- Index of the recipient in the chunk's request.
    place smallint not null check (place between 0 and 99),
    email text not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'accepted', 'delivered', 'bounced', 'refused', 'failed')),
    -- The provider's id of the mail.
    accepted_id text,
    refused_reason text,
    updated_at timestamptz not null default now(),
    primary key (post_id, member_id),
    unique (chunk_id, place)
);
create index deliveries_by_accepted_id on deliveries (accepted_id) where accepted_id is not null;
create index deliveries_by_member on deliveries (member_id);

create table suppressed_addresses (
    email_key text primary key,
    reason text not null check (reason in ('bounced', 'complained', 'suppressed')),
    created_at timestamptz not null default now()
);

create table webhook_events (
    -- The provider's id of the event: what makes a replay harmless.
    id text primary key,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    processed_at timestamptz
);

-- What heavy_computation follows. Sequence numbers become visible out of order, so a reader goes by
-- (transaction_id, number) and reads only transactions below pg_snapshot_xmin(pg_current_snapshot()).
create table changes (
    number bigint generated always as identity primary key,
    transaction_id xid8 not null default pg_current_xact_id(),
    kind text not null check (kind in ('post', 'follow', 'user')),
    operation text not null check (operation in ('upsert', 'delete')),
    -- The post, the follower or the user.
    subject_id uuid not null,
    -- The followed author, for kind 'follow'.
    object_id uuid,
    changed_at timestamptz not null default now()
);
create index changes_in_safe_order on changes (transaction_id, number);

create function record_change() returns trigger language plpgsql as $$
declare
    row_before_or_after record := coalesce(new, old);
    operation text := case when tg_op = 'DELETE' then 'delete' else 'upsert' end;
begin
    if tg_argv[0] = 'follow' then
        insert into changes (kind, operation, subject_id, object_id)
        values ('follow', operation, row_before_or_after.follower_id, row_before_or_after.author_id);
    else
        insert into changes (kind, operation, subject_id) values (tg_argv[0], operation, row_before_or_after.id);
    end if;
    return null;
end
$$;

create trigger posts_record_change after insert or update or delete on posts
    for each row execute function record_change('post');
create trigger follows_record_change after insert or update or delete on follows
    for each row execute function record_change('follow');
-- A password, a mail setting or a confirmation changes nothing that is published.
create trigger users_record_insert_or_delete after insert or delete on users
    for each row execute function record_change('user');
create trigger users_record_update after update on users
    for each row when (old.username is distinct from new.username)
    execute function record_change('user');

create function announce_changes() returns trigger language plpgsql as $$
begin
    perform pg_notify('changes', '');
    return null;
end
$$;
create trigger changes_announce after insert on changes
    for each statement execute function announce_changes();

-- All that heavy_computation may read: no email, no hash. Its login role is a member of published_reader.
create schema published;
create view published.changes as
    select number, transaction_id, kind, operation, subject_id, object_id, changed_at from changes;
create view published.posts as
    select posts.id, posts.author_id, users.username as author_username, posts.title, posts.content,
           posts.language, posts.tags, posts.created_at, posts.updated_at
    from posts join users on users.id = posts.author_id;
create view published.users as select id, username, created_at from users;
create view published.follows as select follower_id, author_id, created_at from follows;

do $$
begin
    if not exists (select from pg_roles where rolname = 'published_reader') then
        create role published_reader nologin;
    end if;
end
$$;
grant usage on schema published to published_reader;
grant select on all tables in schema published to published_reader;
