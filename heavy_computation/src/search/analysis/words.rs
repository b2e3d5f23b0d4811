//! Where the words of a text are, in any script.

use unicode_normalization::char::is_combining_mark;

const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Short words that French, Italian, Catalan and Irish names join to the next one: "l'amour",
/// "O'Reilly".
const ELIDED: [&str; 10] = ["c", "d", "j", "l", "m", "n", "o", "qu", "s", "t"];

/// A word as it stands in its text; `start` counts bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'text> {
    pub(crate) text: &'text str,
    pub(crate) start: usize,
}

/// A text and its words, found once.
pub(crate) struct Tokenized<'text> {
    pub(crate) text: &'text str,
    pub(crate) words: Vec<Word<'text>>,
}

impl<'text> Tokenized<'text> {
    pub(crate) fn of(text: &'text str) -> Self {
        Self { text, words: words(text) }
    }
}

impl Word<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text in ascending order of their start. Words overlap only in scripts that put no
/// space between words: there each character is a word, and so is each pair of neighbours.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(text.len() / 6);
    if text.is_ascii() {
        push_ascii_words(text, &mut words);
    } else {
        push_words(text, &mut words);
    }
    words
}

fn push_words<'text>(text: &'text str, words: &mut Vec<Word<'text>>) {
    for (script, run) in runs(text) {
        match script {
            Script::Spaced => words.extend(split_elision(run)),
            Script::Unspaced => push_characters_and_pairs(run, words),
            Script::Emoji => words.extend(characters(run)),
        }
    }
}

/// The same for a text of ASCII alone, as most are, in a fraction of the time.
fn push_ascii_words<'text>(text: &'text str, words: &mut Vec<Word<'text>>) {
    let is_letter = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
    let is_inner_apostrophe = |at| text.as_bytes().get(at) == Some(&b'\'') && is_letter(at + 1);
    let mut at = 0;
    while at < text.len() {
        let start = at;
        while is_letter(at) {
            at += 1 + usize::from(is_inner_apostrophe(at + 1));
        }
        if start < at {
            words.extend(split_elision(Word { text: &text[start..at], start }));
        }
        at += 1;
    }
}

/// The words with their places in the text: 0, 1, 2 … A pair of characters has the place of its
/// first one.
pub(crate) fn numbered<'text>(words: &[Word<'text>]) -> impl Iterator<Item = (u32, Word<'text>)> {
    let mut next = 0;
    let mut start = None;
    words.iter().map(move |word| {
        if start != Some(word.start) {
            start = Some(word.start);
            next += 1;
        }
        (next - 1, *word)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Spaced,
    Unspaced,
    Emoji,
}

enum Role {
    /// Makes up a word.
    Body(Script),
    /// Belongs to the character before it.
    Mark,
    /// Belongs to a word when letters stand on both sides.
    Apostrophe,
    Gap,
}

fn role(character: char) -> Role {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Role::Body(Script::Spaced),
        '\0'..='&' | '('..='\u{7F}' => Role::Gap,
        '\'' | '’' => Role::Apostrophe,
        '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2060}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => Role::Mark,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => {
            Role::Body(Script::Emoji)
        }
        _ if is_combining_mark(character) => Role::Mark,
        _ if !character.is_alphanumeric() => Role::Gap,
        _ if is_unspaced(character) => Role::Body(Script::Unspaced),
        _ => Role::Body(Script::Spaced),
    }
}

/// Thai, Lao, Burmese, Khmer, kana, Hangul and Han. Korean puts spaces, but glues its particles to
/// the words.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
            | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

/// Splits a text into its longest pieces of one script.
fn runs(text: &str) -> Vec<(Script, Word<'_>)> {
    let mut runs = Vec::new();
    let mut open: Option<(Script, usize)> = None;
    let mut previous_is_letter = false;
    let mut rest = text.char_indices();
    while let Some((at, character)) = rest.next() {
        let script = match role(character) {
            Role::Body(script) => Some(script),
            Role::Mark => open.map(|(script, _)| script),
            Role::Apostrophe if previous_is_letter && starts_with_letter(rest.as_str()) => {
                open.map(|(script, _)| script)
            }
            Role::Apostrophe | Role::Gap => None,
        };
        if let Some((open_script, start)) = open.filter(|(open, _)| Some(*open) != script) {
            runs.push((open_script, Word { text: &text[start..at], start }));
            open = None;
        }
        open = open.or(script.map(|script| (script, at)));
        previous_is_letter = script == Some(Script::Spaced);
    }
    if let Some((script, start)) = open {
        runs.push((script, Word { text: &text[start..], start }));
    }
    runs
}

