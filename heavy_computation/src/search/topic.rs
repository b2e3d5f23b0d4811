use std::io;

use rustc_hash::FxHashMap;
use tantivy::postings::TermInfo;

use super::{meaning::Meaning, scoring::worth, statistics::Statistics, terms::SegmentTerms};

/// How much the words of posts are worth by how many others they stand in.
pub(super) struct Dictionary<'view> {
    pub(super) segments: Vec<SegmentTerms<'view>>,
    statistics: Statistics,
    words: FxHashMap<String, Word>,
}

struct Word {
    /// 0 for a word that stands in one post only: it tells nothing of others.
    weight: f32,
    /// Where it is found in each segment.
    infos: Vec<Option<TermInfo>>,
}

/// Words and their weights: what a post is about, and then what those next to it are about.
pub(super) struct Topic {
    weights: FxHashMap<String, f32>,
    mean_length: f32,
}

impl<'view> Dictionary<'view> {
    pub(super) fn new(segments: Vec<SegmentTerms<'view>>) -> Self {
        let posts = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
        let text_tokens = segments.iter().map(|segment| segment.text.total_num_tokens()).sum();
        let statistics = Statistics { posts, text_tokens, ..Statistics::default() };
        Self { segments, statistics, words: FxHashMap::default() }
    }

    pub(super) fn mean_length(&self) -> f32 {
        self.statistics.mean_length()
    }

    /// Of those words of a post that `counts`. A score of 1 is that of the post itself.
    pub(super) fn topic_of(
        &mut self,
        meaning: &Meaning,
        counts: impl Fn(&str) -> bool,
    ) -> tantivy::Result<Topic> {
        let mut weights = FxHashMap::default();
        for (word, frequency) in meaning.frequencies.iter().filter(|(word, _)| counts(word)) {
            let weight = self.look_up(word)?.weight * (1.0 + (*frequency as f32).ln());
            if weight > 0.0 {
                weights.insert(word.clone(), weight);
            }
        }
        let topic = Topic { weights, mean_length: self.mean_length() };
        Ok(topic.divided_by_score_of(meaning))
    }

    /// Where a word is found in a segment.
    pub(super) fn info(&mut self, word: &str, segment: usize) -> tantivy::Result<Option<TermInfo>> {
        Ok(self.look_up(word)?.infos[segment].clone())
    }

    fn look_up(&mut self, word: &str) -> tantivy::Result<&Word> {
        if !self.words.contains_key(word) {
            let terms = self.segments.iter().map(|segment| segment.text.terms().get(word));
            let infos: Vec<Option<TermInfo>> = terms.collect::<io::Result<_>>()?;
            let posts = infos.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
            let weight = if posts > 1 { self.statistics.weight(posts) } else { 0.0 };
            self.words.insert(word.to_owned(), Word { weight, infos });
        }
        Ok(&self.words[word])
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
