use std::{
    io,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};
use uuid::Uuid;

use super::state::Engines;
use crate::{
    error::Error,
    posts::{StoredPost, Texts},
};

/// How long a caller waits for a change that the engines do not have yet.
const LONGEST_WAIT_FOR_POSITION: Duration = Duration::from_secs(1);

/// The engines, for questions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct EngineReader {
    engines: Arc<RwLock<Engines>>,
    position: watch::Receiver<Option<u64>>,
}

impl EngineReader {
    pub(crate) fn new(
        engines: Arc<RwLock<Engines>>,
        position: watch::Receiver<Option<u64>>,
    ) -> Self {
        Self { engines, position }
    }

    /// How far the engines are, as soon as they have every change before `min_position`.
    pub(crate) async fn reach(&self, min_position: u64) -> Result<u64, Error> {
        let mut position = self.position.clone();
        if position.borrow().is_none() {
            return Err(Error::NotReady);
        }
        let reaches = |position: &Option<u64>| position.is_some_and(|at| at >= min_position);
        let waited = timeout(LONGEST_WAIT_FOR_POSITION, position.wait_for(reaches)).await;
        match waited {
            Ok(Ok(position)) => position.ok_or(Error::NotReady),
            Ok(Err(_)) => Err(Error::NotReady),
            Err(_) => Err(Error::Behind),
        }
    }

    /// Waits until the engines have every change before `position`, as they soon will; but neither
    /// while they are filled nor for longer than anybody would.
    pub(crate) async fn catch_up(&self, position: u64) {
        let mut at = self.position.clone();
        let has_caught_up = |at: &Option<u64>| at.is_none_or(|at| at >= position);
        let _ = timeout(LONGEST_WAIT_FOR_POSITION, at.wait_for(has_caught_up)).await;
    }

    /// Not to be held for longer than it takes to compute an answer: changes wait.
    pub(crate) fn engines(&self) -> RwLockReadGuard<'_, Engines> {
        self.engines.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Texts for EngineReader {
    fn text_of(&self, post: Uuid) -> io::Result<Option<StoredPost>> {
        self.engines().store.text_of(post)
    }
}
