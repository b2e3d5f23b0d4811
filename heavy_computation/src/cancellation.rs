use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

/// Tells work when to end early. Nobody can stop it from outside, so it asks now and then. By
/// default it may take as long as it likes.
#[derive(Default)]
pub(crate) struct Cancellation {
    nobody_waits: Option<CancellationToken>,
    time_is_up: Option<Instant>,
    was_noticed: Cell<bool>,
}

impl Cancellation {
    pub(crate) fn when(nobody_waits: CancellationToken) -> Self {
        Self { nobody_waits: Some(nobody_waits), ..Self::default() }
    }

    pub(crate) fn after(time: Duration) -> Self {
        Self { time_is_up: Some(Instant::now() + time), ..Self::default() }
    }

    /// Whether to end now, with however little there is.
    pub(crate) fn is_cancelled(&self) -> bool {
        let is_cancelled = self.nobody_waits.as_ref().is_some_and(CancellationToken::is_cancelled)
            || self.time_is_up.is_some_and(|end| end <= Instant::now());
        self.was_noticed.set(self.was_noticed.get() || is_cancelled);
        is_cancelled
    }

    /// Whether the work was told to end, and may have too little.
    pub(crate) fn was_noticed(&self) -> bool {
        self.was_noticed.get()
    }
}
