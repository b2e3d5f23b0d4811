//! Computing beside the async runtime: never more at once than there are cores, and only while
//! somebody waits.

use std::{sync::Arc, thread::available_parallelism, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
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

    /// Runs `work`, which should look at its token now and then: it is cancelled when the time is
    /// up or the caller is gone.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        time_left: Duration,
        work: impl FnOnce(&CancellationToken) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _queued = self.queue.try_acquire().map_err(|_| Error::Overloaded)?;
        let cancellation = CancellationToken::new();
        let _cancel_on_return = cancellation.clone().drop_guard();
        let answer = async {
            // The semaphore is never closed. The place is given back when the work ends, not when
            // the caller leaves.
            let core = Arc::clone(&self.cores).acquire_owned().await;
            spawn_blocking(move || {
                let _core = core;
                work(&cancellation)
            })
            .await?
        };
        timeout(time_left, answer).await.map_err(|_| Error::TooLate)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn until_cancelled(cancellation: &CancellationToken) -> Result<(), Error> {
        while !cancellation.is_cancelled() {
            std::thread::yield_now();
        }
        Ok(())
    }

    #[tokio::test]
    async fn work_is_cancelled_when_its_time_is_up() {
        let computation = Computation::with_places(1, 0);
        let late = computation.run(Duration::from_millis(1), until_cancelled).await;
        assert!(matches!(late, Err(Error::TooLate)));
        // The only core is free again.
        assert!(computation.run(LONG, |_| Ok(())).await.is_ok());
    }

    #[tokio::test]
    async fn one_call_more_than_there_are_places_is_turned_away() {
        let computation = Computation::with_places(1, 1);
        let run = || {
            let computation = computation.clone();
            tokio::spawn(async move { computation.run(LONG, until_cancelled).await })
        };
        let (first, second) = (run(), run());
        while computation.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let third = computation.run(LONG, |_| Ok(())).await;
        assert!(matches!(third, Err(Error::Overloaded)));
        first.abort();
        second.abort();
    }

    #[tokio::test]
    async fn work_that_panics_harms_only_its_caller() {
        let computation = Computation::with_places(1, 0);
        let broken = computation.run(LONG, |_| -> Result<(), Error> { panic!("broken") }).await;
        assert!(matches!(broken, Err(Error::Computation(_))));
        assert!(computation.run(LONG, |_| Ok(())).await.is_ok());
    }
}
