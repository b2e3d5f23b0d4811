use std::{
    collections::HashMap,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument,
    indexer::{IndexWriterOptions, LogMergePolicy},
};
use tokio::{sync::oneshot, time::timeout};
use tracing::{debug, warn};
use uuid::Uuid;

use super::{
    analysis::Stems,
    replacing::PostsById,
    schema::{Fields, tokenizers},
};
use crate::changes::{Position, Post, PostChange};

const MERGING_THREADS: usize = 1;
const LONGEST_WAIT_FOR_MERGES: Duration = Duration::from_secs(2);
/// The share of a segment from which on it is worth writing it anew without them.
const MOST_DELETED_POSTS: f32 = 0.3;

/// Changes that wait to be applied together: taking posts out of the index costs as much for many as
/// for one.
const MOST_CHANGES_WAITING: usize = 4_096;

/// What writing may take of the machine.
#[derive(Clone, Copy)]
pub(super) struct WritingLimits {
    pub(super) threads: usize,
    /// That a thread may hold before it must write a segment.
    pub(super) bytes_of_a_thread: usize,
}

/// What is stored with each commit: of what and how far the index is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    pub(super) schema_version: u32,
    /// See `Connection::database_identity`.
    pub(super) database: String,
    pub(super) position: Position,
}

/// The index on disk.
pub(super) struct Base {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
    origin: Origin,
    /// By post; none when it is deleted.
    waiting: HashMap<Uuid, Option<TantivyDocument>>,
}

impl Base {
    pub(super) fn create(
        folder: &Path,
        fields: Fields,
        origin: Origin,
        limits: WritingLimits,
    ) -> tantivy::Result<Self> {
        let index = Index::create_in_dir(folder, fields.schema.clone())?;
        Self::new(index, fields, origin, limits)
    }

    pub(super) fn new(
        mut index: Index,
        fields: Fields,
        origin: Origin,
        limits: WritingLimits,
    ) -> tantivy::Result<Self> {
        index.set_tokenizers(tokenizers());
        let options = IndexWriterOptions::builder()
            .num_worker_threads(limits.threads)
            .memory_budget_per_thread(limits.bytes_of_a_thread)
            .num_merge_threads(MERGING_THREADS)
            .build();
        let writer = index.writer_with_options(options)?;
        let mut merge_policy = LogMergePolicy::default();
        merge_policy.set_del_docs_ratio_before_merge(MOST_DELETED_POSTS);
        writer.set_merge_policy(Box::new(merge_policy));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { writer, reader, fields, origin, waiting: HashMap::new() })
    }

    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Adds a post that is known not to be there. Several threads may.
    pub(super) fn add(&self, post: &Post, stems: &mut Stems) -> tantivy::Result<()> {
        self.writer.add_document(self.fields.document(post, stems))?;
        Ok(())
    }

    /// Applying a change again changes nothing.
    pub(super) fn apply(&mut self, changes: &[PostChange]) -> tantivy::Result<()> {
        let mut stems = Stems::take();
        for change in changes {
            let document = match change {
                PostChange::Written(post) => Some(self.fields.document(post, &mut stems)),
                PostChange::Deleted(_) => None,
            };
            self.waiting.insert(change.id(), document);
            if self.waiting.len() >= MOST_CHANGES_WAITING {
                self.write_waiting()?;
            }
        }
        Ok(())
    }

    fn write_waiting(&mut self) -> tantivy::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let replaced = PostsById::new(self.waiting.keys().copied());
        self.writer.delete_query(Box::new(replaced))?;
        for document in std::mem::take(&mut self.waiting).into_values().flatten() {
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    /// Makes all that was applied durable and visible, together with how far that is.
    pub(super) fn commit(&mut self, position: Position) -> tantivy::Result<Searcher> {
        self.write_waiting()?;
        self.origin.position = position;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(&self.origin).unwrap_or_default());
        commit.commit()?;
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        debug!(?position, segments = searcher.segment_readers().len(), "committed");
        Ok(searcher)
    }

    /// Lets merges under way come to their end.
    pub(super) fn close(self) -> tantivy::Result<()> {
        self.writer.wait_merging_threads()
    }
}

type Committed = oneshot::Sender<tantivy::Result<Searcher>>;

enum Command {
    Apply(Vec<PostChange>),
    Commit(Position, Committed),
}

/// A base at work on a thread of its own, so that a commit holds nobody up.
pub(super) struct BaseThread {
    commands: Sender<Command>,
    ended: oneshot::Receiver<()>,
}

impl BaseThread {
    pub(super) fn start(base: Base) -> Self {
        let (commands, received) = channel();
        let (end, ended) = oneshot::channel();
        thread::spawn(move || {
            work(base, &received);
            // Whoever waited for it may have lost patience.
            let _ = end.send(());
        });
        Self { commands, ended }
    }

    /// Errors come to light with the next commit.
    pub(super) fn apply(&self, changes: Vec<PostChange>) {
        // A thread that has ended says so at the next commit, too.
        let _ = self.commands.send(Command::Apply(changes));
    }

    /// Commits all that was applied before. The receiver fails when the thread has ended.
    pub(super) fn commit(
        &self,
        position: Position,
    ) -> oneshot::Receiver<tantivy::Result<Searcher>> {
        let (committed, result) = oneshot::channel();
        let _ = self.commands.send(Command::Commit(position, committed));
        result
    }

    /// Ends the thread, and waits a little for its merges: they are safe to lose, but work done.
    pub(super) async fn close(self) {
        drop(self.commands);
        let _ = timeout(LONGEST_WAIT_FOR_MERGES, self.ended).await;
    }
}

fn work(mut base: Base, commands: &Receiver<Command>) {
    // Once a change could not be applied, no commit may claim that it was.
    let mut applied: tantivy::Result<()> = Ok(());
    for command in commands {
        match command {
            Command::Apply(changes) => applied = applied.and_then(|()| base.apply(&changes)),
            Command::Commit(position, committed) => {
                let result = applied.clone().and_then(|()| base.commit(position));
                applied = result.as_ref().map(|_| ()).map_err(Clone::clone);
                // Whoever asked may have stopped.
                let _ = committed.send(result);
            }
        }
    }
    if let Err(error) = base.close() {
        warn!(%error, "merging segments failed");
    }
}
