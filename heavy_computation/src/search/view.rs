use std::{collections::HashSet, sync::Arc};

use tantivy::{DocAddress, Searcher, TantivyDocument};
use uuid::Uuid;

use super::ranking::Candidate;

/// All posts as they were at one time. Views do not change: a search works on one from beginning to
/// end.
pub(crate) struct View {
    layers: Vec<Layer>,
    /// Every change of the transactions below this is in it.
    pub(crate) complete_below: u64,
}

/// A part of the posts, and which of them do not count because a later layer has them anew or they
/// are gone.
pub(super) struct Layer {
    pub(super) searcher: Searcher,
    pub(super) replaced: Arc<HashSet<Uuid>>,
}

impl View {
    pub(super) fn new(layers: Vec<Layer>, complete_below: u64) -> Self {
        Self { layers, complete_below }
    }

    pub(super) fn layers(&self) -> &[Layer] {
        &self.layers
    }

    pub(super) fn document(&self, candidate: &Candidate) -> tantivy::Result<TantivyDocument> {
        self.layers[candidate.layer].searcher.doc(candidate.address)
    }
}

impl Layer {
    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &tantivy::SegmentReader)> {
        (0..).zip(self.searcher.segment_readers())
    }
}

/// The ids of a segment's posts.
pub(super) struct Ids {
    high: tantivy::columnar::Column<u64>,
    low: tantivy::columnar::Column<u64>,
}

impl Ids {
    pub(super) fn open(segment: &tantivy::SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self { high: columns.u64("id_high")?, low: columns.u64("id_low")? })
    }

    pub(super) fn get(&self, address: DocAddress) -> Uuid {
        let half = |column: &tantivy::columnar::Column<u64>| {
            column.first(address.doc_id).unwrap_or_default()
        };
        Uuid::from_u64_pair(half(&self.high), half(&self.low))
    }
}
