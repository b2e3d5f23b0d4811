use std::collections::HashMap;

use tantivy::{Term, query::Bm25StatisticsProvider, schema::Field};

use super::{query::QueryWord, schema::Fields, view::View};

/// The numbers that scores are computed from. All forms of a word count as one term; base and fresh
/// changes count together. A page token carries them, so that a later page is ranked just like the
/// first, whatever was written in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statistics {
    pub(super) posts: u64,
    pub(super) text_tokens: u64,
    pub(super) author_tokens: u64,
    /// In the order of the query's words.
    pub(super) words: Vec<WordFrequency>,
}

/// In how many posts a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordFrequency {
    pub(super) in_text: u64,
    pub(super) as_author: u64,
}

impl Statistics {
    pub(super) fn measure(
        view: &View,
        fields: &Fields,
        words: &[QueryWord],
    ) -> tantivy::Result<Self> {
        let mut measured = Self::default();
        for layer in view.layers() {
            measured.posts += layer.searcher.total_num_docs()?;
            measured.text_tokens += layer.searcher.total_num_tokens(fields.text)?;
            measured.author_tokens += layer.searcher.total_num_tokens(fields.author)?;
        }
        for word in words {
            let mut frequency = WordFrequency { in_text: 0, as_author: 0 };
            for layer in view.layers() {
                for term in word.text_terms(fields) {
                    frequency.in_text += layer.searcher.doc_freq(&term)?;
                }
                frequency.as_author += layer.searcher.doc_freq(&word.author_term(fields))?;
            }
            // A post may hold two forms of one word.
            frequency.in_text = frequency.in_text.min(measured.posts);
            measured.words.push(frequency);
        }
        Ok(measured)
    }

    /// Whether scores can be computed from them: tantivy takes impossible ones for a programming
    /// error.
    pub(super) fn are_possible(&self) -> bool {
        let words = self.words.iter();
        words.flat_map(|word| [word.in_text, word.as_author]).all(|count| count <= self.posts)
    }

    /// As tantivy asks for them.
    pub(super) fn by_term(&self, fields: &Fields, words: &[QueryWord]) -> TermStatistics {
        let mut frequencies = HashMap::new();
        for (word, frequency) in words.iter().zip(&self.words) {
            for term in word.text_terms(fields) {
                frequencies.entry(term).or_insert(frequency.in_text);
            }
            frequencies.entry(word.author_term(fields)).or_insert(frequency.as_author);
        }
        TermStatistics {
            posts: self.posts,
            tokens: HashMap::from([
                (fields.text, self.text_tokens),
                (fields.author, self.author_tokens),
            ]),
            frequencies,
        }
    }
}

impl QueryWord {
    pub(super) fn text_terms(&self, fields: &Fields) -> impl Iterator<Item = Term> {
        self.text_terms.iter().map(|term| Term::from_field_text(fields.text, term))
    }

    pub(super) fn author_term(&self, fields: &Fields) -> Term {
        Term::from_field_text(fields.author, &self.author_term)
    }
}

pub(super) struct TermStatistics {
    posts: u64,
    tokens: HashMap<Field, u64>,
    frequencies: HashMap<Term, u64>,
}

impl Bm25StatisticsProvider for TermStatistics {
    /// At least one, because tantivy divides by the mean length.
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.tokens.get(&field).copied().unwrap_or_default().max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.posts.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.frequencies.get(term).copied().unwrap_or_default())
    }
}
