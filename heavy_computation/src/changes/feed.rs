use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_postgres::{Config, Row, Statement};
use uuid::Uuid;

use super::{
    ChangesError, Connection, Position, Post, PostChange,
    connection::{position, post, transaction_id},
    queries,
};

/// Changes read at once. A larger transaction is applied page by page.
const CHANGES_IN_A_PAGE: i64 = 5_000;
/// Announcements may be lost with a connection, and come before a transaction counts as ended.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// The next changes, as what they left behind.
pub(crate) struct ChangePage {
    pub(crate) posts: Vec<PostChange>,
    /// How far a reader has got who has applied this page.
    pub(crate) position: Position,
    /// Every change of the transactions below this is then applied.
    pub(crate) complete_below: u64,
    /// Whether nothing more could be read when this was.
    pub(crate) is_last: bool,
    /// Transactions that had begun when this was read, and are not below `complete_below`.
    pub(crate) positions_behind: u64,
    /// A reader who has applied this page has everything that was committed before.
    pub(crate) complete_until: Instant,
}

/// Reads the changes one page after another.
pub(crate) struct ChangeFeed {
    connection: Connection,
    next_changes: Statement,
    posts_by_id: Statement,
    posts_by_author: Statement,
}

impl ChangeFeed {
    pub(crate) async fn open(config: &Config) -> Result<Self, ChangesError> {
        let connection = Connection::open(config).await?;
        connection.listen().await?;
        Ok(Self {
            next_changes: connection.prepare(queries::NEXT_CHANGES).await?,
            posts_by_id: connection.prepare(queries::POSTS_BY_ID).await?,
            posts_by_author: connection.prepare(queries::POSTS_BY_AUTHOR).await?,
            connection,
        })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Returns when there may be something to read.
    pub(crate) async fn wait(&self) {
        // Running out of time is the poll.
        let _ = timeout(POLL_INTERVAL, self.connection.announced()).await;
    }

    /// The changes after `position`, in order, as far as they are safe to read.
    pub(crate) async fn next_page(&self, position: Position) -> Result<ChangePage, ChangesError> {
        let asked = Instant::now();
        let start = position.transaction_id.to_string();
        let rows = self
            .connection
            .rows(&self.next_changes, &[&start, &position.number, &CHANGES_IN_A_PAGE])
            .await?;
        let subjects = Subjects::of(&rows)?;
        let is_last = subjects.changes < CHANGES_IN_A_PAGE;
        let last = subjects.last.unwrap_or(position);
        let complete_below = if is_last { subjects.horizon } else { last.transaction_id };
        let age = if is_last { Duration::ZERO } else { subjects.age_of_last };
        Ok(ChangePage {
            posts: self.current_state(&subjects).await?,
            position: last,
            complete_below,
            is_last,
            positions_behind: subjects.newest.saturating_sub(complete_below),
            complete_until: asked.checked_sub(age).unwrap_or(asked),
        })
    }

    /// What the posts concerned look like now, which is at least as new as the changes: a later
    /// change of the same post does no harm, it only is applied again.
    async fn current_state(&self, subjects: &Subjects) -> Result<Vec<PostChange>, ChangesError> {
        let mut gone = subjects.posts.clone();
        let mut changes = Vec::with_capacity(gone.len());
        if !subjects.posts.is_empty() {
            for post in self.posts(&self.posts_by_id, &subjects.posts).await? {
                gone.remove(&post.id);
                changes.push(PostChange::Written(post));
            }
        }
        changes.extend(gone.into_iter().map(PostChange::Deleted));
        if !subjects.members.is_empty() {
            let posts = self.posts(&self.posts_by_author, &subjects.members).await?;
            let others = posts.into_iter().filter(|post| !subjects.posts.contains(&post.id));
            changes.extend(others.map(PostChange::Written));
        }
        Ok(changes)
    }

    async fn posts(
        &self,
        statement: &Statement,
        ids: &HashSet<Uuid>,
    ) -> Result<Vec<Post>, ChangesError> {
        let ids: Vec<Uuid> = ids.iter().copied().collect();
        let rows = self.connection.rows(statement, &[&ids]).await?;
        rows.iter().map(|row| Ok(post(row)?)).collect()
    }
}

/// Whom a page of changes is about.
#[derive(Default)]
struct Subjects {
    horizon: u64,
    newest: u64,
    last: Option<Position>,
    age_of_last: Duration,
    changes: i64,
    posts: HashSet<Uuid>,
    members: HashSet<Uuid>,
}

impl Subjects {
    fn of(rows: &[Row]) -> Result<Self, ChangesError> {
        let mut subjects = Self::default();
        for row in rows {
            if !row.try_get("continues")? {
                return Err(ChangesError::Removed);
            }
            subjects.horizon = transaction_id(row.try_get("horizon")?)?;
            subjects.newest = transaction_id(row.try_get("newest")?)?;
            if row.try_get::<_, Option<&str>>("transaction_id")?.is_none() {
                continue;
            }
            subjects.last = Some(position(row)?);
            // Negative when the clock of Postgres was set back since.
            let age = Duration::try_from_secs_f64(row.try_get("age_seconds")?);
            subjects.age_of_last = age.unwrap_or_default();
            subjects.changes += 1;
            match row.try_get("kind")? {
                "post" => subjects.posts.insert(row.try_get("subject_id")?),
                "user" => subjects.members.insert(row.try_get("subject_id")?),
                // Follows do not concern posts.
                _ => false,
            };
        }
        Ok(subjects)
    }
}
