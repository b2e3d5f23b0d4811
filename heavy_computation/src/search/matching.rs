use tantivy::{DocAddress, DocId, TERMINATED, postings::TermInfo, schema::IndexRecordOption};
use uuid::Uuid;

use super::{
    analysis::Stems,
    cursor::{Cursor, Posts},
    filtering::Requirements,
    query::{Order, SearchQuery},
    ranking::{Candidate, Rank, TopCandidates},
    schema::Fields,
    scoring::{Lengths, Points, ScoredPosts, offer_best, points_of, score_of},
    statistics::Statistics,
    terms::{QueryTerms, SegmentTerms},
    view::{Ids, StemmedAs},
};
use crate::{cancellation::Cancellation, posts::Texts};

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
    texts: &dyn Texts,
    top: &mut TopCandidates,
    cancellation: &Cancellation,
) -> tantivy::Result<()> {
    for segment in &terms.segments {
        let Some(requirements) = Requirements::of(query, terms, segment, fields)? else {
            continue;
        };
        let lengths = segment.reader.get_fieldnorms_reader(fields.text)?;
        let lengths = Lengths::new(lengths, statistics.mean_length());
        let lists = match query.order {
            Order::Relevance => scored_posts(segment, statistics, &lengths)?,
            Order::Newest => Vec::new(),
        };
        if !query.words.is_empty() && !lists.iter().any(ScoredPosts::is_match) {
            continue;
        }
        let offering = Offering {
            segment,
            ids: Ids::open(segment.reader)?,
            stemmed_as: StemmedAs::open(segment.reader)?,
            requirements,
            texts,
            stems: Stems::take(),
            top,
            cancellation,
            matches: 0,
            failure: Ok(()),
        };
        offering.offer_all(lists, &lengths)?;
    }
    Ok(())
}

/// The posts of a segment that hold any of the words, and any of the terms that feedback brings.
fn scored_posts(
    segment: &SegmentTerms<'_>,
    statistics: &Statistics,
    lengths: &Lengths,
) -> tantivy::Result<Vec<ScoredPosts>> {
    let in_text = |term: &TermInfo, weight| -> tantivy::Result<ScoredPosts> {
        let cursor = Cursor::open(&segment.text, term, IndexRecordOption::WithFreqs)?;
        Ok(ScoredPosts::in_text(cursor, weight, lengths))
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
    for feedback in &statistics.feedback {
        if let Some(term) = segment.text.terms().get(&feedback.term)? {
            let weight = feedback.weight() * statistics.weight(feedback.posts);
            lists.push(in_text(&term, weight)?.only_to_rank());
        }
    }
    Ok(lists)
}

/// The way of a segment's matches to the top.
struct Offering<'search> {
    segment: &'search SegmentTerms<'search>,
    ids: Ids,
    stemmed_as: StemmedAs,
    requirements: Requirements<'search>,
    texts: &'search dyn Texts,
    stems: Stems,
    top: &'search mut TopCandidates,
    cancellation: &'search Cancellation,
    matches: u32,
    /// Of reading a text.
    failure: tantivy::Result<()>,
}

impl Offering<'_> {
    fn offer_all(mut self, lists: Vec<ScoredPosts>, lengths: &Lengths) -> tantivy::Result<()> {
        let with_words = lists.iter().filter(|list| list.is_match());
        let with_words = with_words.map(|list| list.cursor.size()).fold(0, u32::saturating_add);
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
                if self.is_over() { Points::MAX } else { points_of(self.top.threshold()) }
            });
        }
        self.failure
    }

    fn offer_each(&mut self, mut posts: Posts, mut lists: Vec<ScoredPosts>, lengths: &Lengths) {
        let mut post = posts.seek(0);
        while post != TERMINATED && !self.is_over() {
            let (mut points, mut is_match): (Points, bool) = (0, lists.is_empty());
            for list in &mut lists {
                let more = list.points_at(post, lengths);
                points = points.saturating_add(more);
                is_match |= list.is_match() && more > 0;
            }
            if is_match && (points == 0 || points > points_of(self.top.threshold())) {
                self.offer(post, points);
            }
            post = posts.seek(post + 1);
        }
    }

    fn offer(&mut self, document: DocId, points: Points) {
        if self.segment.reader.is_deleted(document) || !self.requirements.are_met_by(document) {
            return;
        }
        let post = self.ids.get(document);
        if !self.requirements.are_met_by_id(post) || self.segment.layer.replaced.contains(&post) {
            return;
        }
        let rank = Rank { score: score_of(points), post };
        if self.top.has_room_for(rank) && self.is_met_by_text(document, post) {
            let address = DocAddress::new(self.segment.ordinal, document);
            self.top.offer(Candidate { rank, layer: self.segment.layer_number, address });
        }
    }

    /// Where a text is not there yet, all words are there at least.
    fn is_met_by_text(&mut self, document: DocId, post: Uuid) -> bool {
        if !self.requirements.ask_for_text(document) {
            return true;
        }
        match self.texts.text_of(post) {
            Ok(Some(text)) => {
                let language = self.stemmed_as.get(document);
                self.requirements.are_met_by_text(document, &text, language, &mut self.stems)
            }
            Ok(None) => true,
            Err(error) => {
                self.failure = Err(error.into());
                false
            }
        }
    }

    /// Nobody waits for the answer any more, or there can be none.
    fn is_over(&mut self) -> bool {
        self.matches = self.matches.wrapping_add(1);
        self.failure.is_err()
            || self.matches.is_multiple_of(MATCHES_BETWEEN_CHECKS)
                && self.cancellation.is_cancelled()
    }
}
