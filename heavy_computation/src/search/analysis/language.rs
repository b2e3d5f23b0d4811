//! The languages that words are stemmed in.

use rust_stemmers::{Algorithm, Stemmer};

/// A language with a Snowball stemmer, by its BCP 47 primary tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(&'static str, Algorithm);

const LANGUAGES: [Language; Language::COUNT] = [
    Language::ENGLISH,
    Language::SPANISH,
    Language("ar", Algorithm::Arabic),
    Language("de", Algorithm::German),
    Language("el", Algorithm::Greek),
    Language("fr", Algorithm::French),
    Language("it", Algorithm::Italian),
    Language("nl", Algorithm::Dutch),
    Language("pt", Algorithm::Portuguese),
    Language("ru", Algorithm::Russian),
    Language("sv", Algorithm::Swedish),
    Language("tr", Algorithm::Turkish),
];

impl Language {
    pub(crate) const COUNT: usize = 12;
    pub(crate) const ENGLISH: Self = Self("en", Algorithm::English);
    pub(crate) const SPANISH: Self = Self("es", Algorithm::Spanish);

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.into_iter()
    }

    /// The language of a BCP 47 tag. English for every language without a stemmer: it leaves other
    /// scripts alone, and English words stand in texts of all languages.
    pub(crate) fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::all()
            .find(|language| language.0.eq_ignore_ascii_case(primary))
            .unwrap_or(Self::ENGLISH)
    }

    /// From 0 to less than `COUNT`; another one after a change of the list.
    pub(crate) fn number(self) -> usize {
        LANGUAGES.iter().position(|other| *other == self).unwrap_or_default()
    }

    /// English for what is no number of a language.
    pub(crate) fn of_number(number: u64) -> Self {
        let place = usize::try_from(number).ok();
        place.and_then(|place| LANGUAGES.get(place)).copied().unwrap_or(Self::ENGLISH)
    }

    pub(crate) fn tag(self) -> &'static str {
        self.0
    }

    pub(super) fn stem(self, word: &str) -> String {
        Stemmer::create(self.1).stem(word).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_language_whatever_its_region() {
        assert_eq!(Language::of_tag("es-MX"), Language::SPANISH);
        assert_eq!(Language::of_tag("ES"), Language::SPANISH);
        assert_eq!(Language::of_tag("tlh"), Language::ENGLISH);
        assert_eq!(Language::of_tag(""), Language::ENGLISH);
    }
}
