//! Terms of words seen before: words repeat, and stemming one takes longer than all else that is done
//! with it.

use std::{
    hash::BuildHasher,
    sync::{Mutex, PoisonError},
};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::{Language, stemmed_terms};

/// Words kept of one language; with more, it begins anew. In bytes, the longest word worth keeping:
/// together some megabytes at most.
const MOST_WORDS: usize = 1 << 15;
const LONGEST_WORD: usize = 24;
/// Those who stem at the same time have stems of their own; so many are kept when they are done.
const MOST_KEPT: usize = 4;

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

type Kept = [KeptTerms; Language::COUNT];

/// The terms of words of one language.
#[derive(Default)]
struct KeptTerms(HashTable<Terms>);

/// A word, and the one or two terms under which it is indexed: one text, so that a word that was not looked
/// up for a while takes one look into memory and not four.
pub(crate) struct Terms {
    text: Box<str>,
    end_of_word: usize,
    end_of_first: usize,
}

/// Terms of words, for one who stems. Given back when dropped.
pub(crate) struct Stems {
    kept: Kept,
    /// Of a word that is not kept.
    long: Terms,
}

impl Terms {
    fn of(word: &str, language: Language) -> Self {
        let mut terms = stemmed_terms(word, language);
        let (first, second) = (terms.next().unwrap_or_default(), terms.next().unwrap_or_default());
        let end_of_first = word.len() + first.len();
        let text = format!("{word}{first}{second}").into_boxed_str();
        Self { text, end_of_word: word.len(), end_of_first }
    }

    fn word(&self) -> &str {
        &self.text[..self.end_of_word]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let second = &self.text[self.end_of_first..];
        std::iter::once(&self.text[self.end_of_word..self.end_of_first])
            .chain((!second.is_empty()).then_some(second))
    }
}

impl Stems {
    pub(crate) fn take() -> Self {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { kept: kept.unwrap_or_default(), long: Terms::of("", Language::ENGLISH) }
    }

    /// The same as `stemmed_terms`.
    pub(crate) fn terms(&mut self, word: &str, language: Language) -> &Terms {
        if word.len() > LONGEST_WORD {
            self.long = Terms::of(word, language);
            return &self.long;
        }
        self.kept[language.number()].terms(word, language)
    }
}

impl KeptTerms {
    fn terms(&mut self, word: &str, language: Language) -> &Terms {
        if self.0.len() >= MOST_WORDS {
            self.0.clear();
        }
        let entry =
            self.0.entry(hash(word), |terms| terms.word() == word, |terms| hash(terms.word()));
        entry.or_insert_with(|| Terms::of(word, language)).into_mut()
    }
}

fn hash(word: &str) -> u64 {
    FxBuildHasher.hash_one(word)
}

impl Drop for Stems {
    fn drop(&mut self) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST_KEPT {
            kept.push(std::mem::take(&mut self.kept));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stem_begins_with_the_letter_of_its_word(word in "[a-zA-Z][a-zA-Zéüß]{0,12}") {
            for language in Language::all() {
                for term in stemmed_terms(&word, language) {
                    let (first, of_word) = (term.chars().next(), word.chars().next());
                    prop_assert_eq!(first, of_word.map(|letter| letter.to_ascii_lowercase()));
                }
            }
        }

        #[test]
        fn terms_are_the_same_the_first_time_and_later(word in any::<String>()) {
            for language in Language::all() {
                let mut stems = Stems::take();
                let expected: Vec<String> = stemmed_terms(&word, language).collect();
                for _ in 0..2 {
                    let terms: Vec<&str> = stems.terms(&word, language).iter().collect();
                    prop_assert_eq!(&terms, &expected);
                }
            }
        }
    }
}
