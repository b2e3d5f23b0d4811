/// Characters that count together: four of them, as is usual for short texts.
const GRAM: usize = 4;
/// Places in a table for each gram at least: with fewer, one gram stands in the way of another.
const PLACES_OF_A_GRAM: usize = 2;
/// An empty place: no gram is packed like this.
const EMPTY: u64 = 0;
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
/// Of the filter of a text: dozens for each gram.
const FILTER_BITS: usize = 1 << 14;
const WORD_BITS: usize = u64::BITS as usize;
const FILTER_WORDS: usize = FILTER_BITS / WORD_BITS;

/// A text in which case, the width of gaps, and characters that cannot be seen do not count.
pub(crate) fn folded(title: &str, content: &str) -> Vec<char> {
    let mut text = Vec::with_capacity(title.len() + content.len() + 1);
    for part in [title, content] {
        // Nearly all texts are of ASCII: no table is needed then, nor a look at how long a character is.
        if part.is_ascii() {
            let characters = part.bytes().map(char::from);
            fold(&mut text, characters, |text, character| {
                text.push(character.to_ascii_lowercase())
            });
        } else {
            let characters = part.chars().filter(|character| !is_invisible(*character));
            fold(&mut text, characters, |text, character| text.extend(character.to_lowercase()));
        }
    }
    text
}

