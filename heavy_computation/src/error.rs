use crate::search::InvalidQuery;

/// A field of a question that cannot be as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub(crate) struct InvalidField {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
}

/// Why a question gets no answer. `grpc::status` turns each into a status.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The question can never be answered.
    #[error(transparent)]
    Invalid(#[from] InvalidQuery),
    /// The same, of an operation other than a search.
    #[error(transparent)]
    InvalidField(#[from] InvalidField),
    /// There is no index yet.
    #[error("the index is not ready")]
    NotReady,
    /// There is no such post.
    #[error("there is no such post")]
    NotFound,
    /// A change that the caller wants to see has not arrived.
    #[error("the index is behind min_position")]
    Behind,
    /// More questions wait than can be answered soon.
    #[error("too many calls at once")]
    Overloaded,
    /// Nobody waits for the answer any more.
    #[error("the deadline has passed")]
    TooLate,
    /// The index could not be read.
    #[error("index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The file of posts could not be read.
    #[error("file of posts: {0}")]
    Posts(#[from] std::io::Error),
    /// The computation ended without an answer.
    #[error("computation: {0}")]
    Computation(#[from] tokio::task::JoinError),
}
