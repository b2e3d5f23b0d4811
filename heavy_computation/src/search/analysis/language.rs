//! The language a post is stemmed in.

use rust_stemmers::{Algorithm, Stemmer};
use whichlang::Lang;

/// A text shorter than this many bytes says too little of its language.
const SHORTEST_TEXT_TO_GUESS_FROM: usize = 24;

/// A language with a Snowball stemmer, by its BCP 47 primary tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(&'static str, Algorithm);

const LANGUAGES: [Language; 12] = [
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

    pub(crate) fn guess(text: &str) -> Self {
        if text.len() < SHORTEST_TEXT_TO_GUESS_FROM {
            return Self::ENGLISH;
        }
        Self::of_tag(match whichlang::detect_language(text) {
            Lang::Ara => "ar",
            Lang::Deu => "de",
            Lang::Fra => "fr",
            Lang::Ita => "it",
            Lang::Nld => "nl",
            Lang::Por => "pt",
            Lang::Rus => "ru",
            Lang::Spa => "es",
            Lang::Swe => "sv",
            Lang::Tur => "tr",
            Lang::Eng | Lang::Cmn | Lang::Hin | Lang::Jpn | Lang::Kor | Lang::Vie => "en",
        })
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

    #[test]
    fn a_text_of_some_length_gives_its_language_away() {
        let spanish = "Las canciones que escuchamos ayer eran las mejores de toda la noche";
        assert_eq!(Language::guess(spanish), Language::SPANISH);
        assert_eq!(Language::guess("Hola"), Language::ENGLISH);
    }
}
