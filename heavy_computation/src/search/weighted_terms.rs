use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which tantivy knows how to read weighted terms.
pub(super) const WEIGHTED_TERMS: &str = "weighted_terms";

/// Stands behind each term. Words have no such characters.
const END_OF_TERM: char = '\n';
/// Ends the terms that count several times.
const END_OF_WEIGHT: char = '\u{1}';

/// The terms of a text, as one text that tantivy's threads read without a piece of memory for each.
#[derive(Default)]
pub(super) struct WeightedTerms(String);

impl WeightedTerms {
    pub(super) fn push<'term>(&mut self, terms: impl Iterator<Item = &'term str>) {
        for term in terms {
            self.0.push_str(term);
            self.0.push(END_OF_TERM);
        }
    }

    /// The terms up to here count as often as the tokenizer's weight says.
    pub(super) fn end_weight(&mut self) {
        self.0.push(END_OF_WEIGHT);
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Reads weighted terms.
#[derive(Clone)]
pub(super) struct WeightedTermTokenizer {
    weight: usize,
    token: Token,
}

impl WeightedTermTokenizer {
    pub(super) fn new(weight: usize) -> Self {
        Self { weight, token: Token::default() }
    }
}

impl Tokenizer for WeightedTermTokenizer {
    type TokenStream<'text> = WeightedTermStream<'text>;

    fn token_stream<'text>(&'text mut self, text: &'text str) -> WeightedTermStream<'text> {
        let token = &mut self.token;
        WeightedTermStream { rest: text, weight: self.weight, repetitions: 0, token }
    }
}

pub(super) struct WeightedTermStream<'text> {
    rest: &'text str,
    weight: usize,
    /// How often the term comes again.
    repetitions: usize,
    token: &'text mut Token,
}

impl TokenStream for WeightedTermStream<'_> {
    fn advance(&mut self) -> bool {
        if self.repetitions > 0 {
            self.repetitions -= 1;
            return true;
        }
        if let Some(rest) = self.rest.strip_prefix(END_OF_WEIGHT) {
            self.rest = rest;
            self.weight = 1;
        }
        let Some((term, rest)) = self.rest.split_once(END_OF_TERM) else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        self.repetitions = self.weight - 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut read = Vec::new();
        let mut tokenizer = WeightedTermTokenizer::new(2);
        tokenizer.token_stream(text).process(&mut |token| read.push(token.text.clone()));
        read
    }

    #[test]
    fn terms_are_read_as_often_as_they_count() {
        let mut terms = WeightedTerms::default();
        terms.push(["owl", "élan"].into_iter());
        terms.end_weight();
        terms.push(["night"].into_iter());
        assert_eq!(read(&terms.into_text()), ["owl", "owl", "élan", "élan", "night"]);
    }

    #[test]
    fn a_text_without_words_has_no_terms() {
        let mut terms = WeightedTerms::default();
        terms.end_weight();
        assert!(read(&terms.into_text()).is_empty());
        assert!(read("").is_empty());
    }
}
