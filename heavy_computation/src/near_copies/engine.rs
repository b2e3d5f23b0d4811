use std::{cmp::Reverse, io};

use uuid::Uuid;

use super::{
    grams::{GramFilter, GramSet, folded},
    index::SketchIndex,
    query::NearCopyQuery,
};
use crate::{
    cancellation::Cancellation,
    posts::{PostStore, Slot},
};

/// Texts compared for one question. Those that share most come first.
const MOST_COMPARED: usize = 256;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NearCopy {
    pub(crate) post: Uuid,
    pub(crate) author: Uuid,
    /// Jaccard similarity of the grams of both texts.
    pub(crate) similarity: f32,
    /// Unix time in milliseconds.
    pub(crate) created_at_ms: i64,
}

/// Finds near-copies among the posts of a store.
pub(crate) struct NearCopies<'posts> {
    pub(crate) index: &'posts SketchIndex,
    pub(crate) store: &'posts PostStore,
}

impl NearCopies<'_> {
    /// The most similar first, of equals the oldest. Takes tens of microseconds. With too few when
    /// cancelled.
    pub(crate) fn find(
        &self,
        query: &NearCopyQuery,
        cancellation: &Cancellation,
    ) -> io::Result<Vec<NearCopy>> {
        let grams = GramSet::of(&query.folded);
        let filter = GramFilter::of(&query.folded, &grams);
        let mut found = Vec::new();
        for slot in self.candidates(query) {
            if cancellation.is_cancelled() {
                break;
            }
            found.extend(self.compared(slot, &grams, &filter, query.min_similarity)?);
        }
        found.sort_by(|one, other| {
            let most_similar = other.similarity.total_cmp(&one.similarity);
            // Ids are UUIDv7: within a millisecond, they are in order.
            let oldest = (one.created_at_ms, one.post).cmp(&(other.created_at_ms, other.post));
            most_similar.then(oldest)
        });
        found.truncate(query.limit);
        Ok(found)
    }

    fn candidates(&self, query: &NearCopyQuery) -> impl Iterator<Item = Slot> {
        let mut sharing = self.index.sharing(&query.sketch);
        sharing.sort_unstable();
        let mut counted: Vec<(Reverse<usize>, Slot)> = sharing
            .chunk_by(|one, other| one == other)
            .filter(|same| self.store.has(same[0]))
            .map(|same| (Reverse(same.len()), same[0]))
            .collect();
        counted.sort_unstable();
        counted.into_iter().map(|(_, slot)| slot).take(MOST_COMPARED)
    }

    fn compared(
        &self,
        slot: Slot,
        grams: &GramSet,
        filter: &GramFilter,
        min_similarity: f32,
    ) -> io::Result<Option<NearCopy>> {
        let Some(post) = self.store.read(slot)? else {
            return Ok(None);
        };
        let text = folded(&post.title, &post.content);
        if !filter.may_reach(min_similarity, &text) {
            return Ok(None);
        }
        let similarity = grams.similarity(&GramSet::of(&text));
        Ok((similarity >= min_similarity).then_some(NearCopy {
            post: post.id,
            author: post.author_id,
            similarity,
            created_at_ms: post.created_at_ms,
        }))
    }
}
