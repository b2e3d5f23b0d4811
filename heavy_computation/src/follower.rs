//! Keeps the engines true to Postgres: applies one page of changes after another, for as long
//! as it takes.

use std::{
    convert::Infallible,
    io,
    sync::{Arc, RwLock},
    time::Duration,
};

use tokio::{sync::watch, time::sleep};
use tokio_postgres::Config;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::{debug, info, warn};

use crate::{
    changes::{ChangeFeed, ChangesError, Connection},
    engines::{EngineThread, Engines, fill},
    metrics::{Progress, ProgressReport},
    rebuild::rebuild,
    search::{IndexError, IndexFolder, Indexer, Publisher, StoredIndex},
};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error(transparent)]
    Changes(#[from] ChangesError),
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The engines in memory could not keep their file.
    #[error("file of posts: {0}")]
    Posts(#[from] io::Error),
    /// Started again, this service builds the index of the database that is there now.
    #[error(
        "PUBLISHED_DATABASE_URL leads to another database than at the start, \
         or to one without the changes since the last one read"
    )]
    OtherDatabase,
}

impl From<tantivy::TantivyError> for FollowError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.into())
    }
}

pub(crate) struct Follower {
    database: Config,
    folder: IndexFolder,
    engines: Arc<RwLock<Engines>>,
    /// How far the engines in memory are, once they hold every post.
    engines_position: watch::Sender<Option<u64>>,
    caught_up: watch::Sender<bool>,
    progress: ProgressReport,
}

/// An index, and the identity of the database that it is made of.
struct Opened {
    stored: StoredIndex,
    identity: String,
}

impl Follower {
    /// `caught_up` becomes true as soon as nothing is left to apply for the first time.
    pub(crate) fn new(
        database: Config,
        folder: IndexFolder,
        engines: Arc<RwLock<Engines>>,
        engines_position: watch::Sender<Option<u64>>,
        caught_up: watch::Sender<bool>,
        progress: ProgressReport,
    ) -> Self {
        Self { database, folder, engines, engines_position, caught_up, progress }
    }

    /// Runs until `stop`, then commits. Outlives Postgres; ends early only when the index cannot be
    /// written.
    pub(crate) async fn run(
        self,
        publisher: Publisher,
        stop: CancellationToken,
    ) -> Result<(), FollowError> {
        let Some(opened) = stop.run_until_cancelled(self.open()).await else {
            return Ok(());
        };
        let Opened { stored, identity } = opened?;
        let mut indexer = Indexer::new(stored, publisher);
        let engines = Arc::clone(&self.engines);
        let mut engines = EngineThread::start(engines, self.engines_position.clone());
        let filling = tokio::spawn(fill(self.database.clone(), engines.filling()));
        let _filling = AbortOnDropHandle::new(filling);
        let follow = self.follow(&mut indexer, &mut engines, &identity);
        if let Some(Err(error)) = stop.run_until_cancelled(follow).await {
            return Err(error);
        }
        Ok(indexer.close().await?)
    }

    async fn open(&self) -> Result<Opened, FollowError> {
        let mut pause = Pause::default();
        loop {
            match self.try_open().await {
                Err(FollowError::Changes(error)) => pause.after(&error).await,
                opened => return opened,
            }
        }
    }

    /// The index of the folder, built anew if it will not do.
    async fn try_open(&self) -> Result<Opened, FollowError> {
        let connection = Connection::open(&self.database).await?;
        let identity = connection.database_identity().await?;
        if let Some(stored) = self.folder.open(&identity) {
            if connection.continues(stored.position).await? {
                return Ok(Opened { stored, identity });
            }
            info!("the database does not continue the index, which must be built anew");
        }
        rebuild(&self.folder, &connection, &identity).await?;
        self.progress.rebuilt();
        let stored = self.folder.open(&identity).ok_or(IndexError::Unreadable)?;
        Ok(Opened { stored, identity })
    }

    async fn follow(
        &self,
        indexer: &mut Indexer,
        engines: &mut EngineThread,
        identity: &str,
    ) -> Result<Infallible, FollowError> {
        let mut pause = Pause::default();
        loop {
            match self.follow_one_connection(indexer, engines, identity, &mut pause).await {
                Err(FollowError::Changes(error)) => pause.after(&error).await,
                ended => return ended,
            }
        }
    }

    async fn follow_one_connection(
        &self,
        indexer: &mut Indexer,
        engines: &mut EngineThread,
        identity: &str,
        pause: &mut Pause,
    ) -> Result<Infallible, FollowError> {
        let feed = ChangeFeed::open(&self.database).await?;
        let connection = feed.connection();
        if connection.database_identity().await? != identity
            || !connection.continues(indexer.position()).await?
        {
            return Err(FollowError::OtherDatabase);
        }
        info!(position = ?indexer.position(), "following changes");
        *pause = Pause::default();
        loop {
            let page = feed.next_page(indexer.position()).await?;
            let (is_last, changes) = (page.is_last, page.posts.len());
            let progress = Progress {
                positions_behind: page.positions_behind,
                complete_until: page.complete_until,
            };
            engines.apply(page.posts.clone(), page.complete_below).await?;
            indexer.apply(page).await?;
            indexer.maintain()?;
            self.progress.applied(changes, progress);
            if is_last {
                self.caught_up.send_if_modified(|caught_up| !std::mem::replace(caught_up, true));
                feed.wait().await;
            }
        }
    }
}

/// Waits longer and longer between tries, and complains once.
pub(crate) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(SHORTEST_PAUSE)
    }
}

impl Pause {
    pub(crate) async fn after(&mut self, error: &ChangesError) {
        if self.0 == SHORTEST_PAUSE {
            warn!(%error, "cannot read changes; trying again");
        } else {
            debug!(%error, "still cannot read changes");
        }
        sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST_PAUSE);
    }
}
