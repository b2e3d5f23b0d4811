use std::{
    collections::HashSet,
    io,
    sync::{Arc, PoisonError, RwLock},
    thread,
};

use tokio::sync::{mpsc, oneshot, watch};
use tracing::info;
use uuid::Uuid;

use super::state::{Engines, PreparedChange};
use crate::changes::{Post, PostChange};

/// Pages and portions that wait to be applied. More, and whoever brings them waits.
const MOST_COMMANDS_WAITING: usize = 4;
/// Changes applied before questions get their turn: some milliseconds.
const CHANGES_AT_ONCE: usize = 64;

pub(super) enum Command {
    /// Changes, and the position reached with them.
    Apply(Vec<PostChange>, u64),
    /// Posts as they were after the first changes began to be applied.
    Fill(Vec<Post>),
    /// All posts have come.
    Filled,
}

/// Applies changes to the engines, on a thread of its own.
pub(crate) struct EngineThread {
    commands: mpsc::Sender<Command>,
    ended: oneshot::Receiver<io::Result<()>>,
}

/// Brings the posts that are there at the start.
pub(crate) struct Filling(pub(super) mpsc::Sender<Command>);

impl EngineThread {
    /// `position` gets a value as soon as all posts have come.
    pub(crate) fn start(
        engines: Arc<RwLock<Engines>>,
        position: watch::Sender<Option<u64>>,
    ) -> Self {
        let (commands, received) = mpsc::channel(MOST_COMMANDS_WAITING);
        let (end, ended) = oneshot::channel();
        thread::spawn(move || {
            let mut applying = Applying {
                engines,
                position,
                reached: 0,
                changed_while_filling: Some(HashSet::new()),
            };
            // Nobody listens any more once the service stops.
            let _ = end.send(applying.work(received));
        });
        Self { commands, ended }
    }

    pub(crate) fn filling(&self) -> Filling {
        Filling(self.commands.clone())
    }

    /// Fails when an earlier change could not be applied.
    pub(crate) async fn apply(
        &mut self,
        changes: Vec<PostChange>,
        complete_below: u64,
    ) -> io::Result<()> {
        match self.commands.send(Command::Apply(changes, complete_below)).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.failure().await),
        }
    }

    async fn failure(&mut self) -> io::Error {
        match (&mut self.ended).await {
            Ok(Err(error)) => error,
            _ => io::Error::other("the thread of the engines ended"),
        }
    }
}

struct Applying {
    engines: Arc<RwLock<Engines>>,
    position: watch::Sender<Option<u64>>,
    reached: u64,
    /// Posts of which something newer is known than what the filling brings. None once that is over.
    changed_while_filling: Option<HashSet<Uuid>>,
}

impl Applying {
    fn work(&mut self, mut commands: mpsc::Receiver<Command>) -> io::Result<()> {
        while let Some(command) = commands.blocking_recv() {
            match command {
                Command::Apply(changes, reached) => self.apply(&changes, reached)?,
                Command::Fill(posts) => self.fill(&posts)?,
                Command::Filled => self.finish_filling(),
            }
            self.maintain(false);
        }
        Ok(())
    }

    fn apply(&mut self, changes: &[PostChange], reached: u64) -> io::Result<()> {
        if let Some(changed) = &mut self.changed_while_filling {
            changed.extend(changes.iter().map(PostChange::id));
        }
        for some in changes.chunks(CHANGES_AT_ONCE) {
            self.apply_prepared(some.iter().map(PreparedChange::of).collect())?;
        }
        if !changes.is_empty() {
            self.with_engines(|engines| engines.store.regain_space())?;
        }
        self.reached = reached;
        self.publish();
        Ok(())
    }

    fn fill(&mut self, posts: &[Post]) -> io::Result<()> {
        let Some(changed) = &self.changed_while_filling else {
            return Ok(());
        };
        let unchanged = posts.iter().filter(|post| !changed.contains(&post.id));
        let prepared: Vec<PreparedChange> = unchanged.map(PreparedChange::of_post).collect();
        self.apply_prepared(prepared)
    }

    fn finish_filling(&mut self) {
        self.changed_while_filling = None;
        self.maintain(true);
        self.publish();
        let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
        let names = engines.vocabulary.len();
        info!(posts = engines.store.len(), names, bytes = ?engines.bytes(), "filled the engines");
    }

    fn apply_prepared(&self, changes: Vec<PreparedChange>) -> io::Result<()> {
        self.with_engines(|engines| {
            changes.into_iter().try_for_each(|change| engines.apply(change))
        })
    }

    fn publish(&self) {
        if self.changed_while_filling.is_none() {
            self.position.send_replace(Some(self.reached));
        }
    }

    /// Brings what was added lately into its final form. Questions are answered meanwhile: no other
    /// thread changes the engines.
    fn maintain(&self, all: bool) {
        let (sketches, vocabulary) = {
            let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
            let is_filling = self.changed_while_filling.is_some();
            let sketches = (all || engines.sketches().needs_merging())
                .then(|| engines.sketches().merged(|slot| engines.store.has(slot), all));
            let vocabulary = (all || engines.vocabulary.needs_sorting() && !is_filling)
                .then(|| engines.vocabulary.sorted());
            (sketches, vocabulary)
        };
        self.with_engines(|engines| {
            if let Some(sketches) = sketches {
                engines.sketches_mut().adopt(sketches);
            }
            if let Some(vocabulary) = vocabulary {
                engines.vocabulary = vocabulary;
            }
        });
    }

    /// A panic elsewhere while the lock was held leaves nothing half done: questions only read.
    fn with_engines<T>(&self, change: impl FnOnce(&mut Engines) -> T) -> T {
        change(&mut self.engines.write().unwrap_or_else(PoisonError::into_inner))
    }
}