fn starts_with_letter(text: &str) -> bool {
    text.starts_with(|next| matches!(role(next), Role::Body(Script::Spaced)))
}

fn split_elision(word: Word<'_>) -> impl Iterator<Item = Word<'_>> {
    let apostrophe = word
        .text
        .find(['\'', '’'])
        .filter(|at| ELIDED.iter().any(|elided| elided.eq_ignore_ascii_case(&word.text[..*at])));
    let (first, second) = match apostrophe {
        None => (word, None),
        Some(at) => {
            let after = at + word.text[at..].chars().next().map_or(0, char::len_utf8);
            let rest = Word { text: &word.text[after..], start: word.start + after };
            (Word { text: &word.text[..at], ..word }, Some(rest))
        }
    };
    std::iter::once(first).chain(second)
}

/// The characters of a run, each with its marks, an emoji with all that is joined to it.
fn characters(run: Word<'_>) -> Vec<Word<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    let mut joined = false;
    for (at, character) in run.text.char_indices() {
        if !joined && matches!(role(character), Role::Body(_)) {
            starts.push(at);
        }
        joined = character == ZERO_WIDTH_JOINER;
    }
    let ends = starts.iter().skip(1).copied().chain([run.text.len()]);
    let bounds = starts.iter().copied().zip(ends);
    bounds
        .map(|(start, end)| Word { text: &run.text[start..end], start: run.start + start })
        .collect()
}

fn push_characters_and_pairs<'text>(run: Word<'text>, words: &mut Vec<Word<'text>>) {
    let characters = characters(run);
    for (index, character) in characters.iter().enumerate() {
        words.push(*character);
        if let Some(next) = characters.get(index + 1) {
            let text = &run.text[character.start - run.start..next.end() - run.start];
            words.push(Word { text, ..*character });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<&str> {
        words(text).iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_end_where_letters_and_digits_end() {
        assert_eq!(
            texts("el_atla posts #Rust_lang, 3.14!"),
            ["el", "atla", "posts", "Rust", "lang", "3", "14"]
        );
        assert_eq!(texts("e\u{301}té"), ["e\u{301}té"]);
        assert_eq!(texts(" \n--!"), [""; 0]);
    }

    #[test]
    fn an_apostrophe_stays_in_a_word_but_not_after_an_elided_one() {
        assert_eq!(
            texts("don't 'quote' L’amour O'Reilly"),
            ["don't", "quote", "L", "amour", "O", "Reilly"]
        );
    }

    #[test]
    fn a_script_without_spaces_gives_characters_and_pairs() {
        assert_eq!(texts("東京都 ok"), ["東", "東京", "京", "京都", "都", "ok"]);
    }

    #[test]
    fn an_emoji_is_a_word_with_all_that_is_joined_to_it() {
        assert_eq!(texts("hi🎉👩‍👩‍👧👍🏽!"), ["hi", "🎉", "👩‍👩‍👧", "👍🏽"]);
    }

    #[test]
    fn a_pair_has_the_place_of_its_first_character() {
        let words = words("東京都 ok");
        let places: Vec<(u32, &str)> =
            numbered(&words).map(|(place, word)| (place, word.text)).collect();
        let expected = [(0, "東"), (0, "東京"), (1, "京"), (1, "京都"), (2, "都"), (3, "ok")];
        assert_eq!(places, expected);
    }

    proptest! {
        #[test]
        fn a_text_of_ascii_has_the_words_that_it_has_beside_others(text in "[a-dLO0-2' .-]{0,40}") {
            let (mut words, mut those_of_any_text) = (Vec::new(), Vec::new());
            push_ascii_words(&text, &mut words);
            push_words(&text, &mut those_of_any_text);
            prop_assert_eq!(words, those_of_any_text);
        }

        #[test]
        fn words_lie_in_their_text_in_ascending_order(text in any::<String>()) {
            let words = words(&text);
            for word in &words {
                prop_assert_eq!(&text[word.start..word.end()], word.text);
                prop_assert!(!word.text.is_empty());
            }
            prop_assert!(words.is_sorted_by_key(|word| word.start));
        }
    }
}
