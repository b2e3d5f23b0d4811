use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tantivy::{
    Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, directory::RamDirectory,
};
use uuid::Uuid;

use super::{
    analysis::Stems,
    schema::{Fields, tokenizers},
};
use crate::changes::PostChange;

/// Memory that the writer of the small index may fill. It never does.
const WRITER_MEMORY: usize = 15_000_000;

/// The changes that the base has not committed yet. They make up an index of their own, built anew
/// in memory with each batch, because a commit to disk for each would leave thousands of tiny
/// segments.
#[derive(Default)]
pub(super) struct Fresh {
    batch: u64,
    changes: HashMap<Uuid, FreshChange>,
    searcher: Option<Searcher>,
    changed: Arc<HashSet<Uuid>>,
}

struct FreshChange {
    batch: u64,
    /// None when the post is deleted.
    document: Option<TantivyDocument>,
}

impl Fresh {
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// The number of the last batch put.
    pub(super) fn batch(&self) -> u64 {
        self.batch
    }

    pub(super) fn searcher(&self) -> Option<&Searcher> {
        self.searcher.as_ref()
    }

    /// The posts that do not count in the base any more.
    pub(super) fn changed(&self) -> Arc<HashSet<Uuid>> {
        Arc::clone(&self.changed)
    }

    pub(super) fn put(&mut self, changes: &[PostChange], fields: &Fields) -> tantivy::Result<()> {
        self.batch += 1;
        let mut stems = Stems::take();
        for change in changes {
            let document = match change {
                PostChange::Written(post) => Some(fields.document(post, &mut stems)),
                PostChange::Deleted(_) => None,
            };
            self.changes.insert(change.id(), FreshChange { batch: self.batch, document });
        }
        self.build(fields)
    }

    /// Forgets what the base has committed: every batch up to and including this.
    pub(super) fn forget(&mut self, batch: u64, fields: &Fields) -> tantivy::Result<()> {
        self.changes.retain(|_, change| change.batch > batch);
        self.build(fields)
    }

    fn build(&mut self, fields: &Fields) -> tantivy::Result<()> {
        self.changed = Arc::new(self.changes.keys().copied().collect());
        let documents = self.changes.values().filter_map(|change| change.document.as_ref());
        self.searcher = index_in_memory(documents, fields)?;
        Ok(())
    }
}

fn index_in_memory<'documents>(
    documents: impl Iterator<Item = &'documents TantivyDocument>,
    fields: &Fields,
) -> tantivy::Result<Option<Searcher>> {
    let mut documents = documents.peekable();
    if documents.peek().is_none() {
        return Ok(None);
    }
    let mut writer = Index::builder()
        .schema(fields.schema.clone())
        .tokenizers(tokenizers())
        .single_segment_index_writer(RamDirectory::default(), WRITER_MEMORY)?;
    for document in documents {
        writer.add_document(document.clone())?;
    }
    let index = writer.finalize()?;
    let reader: IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Some(reader.searcher()))
}
