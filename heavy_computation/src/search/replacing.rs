use std::{collections::HashSet, sync::Arc};

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError,
    query::{EnableScoring, Explanation, Query, Scorer, Weight},
};
use uuid::Uuid;

use super::view::Ids;

/// Matches posts by their ids, which no dictionary holds: that would be a fifth of the index, and is
/// needed for nothing else. Looks through all ids of a segment, some milliseconds for a million posts:
/// so there should be one for many posts.
#[derive(Clone, Debug)]
pub(super) struct PostsById(Arc<HashSet<Uuid>>);

impl PostsById {
    pub(super) fn new(posts: impl Iterator<Item = Uuid>) -> Self {
        Self(Arc::new(posts.collect()))
    }
}

impl Query for PostsById {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PostsById {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let lower_halves: rustc_hash::FxHashSet<u64> =
            self.0.iter().map(|id| id.as_u64_pair().1).collect();
        let ids = Ids::open(segment)?;
        // Nearly all posts are told apart by one half.
        let found = (0..segment.max_doc()).filter(|post| {
            lower_halves.contains(&ids.lower_half(*post)) && self.0.contains(&ids.get(*post))
        });
        Ok(Box::new(Found { posts: found.collect(), at: 0 }))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("posts by id have no score".to_owned()))
    }
}

struct Found {
    posts: Vec<DocId>,
    at: usize,
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.posts.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.posts.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Found {
    fn score(&mut self) -> Score {
        1.0
    }
}
