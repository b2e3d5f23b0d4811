use std::collections::HashMap;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::query::RelatedQuery;
use crate::{
    engines::EngineReader,
    error::Error,
    near_copies::{GramSet, Sketch, folded},
    posts::{StoredPost, Texts},
    search::{SearchEngine, SimilarPost, View},
};

/// Two posts that have more in common than this say the same, not something about the same.
const NEAR_COPY: f32 = 0.7;
/// Posts of one author that are shown, the author of the post asked about included.
const MOST_OF_AN_AUTHOR: usize = 2;
/// Looked at for each post that is shown; and when most of them are copies or a flood, once more.
const SIMILAR_PER_RELATED: usize = 3;
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
        cancellation: &CancellationToken,
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
        cancellation: &CancellationToken,
    ) -> Result<(Vec<SimilarPost>, usize), Error> {
        let asked = self.engines.text_of(query.post)?.ok_or(Error::NotFound)?;
        let similar = self.search.similar_posts(view, &asked, count, cancellation)?;
        if cancellation.is_cancelled() {
            return Err(Error::TooLate);
        }
        let mut shown = Shown::default();
        shown.take(Text::of(&asked));
        let mut found = Vec::with_capacity(query.limit);
        for post in &similar {
            let text = self.engines.text_of(post.post)?.as_ref().map(Text::of);
            if let Some(text) = text.filter(|text| shown.may_take(text)) {
                shown.take(text);
                found.push(*post);
            }
            if found.len() == query.limit {
                break;
            }
        }
        Ok((found, similar.len()))
    }
}

/// What a reader has seen.
#[derive(Default)]
struct Shown {
    texts: Vec<Text>,
    of_author: HashMap<Uuid, usize>,
}

struct Text {
    author: Uuid,
    folded: Vec<char>,
    sketch: Sketch,
}

impl Text {
    fn of(post: &StoredPost) -> Self {
        let folded = folded(&post.title, &post.content);
        let sketch = Sketch::of(&folded);
        Self { author: post.author_id, folded, sketch }
    }

    /// Only those that share a part of their sketches are worth comparing.
    fn is_near_copy_of(&self, other: &Self) -> bool {
        self.sketch.shares_with(&other.sketch)
            && GramSet::of(&self.folded).similarity(&GramSet::of(&other.folded)) >= NEAR_COPY
    }
}

impl Shown {
    fn may_take(&self, text: &Text) -> bool {
        let of_author = self.of_author.get(&text.author).copied().unwrap_or_default();
        of_author < MOST_OF_AN_AUTHOR && !self.texts.iter().any(|seen| text.is_near_copy_of(seen))
    }

    fn take(&mut self, text: Text) {
        *self.of_author.entry(text.author).or_default() += 1;
        self.texts.push(text);
    }
}
