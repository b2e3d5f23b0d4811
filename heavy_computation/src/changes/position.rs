use serde::{Deserialize, Serialize};

/// How far a reader of changes has got: everything up to and including change `number` of transaction
/// `transaction_id` is applied, and so is everything of the transactions below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) transaction_id: u64,
    pub(crate) number: i64,
}

impl Position {
    /// Before every change of `transaction_id`; change numbers start at 1.
    pub(crate) fn before(transaction_id: u64) -> Self {
        Self {
            transaction_id,
            number: 0,
        }
    }
}
