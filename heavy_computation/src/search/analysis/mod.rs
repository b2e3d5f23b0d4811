//! From text to the terms that are indexed and looked up.
//!
//! A word is found in any case, with or without accents, and in any form its language's Snowball
//! stemmer joins. The language of a post is known or guessed; that of a query is not, so a query
//! looks up the word's stem in every language. This way a wrong guess costs nothing but a few
//! joined forms.

mod detection;
mod folding;
mod function_words;
mod language;
mod stems;
mod words;

pub(crate) use detection::{Detected, LanguageCode};
pub(crate) use function_words::which_are_function_words;
pub(crate) use language::Language;
pub(crate) use stems::Stems;
pub(crate) use words::{Tokenized, Word, numbered, words};

use unicode_normalization::UnicodeNormalization;

use folding::{lowercase, without_accents};

/// The form in which a username's words are indexed: folded, never stemmed.
pub(crate) fn exact_term(word: &str) -> String {
    without_accents(&lowercase(word))
}

/// What names have in common that count as the same: compatibility forms and case are no
/// difference, accents are.
pub(crate) fn name_key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .nfkc()
        .collect()
}

/// The terms under which one word of a text in `language` is indexed: one, or two when accents
/// change its stem, so that whoever types without accents finds the same forms.
pub(crate) fn stemmed_terms(word: &str, language: Language) -> impl Iterator<Item = String> {
    let lowered = lowercase(word);
    let folded = without_accents(&lowered);
    let typed = without_accents(&language.stem(&lowered));
    let plain = (folded != lowered)
        .then(|| without_accents(&language.stem(&folded)))
        .filter(|plain| *plain != typed);
    std::iter::once(typed).chain(plain)
}

/// Every term under which a text in any language may hold a form of `word`.
pub(crate) fn stemmed_terms_in_any_language(word: &str, stems: &mut Stems) -> Vec<String> {
    let mut terms: Vec<String> = Vec::with_capacity(Language::COUNT);
    for language in Language::all() {
        terms.extend(stems.terms(word, language).iter().map(str::to_owned));
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn are_found_together(indexed: &str, typed: &str, language: Language) -> bool {
        let typed = stemmed_terms_in_any_language(typed, &mut Stems::take());
        stemmed_terms(indexed, language).any(|term| typed.contains(&term))
    }

    #[test]
    fn a_word_is_found_in_its_other_forms() {
        assert!(are_found_together("running", "run", Language::ENGLISH));
        assert!(are_found_together("canciones", "canción", Language::SPANISH));
        assert!(are_found_together("corrió", "correr", Language::SPANISH));
        assert!(!are_found_together("running", "walk", Language::ENGLISH));
    }

    #[test]
    fn a_word_with_accents_is_found_by_one_without() {
        assert!(are_found_together("información", "informacion", Language::SPANISH));
        assert!(are_found_together("informacion", "información", Language::SPANISH));
        assert!(are_found_together("Straße", "STRASSE", Language::ENGLISH));
    }

    #[test]
    fn names_differ_by_accents_but_not_by_case_or_form() {
        assert_eq!(name_key("ÉLODIE"), name_key("élodie"));
        assert_eq!(name_key("STRASSE"), name_key("straße"));
        assert_eq!(name_key("Σίσυφος"), name_key("ΣΊΣΥΦΟΣ"));
        assert_ne!(name_key("Elodie"), name_key("élodie"));
    }

    proptest! {
        #[test]
        fn every_text_finds_itself_whatever_its_language(text in any::<String>()) {
            for language in Language::all() {
                for word in words(&text) {
                    prop_assert!(are_found_together(word.text, word.text, language));
                }
            }
        }
    }
}
