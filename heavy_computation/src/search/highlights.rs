use rustc_hash::FxHashSet;

use super::{
    analysis::{Detected, Language, Stems, Tokenized, exact_term},
    query::{Condition, QueryWord, SearchQuery},
};
use crate::posts::StoredPost;

/// A half-open range of a text, in Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What makes a word of a post shine.
pub(super) struct Highlighter<'query> {
    terms: FxHashSet<&'query str>,
    beginning: Option<&'query str>,
    /// A bit for each letter of ASCII that begins any of them. No stemmer of a language that is written in such
    /// letters changes the first one, and most words have another.
    first_letters: u128,
}

impl<'query> Highlighter<'query> {
    /// Words that rank a post shine, and those that it must have.
    pub(super) fn new(query: &'query SearchQuery) -> Self {
        let mut beginning = query.beginning.as_deref();
        let mut words: Vec<&QueryWord> = query.words.iter().collect();
        for condition in &query.required {
            match condition {
                Condition::Phrase(phrase) => words.extend(phrase.iter().map(|(_, word)| word)),
                Condition::Word { word, beginning: unfinished } => {
                    words.push(word);
                    beginning = beginning.or(unfinished.as_deref());
                }
            }
        }
        let terms = words.into_iter().flat_map(|word| &word.text_terms).map(String::as_str);
        let terms: FxHashSet<&str> = terms.collect();
        let first_letters = terms.iter().copied().chain(beginning).fold(0, |letters, term| {
            letters | first_letter(term).map_or(0, |letter| 1_u128 << letter)
        });
        Self { terms, beginning, first_letters }
    }

    fn may_shine(&self, word: &str) -> bool {
        first_letter(word).is_none_or(|letter| self.first_letters >> letter & 1 == 1)
    }

    fn shines(&self, word: &str, language: Language, stems: &mut Stems) -> bool {
        stems.terms(word, language).iter().any(|term| self.terms.contains(term))
            || self.beginning.is_some_and(|beginning| exact_term(word).starts_with(beginning))
    }

    /// In a post's title and content.
    pub(super) fn ranges_in(&self, post: &StoredPost, stems: &mut Stems) -> [Vec<TextRange>; 2] {
        let tag = post.language.as_deref();
        let texts = [&post.title, &post.content].map(|text| Tokenized::of(text));
        let language = Detected::of_post(tag, &texts[0], &texts[1]).stemmed_as;
        texts.map(|text| self.ranges(&text, language, stems))
    }

    /// Where a text matches: ascending, not overlapping.
    fn ranges(
        &self,
        text: &Tokenized<'_>,
        language: Language,
        stems: &mut Stems,
    ) -> Vec<TextRange> {
        let mut joined: Vec<(usize, usize)> = Vec::new();
        for word in &text.words {
            if !self.may_shine(word.text) || !self.shines(word.text, language, stems) {
                continue;
            }
            match joined.last_mut() {
                Some((_, end)) if word.start <= *end => *end = word.end().max(*end),
                _ => joined.push((word.start, word.end())),
            }
        }
        in_code_points(text.text, &joined)
    }
}

/// In lower case; none when it is not one of ASCII.
fn first_letter(word: &str) -> Option<u8> {
    word.bytes().next().filter(u8::is_ascii).map(|letter| letter.to_ascii_lowercase())
}

/// Byte ranges of a text, ascending and apart, as code points, in one pass.
fn in_code_points(text: &str, ranges: &[(usize, usize)]) -> Vec<TextRange> {
    let mut byte = 0;
    let mut code_point = 0;
    let mut forward_to = |target: usize| {
        code_point += text[byte..target].chars().map(|_| 1).sum::<u32>();
        byte = target;
        code_point
    };
    ranges
        .iter()
        .map(|(start, end)| TextRange { start: forward_to(*start), end: forward_to(*end) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::{Asked, Order};
    use proptest::prelude::*;

    fn parsed(query: &str) -> SearchQuery {
        let order = Order::Relevance;
        SearchQuery::new(&Asked { query, language: "", limit: 1, order, page_token: "" }).unwrap()
    }

    fn highlighted(query: &str, text: &str) -> Vec<String> {
        let query = parsed(query);
        let characters: Vec<char> = text.chars().collect();
        Highlighter::new(&query)
            .ranges(&Tokenized::of(text), Language::ENGLISH, &mut Stems::take())
            .iter()
            .map(|range| characters[range.start as usize..range.end as usize].iter().collect())
            .collect()
    }

    #[test]
    fn other_forms_of_a_word_shine_too() {
        assert_eq!(highlighted("run", "Run! They were RUNNING."), ["Run", "RUNNING"]);
    }

    #[test]
    fn what_is_wanted_shines_and_nothing_else() {
        let text = "The night owls and the electric owl";
        assert_eq!(
            highlighted(r#""night owl" -snow elec"#, text),
            ["night", "owls", "electric", "owl"]
        );
        assert_eq!(highlighted("the owl -night", text), ["owls", "owl"]);
    }

    #[test]
    fn ranges_count_code_points_not_bytes_or_graphemes() {
        assert_eq!(highlighted("cafe", "👩‍👩‍👧 cafe\u{301} 🎉"), ["cafe\u{301}"]);
        assert_eq!(highlighted("京都", "東京都 へ"), ["京都"]);
        assert_eq!(highlighted("東京都", "東京都 へ"), ["東京都"]);
        assert_eq!(highlighted("🎉", "a🎉🎉b"), ["🎉🎉"]);
    }

    proptest! {
        #[test]
        fn ranges_are_ascending_apart_and_inside(text in any::<String>(), query in "[^:]{0,40}") {
            let query = parsed(&query);
            let end = text.chars().count() as u32;
            let mut before = 0;
            let mut stems = Stems::take();
            let text = Tokenized::of(&text);
            let ranges = Highlighter::new(&query).ranges(&text, Language::SPANISH, &mut stems);
            for range in ranges {
                prop_assert!(before <= range.start && range.start < range.end && range.end <= end);
                before = range.end;
            }
        }
    }
}
