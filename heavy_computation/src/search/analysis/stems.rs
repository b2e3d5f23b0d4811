//! Terms of words seen before: words repeat, and stemming one takes longer than all else that is done
//! with it.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

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
struct KeptTerms {
    place_of: FxHashMap<Box<str>, usize>,
    terms: Vec<Terms>,
}

/// The one or two terms under which a word is indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    first: Box<str>,
    second: Option<Box<str>>,
}

/// Terms of words, for one who stems. Given back when dropped.
pub(crate) struct Stems {
    kept: Kept,
    /// Of a word that is not kept.
    long: Terms,
}

impl Terms {
    fn of(word: &str, language: Language) -> Self {
        let mut terms = stemmed_terms(word, language).map(String::into_boxed_str);
        Self { first: terms.next().unwrap_or_default(), second: terms.next() }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.first).chain(self.second.as_deref())
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
        let place = match self.place_of.get(word) {
            Some(place) => *place,
            None => self.add(word, language),
        };
        &self.terms[place]
    }

    fn add(&mut self, word: &str, language: Language) -> usize {
        if self.terms.len() >= MOST_WORDS {
            *self = Self::default();
        }
        let place = self.terms.len();
        self.place_of.insert(word.into(), place);
        self.terms.push(Terms::of(word, language));
        place
    }
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
