//! Computing beside the async runtime: never more at once than there are cores, and only while
//! somebody waits.

use std::{sync::Arc, thread::available_parallelism};

use tokio::{sync::Semaphore, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// Calls that may wait for a core. Each takes milliseconds, so the last of them waits for less than
/// a second.
const LONGEST_QUEUE: usize = 128;

/// The cores, as places to compute. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Computation {
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Computation {
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::with_places(cores, LONGEST_QUEUE)
    }

    fn with_places(cores: usize, queue: usize) -> Self {
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(cores + queue)),
        }
    }

    /// Runs `work`, which should look at its token now and then: it is cancelled when nobody waits
    /// for this to return any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&CancellationToken) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _queued = self.queue.try_acquire().map_err(|_| Error::Overloaded)?;
        let cancellation = CancellationToken::new();
        let _cancel_on_return = cancellation.clone().drop_guard();
        // The semaphore is never closed. The place is given back when the work ends, not when the
        // caller leaves.
        let core = Arc::clone(&self.cores).acquire_owned().await;
        spawn_blocking(move || {
            let _core = core;
            work(&cancellation)
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn until_cancelled(cancellation: &CancellationToken) -> Result<(), Error> {
        while !cancellation.is_cancelled() {
            std::thread::yield_now();
        }
        Ok(())
    }

    #[tokio::test]
    async fn work_is_cancelled_when_nobody_waits_for_it_any_more() {
        let computation = Computation::with_places(1, 0);
        let work = computation.run(until_cancelled);
        assert!(timeout(Duration::from_millis(1), work).await.is_err());
        // The only core is free again.
        assert!(computation.run(|_| Ok(())).await.is_ok());
    }

    #[tokio::test]
    async fn one_call_more_than_there_are_places_is_turned_away() {
        let computation = Computation::with_places(1, 1);
        let run = || {
            let computation = computation.clone();
            tokio::spawn(async move { computation.run(until_cancelled).await })
        };
        let (first, second) = (run(), run());
        while computation.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let third = computation.run(|_| Ok(())).await;
        assert!(matches!(third, Err(Error::Overloaded)));
        first.abort();
        second.abort();
    }

    #[tokio::test]
    async fn work_that_panics_harms_only_its_caller() {
        let computation = Computation::with_places(1, 0);
        let broken = computation.run(|_| -> Result<(), Error> { panic!("broken") }).await;
        assert!(matches!(broken, Err(Error::Computation(_))));
        assert!(computation.run(|_| Ok(())).await.is_ok());
    }
}
