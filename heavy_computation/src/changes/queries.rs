//! Every statement that this service sends to Postgres.

/// Which database this is: a clone or a restored dump has another cluster or another object id.
pub(super) const DATABASE_IDENTITY: &str = "
    select (select system_identifier::text from pg_control_system())
           || '/' || (select oid::text from pg_database where datname = current_database())";

/// The last change that nothing can precede any more, if there is one.
pub(super) const LAST_CHANGE: &str = "
    select transaction_id::text, number from published.changes
    where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by changes.transaction_id desc, number desc
    limit 1";

/// Whether there is a change ($1, $2), which is removed only together with all before it; 0 stands
/// before the first.
macro_rules! has_change {
    () => {
        "case when $2::bigint = 0 then not exists (select from published.removed_changes)
         else exists (
             select from published.changes where transaction_id = $1::text::xid8 and number = $2
         ) end"
    };
}

pub(super) const HAS_CHANGE: &str = concat!("select ", has_change!());

/// The horizon, which is the lowest transaction that still runs or the next to come, and below it
/// the next changes after a position ($1, $2), at most $3. One row with nulls when there are none.
/// Also whether none after the position was removed, how many transactions began since the horizon,
/// and how long ago each change was made. All from one snapshot.
pub(super) const NEXT_CHANGES: &str = concat!(
    "
    with horizon as materialized (
        select pg_snapshot_xmin(pg_current_snapshot()) as transaction_id,
               pg_snapshot_xmax(pg_current_snapshot()) as newest, ",
    has_change!(),
    " as continues
    )
    select horizon.transaction_id::text as horizon, horizon.newest::text as newest, horizon.continues,
           next.transaction_id::text as transaction_id, next.number, next.kind, next.subject_id,
           extract(epoch from clock_timestamp() - next.changed_at)::float8 as age_seconds
    from horizon left join lateral (
        select * from published.changes
        where (changes.transaction_id, changes.number) > ($1::text::xid8, $2)
          and changes.transaction_id < horizon.transaction_id
        order by changes.transaction_id, changes.number
        limit $3
    ) as next on true
    order by next.transaction_id, next.number"
);

macro_rules! posts {
    () => {
        "select id, author_id, author_username, title, content, tags, language, created_at
         from published.posts"
    };
}

pub(super) const ALL_POSTS: &str = posts!();

pub(super) const POSTS_BY_ID: &str = concat!(posts!(), " where id = any($1)");

pub(super) const POSTS_BY_AUTHOR: &str = concat!(posts!(), " where author_id = any($1)");

/// Wakes this service up after a commit; the poll is the guarantee.
pub(super) const LISTEN: &str = "listen changes";
