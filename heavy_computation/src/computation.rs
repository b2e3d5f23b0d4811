//! Computing for calls: never more at once than there are cores, and only while somebody waits.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

use tokio::{sync::Semaphore, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::{cancellation::Cancellation, error::Error};

/// Calls that may wait for a core. Each takes milliseconds, so the last of them waits for less than
/// a second.
const LONGEST_QUEUE: usize = 128;
/// For which a thread of the runtime may leave other calls alone. Most searches take a quarter of it.
const TURN: Duration = Duration::from_millis(1);

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

    /// Runs `work`, which looks at its cancellation now and then, on a thread of its own: it is
    /// cancelled when nobody waits for this to return any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Cancellation) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _queued = self.queue.try_acquire().map_err(|_| Error::Overloaded)?;
        let nobody_waits = CancellationToken::new();
        let _cancel_on_return = nobody_waits.clone().drop_guard();
        // The semaphore is never closed. The place is given back when the work ends, not when the
        // caller leaves.
        let core = Arc::clone(&self.cores).acquire_owned().await;
        spawn_blocking(move || {
            let _core = core;
            work(&Cancellation::when(nobody_waits))
        })
        .await?
    }

    /// The same for `work` that mostly takes less than a turn. Where a core is free, it begins on
    /// the thread that has the call, since to wake up another and be woken up by it takes as long
    /// as a short search. What takes longer than the turn begins anew on a thread of its own.
    pub(crate) async fn run_short<T: Send + 'static>(
        &self,
        work: impl Fn(&Cancellation) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self.within_a_turn(&work) {
            Some(done) => done,
            None => self.run(work).await,
        }
    }

    /// None if it is not done by then.
    fn within_a_turn<T>(
        &self,
        work: impl Fn(&Cancellation) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let _core = self.cores.try_acquire().ok()?;
        let turn = Cancellation::after(TURN);
        // The runtime's threads are to know nothing of a panic.
        let done = catch_unwind(AssertUnwindSafe(|| work(&turn))).ok()?;
        (!turn.was_noticed()).then_some(done)
    }
}

#[cfg(test)]
mod tests {
    use std::thread::current;

    use tokio::time::timeout;

    use super::*;

    fn until_cancelled(cancellation: &Cancellation) -> Result<(), Error> {
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
        let panic = |_: &_| -> Result<(), Error> { panic!("broken") };
        for broken in [computation.run(panic).await, computation.run_short(panic).await] {
            assert!(matches!(broken, Err(Error::Computation(_))));
        }
        assert!(computation.run(|_| Ok(())).await.is_ok());
    }

    #[tokio::test]
    async fn short_work_is_done_on_the_thread_that_has_the_call() {
        let computation = Computation::with_places(1, 0);
        let by = computation.run_short(|_| Ok(current().id())).await.unwrap();
        assert_eq!(by, current().id());
    }

    #[tokio::test]
    async fn work_longer_than_a_turn_begins_anew_on_another_thread() {
        let computation = Computation::with_places(1, 0);
        let has_the_call = current().id();
        let work = move |cancellation: &_| {
            if current().id() == has_the_call {
                until_cancelled(cancellation)?;
            }
            Ok(current().id())
        };
        assert_ne!(computation.run_short(work).await.unwrap(), has_the_call);
    }

    #[tokio::test]
    async fn short_work_waits_for_a_core_like_any_other() {
        let computation = Computation::with_places(1, 1);
        let busy = tokio::spawn({
            let computation = computation.clone();
            async move { computation.run(until_cancelled).await }
        });
        while computation.cores.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let short = computation.run_short(|_| Ok(()));
        assert!(timeout(Duration::from_millis(1), short).await.is_err());
        busy.abort();
        assert!(computation.run_short(|_| Ok(())).await.is_ok());
    }
}
