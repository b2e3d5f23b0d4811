//! What the best posts have in common ranks all others anew, in a query of several words (RM3: Abdul-Jaleel
//! and others, "UMass at TREC 2004: novelty and HARD", 2004).
//!
//! It makes no post match that holds no word that was typed. A short query is left as it is: it is asked
//! most often, has to be answered fastest, and its best posts may be of several topics.

use std::collections::HashMap;

use super::{
    analysis::Stems,
    matching::find_matches,
    meaning::Meaning,
    query::{Order, SearchQuery},
    ranking::TopCandidates,
    schema::Fields,
    statistics::Statistics,
    terms::QueryTerms,
};
use crate::{cancellation::Cancellation, posts::Texts};

/// Words of a query from which on it says enough.
const LEAST_WORDS: usize = 4;
const BEST_POSTS: usize = 5;
pub(super) const MOST_TERMS: usize = 10;
/// What all terms together count, compared to all typed words.
const WEIGHT_OF_ALL: f32 = 0.43;
const UNIT: f32 = 1_000.0;

/// A term of the best posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FeedbackTerm {
    pub(super) term: String,
    /// In how many posts it stands.
    pub(super) posts: u64,
    /// What it counts, in thousandths of a typed word.
    pub(super) thousandths: u32,
}

impl FeedbackTerm {
    pub(super) fn weight(&self) -> f32 {
        self.thousandths as f32 / UNIT
    }
}

/// The terms that say most of the best posts. None of a query that is too short.
pub(super) fn feedback(
    terms: &QueryTerms<'_>,
    fields: &Fields,
    query: &SearchQuery,
    statistics: &Statistics,
    texts: &dyn Texts,
    cancellation: &Cancellation,
) -> tantivy::Result<Vec<FeedbackTerm>> {
    if query.words.len() < LEAST_WORDS || query.order != Order::Relevance {
        return Ok(Vec::new());
    }
    let mut best = TopCandidates::new(BEST_POSTS, None);
    find_matches(terms, fields, query, statistics, texts, &mut best, cancellation)?;
    let mut shares: HashMap<String, f32> = HashMap::new();
    let mut stems = Stems::take();
    for candidate in best.into_ranked() {
        if let Some(post) = texts.text_of(candidate.rank.post)? {
            let frequencies = Meaning::of(&post, &mut stems).frequencies;
            let all = frequencies.values().sum::<u32>() as f32;
            for (term, frequency) in frequencies {
                *shares.entry(term).or_default() += candidate.rank.score * frequency as f32 / all;
            }
        }
    }
    let mut shares: Vec<(String, f32)> = shares.into_iter().collect();
    shares.sort_by(|(one_term, one), (other_term, other)| {
        other.total_cmp(one).then_with(|| one_term.cmp(other_term))
    });
    shares.truncate(MOST_TERMS);
    let all: f32 = shares.iter().map(|(_, share)| share).sum();
    let unit = WEIGHT_OF_ALL * query.words.len() as f32 * UNIT / all;
    let weighed = shares.into_iter().map(|(term, share)| {
        let posts = terms.posts_with_term(&term)?.min(statistics.posts);
        Ok(FeedbackTerm { term, posts, thousandths: (share * unit) as u32 })
    });
    weighed.collect()
}
