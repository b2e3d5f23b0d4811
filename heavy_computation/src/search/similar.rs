//! The posts that have most in common with a post: its words of the highest weight are a query
//! ("more like this").

use std::collections::HashMap;

use tantivy::{DocAddress, postings::TermInfo, schema::IndexRecordOption};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    analysis::Stems,
    cursor::Cursor,
    engine::SearchEngine,
    meaning::meaningful_terms,
    ranking::{Candidate, Rank, TopCandidates},
    scoring::{Lengths, Points, ScoredPosts, offer_best, points_of, score_of},
    statistics::Statistics,
    terms::{QueryTerms, SegmentTerms},
    view::{Ids, View},
};
use crate::posts::StoredPost;

/// Words of a post that make up the query. More find better posts, and take longer.
const MOST_TERMS: usize = 40;
/// What a word is expected to be worth to a post, as a share of what it would be worth if repeated without
/// end: about that of standing once in a post of mean length. Posts that cannot be among the best if no word
/// is worth more are passed over. Of the ten best of 1,000 posts among 100,000 this changed 4 in 10,000;
/// among 500,000 it takes half of the time.
const EXPECTED_WORTH: f32 = 0.5;
/// Matches looked at between two looks at whether anybody still waits for the answer.
const MATCHES_BETWEEN_CHECKS: u32 = 1024;

/// A post, and how much it has in common with the one asked about: a share of what that has in common with
/// itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SimilarPost {
    pub(crate) post: Uuid,
    pub(crate) score: f32,
}

/// A term of the post, where it is found, and how much it counts.
struct QueryTerm {
    weight: f32,
    /// For each segment.
    infos: Vec<Option<TermInfo>>,
}

impl SearchEngine {
    /// Best first, at most `limit`, without the post itself. Takes milliseconds of computing; with too
    /// few when cancelled.
    pub(crate) fn similar_posts(
        &self,
        view: &View,
        post: &StoredPost,
        limit: usize,
        cancellation: &CancellationToken,
    ) -> tantivy::Result<Vec<SimilarPost>> {
        let segments = QueryTerms::look_up(view, self.fields(), &[], None)?.segments;
        let frequencies = meaningful_terms(post, &mut Stems::take());
        let statistics = statistics_of(&segments);
        let terms = heaviest(frequencies, &segments, &statistics)?;
        // The post itself is one of them.
        let mut top = TopCandidates::new(limit + 1, None);
        for number in 0..segments.len() {
            self.offer_posts(&segments, number, &terms, &statistics, &mut top, cancellation)?;
        }
        let ranked = top.into_ranked();
        let own = ranked.iter().find(|candidate| candidate.rank.post == post.id);
        let own_score = own.or(ranked.first()).map_or(1.0, |candidate| candidate.rank.score);
        let others = ranked.iter().map(|candidate| candidate.rank);
        let similar = others
            .filter(|rank| rank.post != post.id)
            .map(|rank| SimilarPost { post: rank.post, score: rank.score / own_score });
        Ok(similar.take(limit).collect())
    }

    fn offer_posts(
        &self,
        segments: &[SegmentTerms<'_>],
        number: usize,
        terms: &[QueryTerm],
        statistics: &Statistics,
        top: &mut TopCandidates,
        cancellation: &CancellationToken,
    ) -> tantivy::Result<()> {
        let segment = &segments[number];
        let lengths = segment.reader.get_fieldnorms_reader(self.fields().text)?;
        let lengths = Lengths::new(lengths, statistics.mean_length());
        let mut lists = Vec::new();
        for term in terms {
            if let Some(info) = &term.infos[number] {
                let cursor = Cursor::open(&segment.text, info, IndexRecordOption::WithFreqs)?;
                let list = ScoredPosts::in_text(cursor, term.weight, &lengths);
                lists.push(list.with_best(EXPECTED_WORTH));
            }
        }
        let ids = Ids::open(segment.reader)?;
        let mut matches: u32 = 0;
        offer_best(lists, &lengths, points_of(top.threshold()), |document, points| {
            let post = ids.get(document);
            if !segment.reader.is_deleted(document) && !segment.layer.replaced.contains(&post) {
                let rank = Rank { score: score_of(points), post };
                let address = DocAddress::new(segment.ordinal, document);
                top.offer(Candidate { rank, layer: segment.layer_number, address });
            }
            matches = matches.wrapping_add(1);
            let is_due = matches.is_multiple_of(MATCHES_BETWEEN_CHECKS);
            let is_over = is_due && cancellation.is_cancelled();
            if is_over { Points::MAX } else { points_of(top.threshold()) }
        });
        Ok(())
    }
}

fn statistics_of(segments: &[SegmentTerms<'_>]) -> Statistics {
    let posts = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
    let text_tokens = segments.iter().map(|segment| segment.text.total_num_tokens()).sum();
    Statistics { posts, text_tokens, ..Statistics::default() }
}

/// The terms that say most of the post, by how often they stand in it and in how few others; none that
/// stands in it alone.
fn heaviest(
    frequencies: HashMap<String, u32>,
    segments: &[SegmentTerms<'_>],
    statistics: &Statistics,
) -> tantivy::Result<Vec<QueryTerm>> {
    let mut terms = Vec::with_capacity(frequencies.len());
    for (term, frequency) in frequencies {
        let infos: Vec<Option<TermInfo>> = segments
            .iter()
            .map(|segment| Ok(segment.text.terms().get(&term)?))
            .collect::<tantivy::Result<_>>()?;
        let posts = infos.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
        if posts > 1 {
            let weight = statistics.weight(posts) * (1.0 + (frequency as f32).ln());
            terms.push((term, QueryTerm { weight, infos }));
        }
    }
    terms.sort_by(|(one_term, one), (other_term, other)| {
        other.weight.total_cmp(&one.weight).then_with(|| one_term.cmp(other_term))
    });
    terms.truncate(MOST_TERMS);
    Ok(terms.into_iter().map(|(_, term)| term).collect())
}
