//! Follows `published.changes` in Postgres.
//!
//! Sequence numbers become visible out of order: a transaction may take a number, and commit after
//! higher numbers were read. So changes are read in order of (transaction id, number), and only of
//! transactions below every one that still runs; what is read then can never be preceded by
//! something new.

mod connection;
mod feed;
mod position;
mod post;
mod queries;
mod time;

pub(crate) use connection::Connection;
pub(crate) use feed::{ChangeFeed, ChangePage};
pub(crate) use position::Position;
pub(crate) use post::Post;
pub(crate) use post::PostChange;

use std::time::Duration;

/// How long any one answer of Postgres may take, the connection included.
const QUERY_LIMIT: Duration = Duration::from_secs(30);

/// Why the changes could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// Postgres refused or failed.
    #[error("postgres: {}", full_text(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// Postgres did not answer in time.
    #[error("postgres gave no answer within {} s", QUERY_LIMIT.as_secs())]
    TooSlow(#[from] tokio::time::error::Elapsed),
    /// A number arrived in a form that this service does not know.
    #[error("postgres sent {0:?} where a transaction id belongs")]
    NotATransactionId(String),
    /// The position is not one of this database's any more, and changes after it may be missing.
    #[error("the changes after the last one read were removed")]
    Removed,
}

/// The driver's error names its kind only; the cause says what happened.
fn full_text(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
