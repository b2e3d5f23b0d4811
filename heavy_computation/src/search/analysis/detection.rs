//! The language a post is in, as far as its text gives it away.

use whichlang::Lang;

use super::{Language, Tokenized, function_words::FunctionWords};

/// A text shorter than this many bytes says too little of its language.
const SHORTEST_TEXT_TO_GUESS_FROM: usize = 24;
/// So many function words of a language confirm a guess.
const ENOUGH_TO_CONFIRM: u32 = 2;
/// So many leave nothing to guess, if they are so many times those of any other language.
const ENOUGH_TO_TELL: u32 = 4;
const TIMES_ANY_OTHER: u32 = 2;
/// ISO 639-3 and ISO 639-1 of the languages that the second opinion knows, in turn.
const CODES: &str = "
    afr af amh am ara ar aze az bel be ben bn bul bg cat ca ces cs cmn zh cym cy dan da deu
    de ell el eng en epo eo est et fin fi fra fr guj gu heb he hin hi hrv hr hun hu hye hy
    ind id ita it jav jv jpn ja kan kn kat ka khm km kor ko lat la lav lv lit lt mal ml mar
    mr mkd mk mya my nep ne nld nl nob no ori or pan pa pes fa pol pl por pt ron ro rus ru
    sin si slk sk slv sl sna sn spa es srp sr swe sv tam ta tel te tgl tl tha th tuk tk tur
    tr ukr uk urd ur uzb uz vie vi yid yi zul zu";

/// A two-letter code of ISO 639-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LanguageCode([u8; 2]);

const LETTERS: u64 = 26;

impl LanguageCode {
    /// The primary part of a BCP 47 tag, if it has two letters.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.as_bytes() {
            [first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Some(Self([first.to_ascii_lowercase(), second.to_ascii_lowercase()]))
            }
            _ => None,
        }
    }

    /// From 1 to 26².
    pub(crate) fn number(self) -> u64 {
        let [first, second] = self.0.map(|letter| u64::from(letter - b'a'));
        first * LETTERS + second + 1
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is known of a text's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    pub(crate) stemmed_as: Language,
    /// None when it could as well be another.
    pub(crate) certain: Option<LanguageCode>,
}

impl Detected {
    /// Of a post, by its tag if it has one.
    pub(crate) fn of_post(
        tag: Option<&str>,
        title: &Tokenized<'_>,
        content: &Tokenized<'_>,
    ) -> Self {
        match tag {
            Some(tag) => Self::of_tag(tag),
            None => Self::in_texts(title, content),
        }
    }

    fn of_tag(tag: &str) -> Self {
        Self { stemmed_as: Language::of_tag(tag), certain: LanguageCode::of_tag(tag) }
    }

    fn in_texts(title: &Tokenized<'_>, content: &Tokenized<'_>) -> Self {
        if title.text.len() + content.text.len() < SHORTEST_TEXT_TO_GUESS_FROM {
            return Self { stemmed_as: Language::ENGLISH, certain: None };
        }
        let words = title.words.iter().chain(&content.words);
        let function_words = FunctionWords::among(words.map(|word| word.text));
        let (language, most, next) = function_words.most();
        if most >= ENOUGH_TO_TELL && most >= next * TIMES_ANY_OTHER {
            return Self::of_tag(language);
        }
        let text = format!("{}\n{}", title.text, content.text);
        let guess = guess(&text);
        let is_confirmed = function_words.of(guess) >= ENOUGH_TO_CONFIRM;
        let certain = if is_confirmed { Some(guess) } else { second_opinion(&text) };
        let tag = certain.unwrap_or(guess);
        Self { stemmed_as: Language::of_tag(tag), certain: certain.and_then(LanguageCode::of_tag) }
    }
}

/// A guess costs some microseconds, and is one of 16 languages whatever the text is in.
fn guess(text: &str) -> &'static str {
    match whichlang::detect_language(text) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

/// Ten times as slow, but of 70 languages, and it knows when it does not know.
fn second_opinion(text: &str) -> Option<&'static str> {
    let info = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let mut codes = CODES.split_whitespace();
    codes.by_ref().find(|code| *code == info.lang().code())?;
    codes.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> Detected {
        Detected::of_post(None, &Tokenized::of(""), &Tokenized::of(text))
    }

    #[test]
    fn a_code_is_the_primary_part_of_a_tag() {
        assert_eq!(LanguageCode::of_tag("ES-mx").unwrap().as_str(), "es");
        assert_eq!(LanguageCode::of_tag("tlh"), None);
    }

    #[test]
    fn a_text_of_some_length_gives_its_language_away() {
        let spanish = "Las canciones que escuchamos ayer eran las mejores de toda la noche";
        let detected = of_text(spanish);
        assert_eq!(detected.stemmed_as, Language::SPANISH);
        assert_eq!(detected.certain.unwrap().as_str(), "es");
        let polish =
            "Wczoraj wieczorem słuchaliśmy najlepszych piosenek tej nocy, i było nam dobrze";
        assert_eq!(of_text(polish).certain.unwrap().as_str(), "pl");
    }

    #[test]
    fn a_text_that_says_too_little_has_no_certain_language() {
        for text in ["Hola", "", "12345 67890 12345 67890 12345", "xkcd qwrt zxcv bnmp ghjk dfgh"] {
            assert_eq!(of_text(text).certain, None, "{text}");
        }
    }

    #[test]
    fn codes_have_numbers_of_their_own() {
        let numbers =
            ["aa", "az", "ba", "zz"].map(|tag| LanguageCode::of_tag(tag).unwrap().number());
        assert_eq!(numbers, [1, 26, 27, 676]);
    }
}
