use std::collections::HashMap;

use super::{meaning::Meaning, scoring::worth, statistics::Statistics, terms::SegmentTerms};

/// How much the words of posts are worth by how many others they stand in.
pub(super) struct Dictionary<'view> {
    pub(super) segments: Vec<SegmentTerms<'view>>,
    statistics: Statistics,
    weights: HashMap<String, f32>,
}

/// Words and their weights: what a post is about, and then what those next to it are about.
pub(super) struct Topic {
    weights: HashMap<String, f32>,
    mean_length: f32,
}

impl<'view> Dictionary<'view> {
    pub(super) fn new(segments: Vec<SegmentTerms<'view>>) -> Self {
        let posts = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
        let text_tokens = segments.iter().map(|segment| segment.text.total_num_tokens()).sum();
        let statistics = Statistics { posts, text_tokens, ..Statistics::default() };
        Self { segments, statistics, weights: HashMap::new() }
    }

    pub(super) fn mean_length(&self) -> f32 {
        self.statistics.mean_length()
    }

    /// A score of 1 is that of the post itself.
    pub(super) fn topic_of(&mut self, meaning: &Meaning) -> tantivy::Result<Topic> {
        let mut weights = HashMap::with_capacity(meaning.frequencies.len());
        for (term, frequency) in &meaning.frequencies {
            let weight = self.weight(term)? * (1.0 + (*frequency as f32).ln());
            if weight > 0.0 {
                weights.insert(term.clone(), weight);
            }
        }
        let topic = Topic { weights, mean_length: self.mean_length() };
        Ok(topic.divided_by_score_of(meaning))
    }

    /// None for a term that stands in one post only: it tells nothing of others.
    fn weight(&mut self, term: &str) -> tantivy::Result<f32> {
        if let Some(weight) = self.weights.get(term) {
            return Ok(*weight);
        }
        let mut posts = 0;
        for segment in &self.segments {
            posts += segment.text.terms().get(term)?.map_or(0, |info| u64::from(info.doc_freq));
        }
        let weight = if posts > 1 { self.statistics.weight(posts) } else { 0.0 };
        self.weights.insert(term.to_owned(), weight);
        Ok(weight)
    }
}

impl Topic {
    /// The terms of the highest weight.
    pub(super) fn heaviest(&self, count: usize) -> Vec<(&str, f32)> {
        let weights = self.weights.iter().map(|(term, weight)| (term.as_str(), *weight));
        let mut terms: Vec<(&str, f32)> = weights.collect();
        terms.sort_by(|(one_term, one), (other_term, other)| {
            other.total_cmp(one).then_with(|| one_term.cmp(other_term))
        });
        terms.truncate(count);
        terms
    }

    pub(super) fn score(&self, meaning: &Meaning) -> f32 {
        let worths = meaning.frequencies.iter().filter_map(|(term, frequency)| {
            let weight = self.weights.get(term)?;
            Some(weight * worth(*frequency, meaning.length, self.mean_length))
        });
        worths.sum()
    }

    pub(super) fn add(&mut self, other: Self, share: f32) {
        for (term, weight) in other.weights {
            *self.weights.entry(term).or_default() += weight * share;
        }
    }

    pub(super) fn divided_by_score_of(mut self, meaning: &Meaning) -> Self {
        let score = self.score(meaning);
        if score > 0.0 {
            self.weights.values_mut().for_each(|weight| *weight /= score);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(terms: &[&str]) -> Meaning {
        let frequencies = terms.iter().map(|term| ((*term).to_owned(), 1)).collect();
        Meaning { frequencies, length: terms.len() as u32 }
    }

    fn topic(terms: &[(&str, f32)]) -> Topic {
        let weights = terms.iter().map(|(term, weight)| ((*term).to_owned(), *weight)).collect();
        Topic { weights, mean_length: 2.0 }
    }

    #[test]
    fn a_post_has_all_of_its_own_topic_and_another_a_share() {
        let (own, other) = (meaning(&["owl", "night"]), meaning(&["owl", "train"]));
        let about = topic(&[("owl", 1.0), ("night", 3.0)]).divided_by_score_of(&own);
        assert!((about.score(&own) - 1.0).abs() < 1e-6);
        assert!((about.score(&other) - 0.25).abs() < 1e-6);
    }

    #[test]
    fn what_neighbours_say_counts_by_its_share() {
        let other = meaning(&["mouse", "train"]);
        let mut about = topic(&[("owl", 1.0)]);
        assert_eq!(about.score(&other), 0.0);
        about.add(topic(&[("mouse", 1.0)]), 0.5);
        assert!((about.score(&other) - 0.5).abs() < 1e-6);
        assert_eq!(about.heaviest(1), [("owl", 1.0)]);
    }
}
