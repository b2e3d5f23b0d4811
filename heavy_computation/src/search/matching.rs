use tantivy::{
    DocAddress, DocId, Score, TERMINATED, postings::TermInfo, schema::IndexRecordOption,
};
use tokio_util::sync::CancellationToken;

use super::{
    cursor::{Cursor, Posts},
    filtering::Requirements,
    query::{Order, SearchQuery},
    ranking::{Candidate, Rank, TopCandidates},
    schema::Fields,
    scoring::{Lengths, Points, ScoredPosts, offer_best, points_of, score_of},
    statistics::Statistics,
    terms::{QueryTerms, SegmentTerms},
    view::Ids,
};

/// Matches looked at between two looks at whether anybody still waits for the answer.
const MATCHES_BETWEEN_CHECKS: u32 = 1024;
/// What a word says that begins as the last one was typed, compared to that one.
const WEIGHT_OF_A_BEGINNING: f32 = 0.25;

/// Offers every matching post of a view to `top` that may be among the best. Ends early, with too
/// few, when cancelled.
pub(super) fn find_matches(
    terms: &QueryTerms<'_>,
    fields: &Fields,
    query: &SearchQuery,
    statistics: &Statistics,
    top: &mut TopCandidates,
    cancellation: &CancellationToken,
) -> tantivy::Result<()> {
    for segment in &terms.segments {
        let Some(requirements) = Requirements::of(query, terms, segment, fields, cancellation)?
        else {
            continue;
        };
        let lists = match query.order {
            Order::Relevance => scored_posts(segment, statistics)?,
            Order::Newest => Vec::new(),
        };
        if lists.is_empty() && !query.words.is_empty() {
            continue;
        }
        let lengths = segment.reader.get_fieldnorms_reader(fields.text)?;
        let lengths = Lengths::new(lengths, statistics.mean_length());
        let offering = Offering {
            segment,
            ids: Ids::open(segment.reader)?,
            requirements,
            top,
            cancellation,
            matches: 0,
        };
        offering.offer_all(lists, &lengths);
    }
    Ok(())
}

/// The posts of a segment that hold any of the words.
fn scored_posts(
    segment: &SegmentTerms<'_>,
    statistics: &Statistics,
) -> tantivy::Result<Vec<ScoredPosts>> {
    let in_text = |term: &TermInfo, weight| -> tantivy::Result<ScoredPosts> {
        let cursor = Cursor::open(&segment.text, term, IndexRecordOption::WithFreqs)?;
        Ok(ScoredPosts::in_text(cursor, weight))
    };
    let mut lists = Vec::new();
    for (word, frequency) in segment.words.iter().zip(&statistics.words) {
        for term in &word.text {
            lists.push(in_text(term, statistics.weight(frequency.in_text))?);
        }
        for term in &word.author {
            let cursor = Cursor::open(&segment.author, term, IndexRecordOption::Basic)?;
            let weight = statistics.weight(frequency.as_author);
            lists.push(ScoredPosts::as_author(cursor, weight));
        }
    }
    let weight = WEIGHT_OF_A_BEGINNING * statistics.weight(statistics.as_beginning);
    for term in &segment.beginnings {
        lists.push(in_text(term, weight)?);
    }
    Ok(lists)
}

/// The way of a segment's matches to the top.
struct Offering<'search> {
    segment: &'search SegmentTerms<'search>,
    ids: Ids,
    requirements: Requirements,
    top: &'search mut TopCandidates,
    cancellation: &'search CancellationToken,
    matches: u32,
}

impl Offering<'_> {
    fn offer_all(mut self, lists: Vec<ScoredPosts>, lengths: &Lengths) {
        let with_words = lists.iter().map(|list| list.cursor.size()).fold(0, u32::saturating_add);
        if lists.is_empty() {
            let all = Posts::All { end: self.segment.reader.max_doc() };
            let required = self.requirements.take_rarest(u32::MAX).unwrap_or(all);
            self.offer_each(required, lists, lengths);
        } else if let Some(required) = self.requirements.take_rarest(with_words) {
            self.offer_each(required, lists, lengths);
        } else {
            let threshold = points_of(self.top.threshold());
            offer_best(lists, lengths, threshold, |post, points| {
                self.offer(post, points);
                if self.is_cancelled() { Points::MAX } else { points_of(self.top.threshold()) }
            });
        }
    }

    fn offer_each(&mut self, mut posts: Posts, mut lists: Vec<ScoredPosts>, lengths: &Lengths) {
        let mut post = posts.seek(0);
        while post != TERMINATED && !self.is_cancelled() {
            let points = lists.iter_mut().map(|list| list.points_at(post, lengths));
            let points = points.fold(0, Points::saturating_add);
            let has_words = lists.is_empty() || points > 0;
            if has_words && (points == 0 || points > points_of(self.top.threshold())) {
                self.offer(post, points);
            }
            post = posts.seek(post + 1);
        }
    }

    fn offer(&mut self, document: DocId, points: Points) {
        if self.segment.reader.is_deleted(document) || !self.requirements.are_met_by(document) {
            return;
        }
        let address = DocAddress::new(self.segment.ordinal, document);
        let post = self.ids.get(address);
        if self.requirements.are_met_by_id(post) && !self.segment.layer.replaced.contains(&post) {
            let score: Score = score_of(points);
            let layer = self.segment.layer_number;
            self.top.offer(Candidate { rank: Rank { score, post }, layer, address });
        }
    }

    fn is_cancelled(&mut self) -> bool {
        self.matches = self.matches.wrapping_add(1);
        self.matches.is_multiple_of(MATCHES_BETWEEN_CHECKS) && self.cancellation.is_cancelled()
    }
}
