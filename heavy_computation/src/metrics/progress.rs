use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;

/// How far the changes of Postgres are followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// Transactions between the newest one and those that can be seen here.
    pub(crate) positions_behind: u64,
    /// Everything committed before this can be seen here.
    pub(crate) complete_until: Instant,
}

impl Progress {
    /// How old an answer may be.
    pub(super) fn lag(&self) -> Duration {
        self.complete_until.elapsed()
    }
}

/// Where the follower says how far it is. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct ProgressReport {
    /// None until something was read for the first time.
    progress: watch::Sender<Option<Progress>>,
    pub(super) changes: Counter,
    pub(super) rebuilds: Counter,
}

impl ProgressReport {
    pub(crate) fn applied(&self, changes: usize, progress: Progress) {
        self.changes.inc_by(u64::try_from(changes).unwrap_or(u64::MAX));
        self.progress.send_replace(Some(progress));
    }

    pub(crate) fn rebuilt(&self) {
        self.rebuilds.inc();
    }

    pub(super) fn last(&self) -> Option<Progress> {
        *self.progress.borrow()
    }
}
