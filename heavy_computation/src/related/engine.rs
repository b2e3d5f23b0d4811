use std::collections::HashMap;

use uuid::Uuid;

use super::query::RelatedQuery;
use crate::{
    cancellation::Cancellation,
    engines::EngineReader,
    error::Error,
    near_copies::{GramFilter, GramSet, folded},
    posts::Texts,
    search::{SearchEngine, SimilarPost, View},
};

/// Two posts that have more in common than this say the same, not something about the same.
const NEAR_COPY: f32 = 0.7;
/// Posts of one author that are shown, the author of the post asked about included.
const MOST_OF_AN_AUTHOR: usize = 2;
/// Looked at for each post that is shown; and when most of them are copies or a flood, once more.
const SIMILAR_PER_RELATED: usize = 2;
const SIMILAR_IN_A_FLOOD: usize = 1_000;

/// Finds related posts in the index and the engines in memory.
pub(crate) struct RelatedPosts {
    pub(crate) search: SearchEngine,
    pub(crate) engines: EngineReader,
}

impl RelatedPosts {
    /// Best first. Takes milliseconds of computing.
    pub(crate) fn find(
        &self,
        view: &View,
        query: &RelatedQuery,
        cancellation: &Cancellation,
    ) -> Result<Vec<SimilarPost>, Error> {
        let few = query.limit * SIMILAR_PER_RELATED;
        let (found, looked_at) = self.among(view, query, few, cancellation)?;
        if found.len() == query.limit || looked_at < few {
            return Ok(found);
        }
        Ok(self.among(view, query, SIMILAR_IN_A_FLOOD, cancellation)?.0)
    }

    /// Also how many were looked at.
    fn among(
        &self,
        view: &View,
        query: &RelatedQuery,
        count: usize,
        cancellation: &Cancellation,
    ) -> Result<(Vec<SimilarPost>, usize), Error> {
        let asked = self.engines.text_of(query.post)?.ok_or(Error::NotFound)?;
        let similar =
            self.search.similar_posts(view, &asked, count, &self.engines, cancellation)?;
        if cancellation.is_cancelled() {
            return Err(Error::TooLate);
        }
        let mut shown = Shown::default();
        shown.take(asked.author_id, &folded(&asked.title, &asked.content));
        let mut found = Vec::with_capacity(query.limit);
        let looked_at = similar.len();
        for similar in similar {
            let post = &similar.post;
            let folded = folded(&post.title, &post.content);
            if shown.may_take(post.author_id, &folded) {
                shown.take(post.author_id, &folded);
                found.push(similar);
            }
            if found.len() == query.limit {
                break;
            }
        }
        Ok((found, looked_at))
    }
}

/// What a reader has seen.
#[derive(Default)]
struct Shown {
    texts: Vec<Seen>,
    of_author: HashMap<Uuid, usize>,
}

struct Seen {
    grams: GramSet,
    /// Spares most comparisons.
    filter: GramFilter,
}

impl Shown {
    fn may_take(&self, author: Uuid, folded: &[char]) -> bool {
        let of_author = self.of_author.get(&author).copied().unwrap_or_default();
        of_author < MOST_OF_AN_AUTHOR && !self.has_near_copy_of(folded)
    }

    fn has_near_copy_of(&self, folded: &[char]) -> bool {
        let mut grams = None;
        let mut may_be = self.texts.iter().filter(|seen| seen.filter.may_reach(NEAR_COPY, folded));
        may_be.any(|seen| {
            let grams = grams.get_or_insert_with(|| GramSet::of(folded));
            seen.grams.similarity(grams) >= NEAR_COPY
        })
    }

    fn take(&mut self, author: Uuid, folded: &[char]) {
        *self.of_author.entry(author).or_default() += 1;
        let grams = GramSet::of(folded);
        let filter = GramFilter::of(folded, &grams);
        self.texts.push(Seen { grams, filter });
    }
}
