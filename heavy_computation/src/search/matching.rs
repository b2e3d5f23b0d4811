use std::collections::HashSet;

use tantivy::{
    DocAddress, DocSet, Score, SegmentReader, TERMINATED, Term,
    query::{BooleanQuery, EnableScoring, Query, TermQuery, Weight},
    schema::IndexRecordOption,
};
use tokio_util::sync::CancellationToken;

use super::{
    query::{Order, QueryWord, SearchQuery},
    ranking::{Candidate, Rank, TopCandidates},
    schema::Fields,
    statistics::{Statistics, TermStatistics},
    view::{Ids, Layer, View},
};

/// Matches looked at between two looks at whether anybody still waits for the answer.
const MATCHES_BETWEEN_CHECKS: u32 = 1024;

/// Offers every matching post of a view to `top`. Ends early, with too few, when cancelled.
pub(super) fn find_matches(
    view: &View,
    fields: &Fields,
    query: &SearchQuery,
    statistics: &Statistics,
    top: &mut TopCandidates,
    cancellation: &CancellationToken,
) -> tantivy::Result<()> {
    let statistics = statistics.by_term(fields, &query.words);
    for (number, layer) in view.layers().iter().enumerate() {
        let Some(weight) = weight(layer, fields, query, &statistics)? else {
            continue;
        };
        for (ordinal, segment) in layer.segments() {
            let offering = Offering {
                layer,
                layer_number: number,
                segment,
                ordinal,
                ids: Ids::open(segment)?,
                top,
                cancellation,
                matches: 0,
            };
            match query.order {
                Order::Relevance => offering.by_score(weight.as_ref())?,
                Order::Newest => offering.by_age(weight.as_ref())?,
            }
        }
    }
    Ok(())
}

/// What to look for in a layer, or none when nothing there can match.
fn weight(
    layer: &Layer,
    fields: &Fields,
    query: &SearchQuery,
    statistics: &TermStatistics,
) -> tantivy::Result<Option<Box<dyn Weight>>> {
    let scoring = match query.order {
        Order::Relevance => {
            EnableScoring::enabled_from_statistics_provider(statistics, &layer.searcher)
        }
        Order::Newest => EnableScoring::disabled_from_searcher(&layer.searcher),
    };
    let wanted = match query.order {
        Order::Relevance => any_of(layer, query.words.iter().flat_map(|word| terms(fields, word)))?,
        Order::Newest => all_of(layer, fields, &query.words)?,
    };
    wanted.map(|wanted| wanted.weight(scoring)).transpose()
}

fn terms(fields: &Fields, word: &QueryWord) -> impl Iterator<Item = Term> {
    word.text_terms(fields).chain([word.author_term(fields)])
}

/// A flat union: tantivy skips what cannot reach the top only there, and in a single term.
fn any_of(
    layer: &Layer,
    terms: impl Iterator<Item = Term>,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let mut present = HashSet::new();
    for term in terms {
        if layer.searcher.doc_freq(&term)? > 0 {
            present.insert(term);
        }
    }
    let mut queries: Vec<Box<dyn Query>> = present
        .into_iter()
        .map(|term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
        .collect();
    Ok(match queries.len() {
        0 | 1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::union(queries))),
    })
}

fn all_of(
    layer: &Layer,
    fields: &Fields,
    words: &[QueryWord],
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let mut queries = Vec::with_capacity(words.len());
    for word in words {
        match any_of(layer, terms(fields, word))? {
            Some(query) => queries.push(query),
            None => return Ok(None),
        }
    }
    Ok((!queries.is_empty())
        .then(|| Box::new(BooleanQuery::intersection(queries)) as Box<dyn Query>))
}

/// The way of a segment's matches to the top.
struct Offering<'search> {
    layer: &'search Layer,
    layer_number: usize,
    segment: &'search SegmentReader,
    ordinal: u32,
    ids: Ids,
    top: &'search mut TopCandidates,
    cancellation: &'search CancellationToken,
    matches: u32,
}

impl Offering<'_> {
    fn by_score(mut self, weight: &dyn Weight) -> tantivy::Result<()> {
        weight.for_each_pruning(self.top.threshold(), self.segment, &mut |document, score| {
            self.offer(document, score);
            if self.is_cancelled() { Score::MAX } else { self.top.threshold() }
        })
    }

    fn by_age(mut self, weight: &dyn Weight) -> tantivy::Result<()> {
        let mut matching = weight.scorer(self.segment, 1.0)?;
        while matching.doc() != TERMINATED && !self.is_cancelled() {
            self.offer(matching.doc(), 0.0);
            matching.advance();
        }
        Ok(())
    }

    fn offer(&mut self, document: u32, score: Score) {
        if self.segment.is_deleted(document) {
            return;
        }
        let address = DocAddress::new(self.ordinal, document);
        let post = self.ids.get(address);
        if !self.layer.replaced.contains(&post) {
            let rank = Rank::new(score, post);
            self.top.offer(Candidate { rank, layer: self.layer_number, address });
        }
    }

    fn is_cancelled(&mut self) -> bool {
        self.matches = self.matches.wrapping_add(1);
        self.matches.is_multiple_of(MATCHES_BETWEEN_CHECKS) && self.cancellation.is_cancelled()
    }
}
