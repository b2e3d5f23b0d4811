use std::collections::BTreeMap;

use super::{
    analysis::{Detected, Stems, Tokenized, which_are_function_words},
    schema::TITLE_WEIGHT,
};
use crate::posts::StoredPost;

/// What a post says, in terms as the index counts them.
pub(super) struct Meaning {
    /// How often each term stands in it, of those that say something of the topic. In an order, so that a
    /// sum over them is always the same.
    pub(super) frequencies: BTreeMap<String, u32>,
    /// Of all its terms.
    pub(super) length: u32,
}

impl Meaning {
    pub(super) fn of(post: &StoredPost, stems: &mut Stems) -> Self {
        let tag = post.language.as_deref();
        let (title, content) = (Tokenized::of(&post.title), Tokenized::of(&post.content));
        let language = Detected::of_post(tag, &title, &content).stemmed_as;
        let mut meaning = Self { frequencies: BTreeMap::new(), length: 0 };
        for (Tokenized { words, .. }, weight) in [(title, TITLE_WEIGHT as u32), (content, 1)] {
            let texts = words.iter().map(|word| word.text);
            let function_words = which_are_function_words(texts, Some(language.tag()));
            for (word, is_function_word) in words.iter().zip(function_words) {
                for term in stems.terms(word.text, language).iter() {
                    meaning.length += weight;
                    if !is_function_word {
                        meaning.count(term, weight);
                    }
                }
            }
        }
        meaning
    }

    fn count(&mut self, term: &str, weight: u32) {
        match self.frequencies.get_mut(term) {
            Some(frequency) => *frequency += weight,
            None => {
                self.frequencies.insert(term.to_owned(), weight);
            }
        }
    }
}
