use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tantivy::Searcher;
use tokio::sync::{oneshot, watch};

use super::{
    base::BaseThread,
    engine::SearchEngine,
    folder::StoredIndex,
    fresh::Fresh,
    schema::Fields,
    view::{Layer, View},
};
use crate::changes::{ChangePage, Position};

/// Posts that the fresh part may hold: building it anew with each batch must stay a matter of
/// milliseconds.
const MOST_FRESH_POSTS: usize = 500;
/// From this many on, the base commits without waiting for its time.
const MANY_FRESH_POSTS: usize = MOST_FRESH_POSTS / 2;
/// How long changes stay in memory only; a process that is killed reads them again.
const COMMIT_INTERVAL: Duration = Duration::from_secs(2);

/// Why the index cannot be kept up to date any longer.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index could not be written.
    #[error("index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The thread that writes the index has ended.
    #[error("index: its thread ended")]
    Ended,
    /// The index cannot be read although it was just made.
    #[error("index: it cannot be read although it was just made")]
    Unreadable,
}

/// Makes what was applied visible to every search engine that was made with it.
pub(crate) struct Publisher(watch::Sender<Option<Arc<View>>>);

impl Publisher {
    /// The engine answers once a view was published.
    pub(crate) fn new() -> (Self, SearchEngine) {
        let (views, receiver) = watch::channel(None);
        (Self(views), SearchEngine::new(Fields::new(), receiver))
    }
}

/// Applies changes to the index and publishes a view after each batch.
pub(crate) struct Indexer {
    fields: Fields,
    publisher: Publisher,
    position: Position,
    complete_below: u64,
    base: BaseThread,
    base_searcher: Searcher,
    fresh: Fresh,
    commit: Option<RunningCommit>,
    committed_at: Instant,
}

struct RunningCommit {
    /// The last batch of fresh changes that it includes.
    batch: u64,
    searcher: oneshot::Receiver<tantivy::Result<Searcher>>,
}

impl Indexer {
    pub(crate) fn new(stored: StoredIndex, publisher: Publisher) -> Self {
        Self {
            fields: Fields::new(),
            publisher,
            position: stored.position,
            complete_below: 0,
            base_searcher: stored.base.searcher(),
            base: BaseThread::start(stored.base),
            fresh: Fresh::default(),
            commit: None,
            committed_at: Instant::now(),
        }
    }

    /// How far changes are applied.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Applies changes and makes them visible. Few of them go by way of memory, many straight to
    /// disk.
    pub(crate) async fn apply(&mut self, page: ChangePage) -> Result<(), IndexError> {
        let is_many = page.posts.len() > MANY_FRESH_POSTS;
        if !is_many && !page.posts.is_empty() {
            self.fresh.put(&page.posts, &self.fields)?;
        }
        self.base.apply(page.posts);
        self.position = page.position;
        self.complete_below = page.complete_below;
        if is_many || self.fresh.len() > MOST_FRESH_POSTS {
            return self.commit_all().await;
        }
        self.publish();
        Ok(())
    }

    /// Commits what has been in memory for long enough, without waiting for it. To be called every
    /// now and then.
    pub(crate) fn maintain(&mut self) -> Result<(), IndexError> {
        if let Some(mut commit) = self.commit.take() {
            match commit.searcher.try_recv() {
                Ok(searcher) => self.adopt(searcher?, commit.batch)?,
                Err(oneshot::error::TryRecvError::Empty) => self.commit = Some(commit),
                Err(oneshot::error::TryRecvError::Closed) => return Err(IndexError::Ended),
            }
        }
        let is_due = self.committed_at.elapsed() >= COMMIT_INTERVAL && self.fresh.len() > 0;
        if self.commit.is_none() && (is_due || self.fresh.len() >= MANY_FRESH_POSTS) {
            self.commit = Some(self.start_commit());
        }
        Ok(())
    }

    /// Returns when everything applied is on disk.
    async fn commit_all(&mut self) -> Result<(), IndexError> {
        // The commit that runs, if any, comes before this one: both are done by one thread in
        // order.
        self.commit = None;
        let commit = self.start_commit();
        let searcher = commit.searcher.await.map_err(|_| IndexError::Ended)??;
        self.adopt(searcher, commit.batch)
    }

    /// Leaves everything applied on disk.
    pub(crate) async fn close(mut self) -> Result<(), IndexError> {
        self.commit_all().await?;
        self.base.close().await;
        Ok(())
    }

    fn start_commit(&mut self) -> RunningCommit {
        self.committed_at = Instant::now();
        RunningCommit { batch: self.fresh.batch(), searcher: self.base.commit(self.position) }
    }

    fn adopt(&mut self, searcher: Searcher, batch: u64) -> Result<(), IndexError> {
        self.base_searcher = searcher;
        self.fresh.forget(batch, &self.fields)?;
        self.publish();
        Ok(())
    }

    fn publish(&self) {
        let base = Layer { searcher: self.base_searcher.clone(), replaced: self.fresh.changed() };
        let fresh = self
            .fresh
            .searcher()
            .map(|searcher| Layer { searcher: searcher.clone(), replaced: Arc::default() });
        let layers = [Some(base), fresh].into_iter().flatten().collect();
        self.publisher.0.send_replace(Some(Arc::new(View::new(layers, self.complete_below))));
    }
}
