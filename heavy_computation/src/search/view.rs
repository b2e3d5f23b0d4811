use std::{collections::HashSet, sync::Arc};

use tantivy::{DocId, Searcher};
use uuid::Uuid;

use super::{
    analysis::Language,
    schema::{ID_HIGH, ID_LOW, STEMMED_AS},
};

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
        Ok(Self { high: columns.u64(ID_HIGH)?, low: columns.u64(ID_LOW)? })
    }

    pub(super) fn get(&self, post: DocId) -> Uuid {
        let upper_half = self.high.first(post).unwrap_or_default();
        Uuid::from_u64_pair(upper_half, self.lower_half(post))
    }

    pub(super) fn lower_half(&self, post: DocId) -> u64 {
        self.low.first(post).unwrap_or_default()
    }
}

/// The languages that the words of a segment's posts were stemmed in.
pub(super) struct StemmedAs(tantivy::columnar::Column<u64>);

impl StemmedAs {
    pub(super) fn open(segment: &tantivy::SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(segment.fast_fields().u64(STEMMED_AS)?))
    }

    pub(super) fn get(&self, post: DocId) -> Language {
        Language::of_number(self.0.first(post).unwrap_or_default())
    }
}
