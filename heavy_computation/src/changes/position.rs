use serde::{Deserialize, Serialize};

/// How far a reader of changes has got: to change `number` of transaction `transaction_id`,
/// inclusive.
///
/// It always is that of a change that was read, never one reckoned: after a crash, Postgres gives
/// the ids of transactions that left no trace to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) transaction_id: u64,
    pub(crate) number: i64,
}