/// Appends characters, of gaps one space, and `add`s the others.
fn fold(
    text: &mut Vec<char>,
    characters: impl Iterator<Item = char>,
    add: impl Fn(&mut Vec<char>, char),
) {
    let mut is_after_gap = true;
    for character in characters {
        if character.is_whitespace() {
            is_after_gap = true;
            continue;
        }
        if is_after_gap && !text.is_empty() {
            text.push(' ');
        }
        is_after_gap = false;
        add(text, character);
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Every run of four characters of a folded text; the whole text if it is shorter.
///
/// A hash table with open addressing and nothing else around it: a comparison makes one and asks another
/// hundreds of times.
pub(crate) struct GramSet {
    /// Two to the power of the other bits of 64.
    places: Vec<u64>,
    unused_bits: u32,
    grams: usize,
}

impl GramSet {
    pub(crate) fn of(folded: &[char]) -> Self {
        let places = (folded.len().max(1) * PLACES_OF_A_GRAM).next_power_of_two();
        let unused_bits = u64::BITS - places.ilog2();
        let mut set = Self { places: vec![EMPTY; places], unused_bits, grams: 0 };
        for gram in windows(folded, GRAM) {
            set.insert(packed(gram));
        }
        set
    }

    /// Jaccard similarity: what both have as a share of what either has, from 0 to 1.
    pub(crate) fn similarity(&self, other: &Self) -> f32 {
        let others = other.places.iter().filter(|gram| **gram != EMPTY);
        let shared = others.filter(|gram| self.places[self.place_of(**gram)] == **gram).count();
        let all = self.grams + other.grams - shared;
        // Texts have hundreds of characters: the numbers are exact.
        if all == 0 { 1.0 } else { shared as f32 / all as f32 }
    }

    fn insert(&mut self, gram: u64) {
        let place = self.place_of(gram);
        self.grams += usize::from(self.places[place] == EMPTY);
        self.places[place] = gram;
    }

    /// Where the gram stands, or would.
    fn place_of(&self, gram: u64) -> usize {
        let last = self.places.len() - 1;
        let mut place = (gram.wrapping_mul(MULTIPLIER) >> self.unused_bits) as usize & last;
        while self.places[place] != gram && self.places[place] != EMPTY {
            place = (place + 1) & last;
        }
        place
    }
}

/// Tells most texts that are no near-copies from those that may be, at a fraction of the cost of a
/// comparison: a Bloom filter of one hash (B. Bloom, "Space/time trade-offs in hash coding with allowable
/// errors", 1970) over a text's grams.
pub(crate) struct GramFilter {
    bits: Box<[u64; FILTER_WORDS]>,
    grams: usize,
}

impl GramFilter {
    pub(crate) fn of(folded: &[char], set: &GramSet) -> Self {
        let mut bits = Box::new([0; FILTER_WORDS]);
        for (word, bit) in filter_bits(folded) {
            bits[word] |= bit;
        }
        Self { bits, grams: set.grams }
    }

    /// Whether the text's similarity may be as high as this: it is at most the share of our grams that the
    /// text has, too.
    pub(crate) fn may_reach(&self, similarity: f32, folded: &[char]) -> bool {
        let shared = filter_bits(folded).map(|(word, bit)| usize::from(self.bits[word] & bit > 0));
        shared.sum::<usize>() as f32 >= similarity * self.grams as f32
    }
}

/// For each gram of a text, the same for the same gram.
fn filter_bits(folded: &[char]) -> impl Iterator<Item = (usize, u64)> {
    let mut last_four = 0_u64;
    let places = folded.iter().map(move |character| {
        let code = u32::from(*character);
        last_four = last_four << 16 | u64::from((code ^ code >> 16) & 0xFFFF);
        last_four.wrapping_mul(MULTIPLIER) >> (u64::BITS - FILTER_BITS.ilog2())
    });
    // A shorter text is one gram.
    let first = GRAM.min(folded.len()).saturating_sub(1);
    places.skip(first).map(|place| (place as usize / WORD_BITS, 1 << (place as usize % WORD_BITS)))
}

/// The runs of `length` characters, or the whole text.
pub(super) fn windows(text: &[char], length: usize) -> impl Iterator<Item = &[char]> {
    let whole = (text.len() < length && !text.is_empty()).then_some(text);
    text.windows(length).chain(whole)
}

/// Characters of the basic plane fill 16 bits each; others are mixed, and two runs of those are taken
/// for one another once in 2^64.
fn packed(gram: &[char]) -> u64 {
    let packed = gram.iter().fold(0, |packed: u64, character| match u32::from(*character) {
        basic @ 0..=0xFFFF => packed << 16 | u64::from(basic),
        other => (packed ^ u64::from(other)).wrapping_mul(0xD6E8_FEB8_6659_FD93),
    });
    packed.max(EMPTY + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn similarity(one: &str, other: &str) -> f32 {
        GramSet::of(&folded("", one)).similarity(&GramSet::of(&folded("", other)))
    }

    #[test]
    fn case_gaps_and_invisible_characters_do_not_count() {
        assert_eq!(similarity("Good  Morning\nall", "good morning ALL"), 1.0);
        assert_eq!(similarity("good\u{200B} \u{200B} morning", "good morning"), 1.0);
    }

    #[test]
    fn similarity_is_the_share_of_grams_that_both_have() {
        // abcd bcde cdef against bcde cdef defg.
        assert_eq!(similarity("abcdef", "bcdefg"), 0.5);
        assert_eq!(similarity("abcd", "efgh"), 0.0);
        assert_eq!(similarity("abc", "abc"), 1.0);
        assert_eq!(similarity("", ""), 1.0);
    }

    #[test]
    fn the_title_is_the_beginning_of_the_text() {
        assert_eq!(folded("One ", " two"), folded("", "one TWO"));
    }

    #[test]
    fn a_text_that_shares_little_is_told_apart_without_a_comparison() {
        let text = folded("", "The quick brown fox jumps over the lazy dog and runs away from it");
        let filter = GramFilter::of(&text, &GramSet::of(&text));
        let other =
            folded("", "Seven wizards make toxic brew for the evil queen and jack, they say");
        assert!(!filter.may_reach(0.5, &other));
    }

    proptest! {
        #[test]
        fn the_filter_lets_every_similar_text_pass(one in "[ab🎉]{0,9}", other in "[ab🎉]{0,9}") {
            let (one, other) = (folded("", &one), folded("", &other));
            let set = GramSet::of(&one);
            let similarity = set.similarity(&GramSet::of(&other));
            prop_assert!(GramFilter::of(&one, &set).may_reach(similarity, &other));
        }

        #[test]
        fn similarity_is_symmetric_and_one_only_of_equals(one: String, other: String) {
            let (there, back) = (similarity(&one, &other), similarity(&other, &one));
            prop_assert_eq!(there, back);
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert_eq!(similarity(&one, &one), 1.0);
        }
    }
}
