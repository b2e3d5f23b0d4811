use rustc_hash::FxHashSet;

/// Characters that count together: four of them, as is usual for short texts.
const GRAM: usize = 4;

/// A text in which case, the width of gaps, and characters that cannot be seen do not count.
pub(crate) fn folded(title: &str, content: &str) -> Vec<char> {
    let mut text = Vec::with_capacity(title.len() + content.len() + 1);
    for part in [title, content] {
        for word in part.split_whitespace() {
            let visible = word.chars().filter(|character| !is_invisible(*character));
            let before = text.len();
            if before > 0 {
                text.push(' ');
            }
            let gap_end = text.len();
            text.extend(visible.flat_map(char::to_lowercase));
            if text.len() == gap_end {
                text.truncate(before);
            }
        }
    }
    text
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Every run of four characters of a folded text; the whole text if it is shorter.
pub(crate) struct GramSet(FxHashSet<u64>);

impl GramSet {
    pub(crate) fn of(folded: &[char]) -> Self {
        let mut grams = FxHashSet::with_capacity_and_hasher(folded.len(), Default::default());
        for gram in windows(folded, GRAM) {
            grams.insert(packed(gram));
        }
        Self(grams)
    }

    /// Jaccard similarity: what both have as a share of what either has, from 0 to 1.
    pub(crate) fn similarity(&self, other: &Self) -> f32 {
        let shared = self.0.iter().filter(|gram| other.0.contains(gram)).count();
        let all = self.0.len() + other.0.len() - shared;
        // Texts have hundreds of characters: the numbers are exact.
        if all == 0 { 1.0 } else { shared as f32 / all as f32 }
    }

    /// Whether nothing of this size can be as similar as that.
    pub(super) fn may_reach(&self, similarity: f32, characters: usize) -> bool {
        // A text of so many characters has at most so many grams.
        characters.max(1) as f32 >= similarity * self.0.len() as f32
    }
}

/// The runs of `length` characters, or the whole text.
pub(super) fn windows(text: &[char], length: usize) -> impl Iterator<Item = &[char]> {
    let whole = (text.len() < length && !text.is_empty()).then_some(text);
    text.windows(length).chain(whole)
}

/// Characters of the basic plane fill 16 bits each; others are mixed, and two runs of those are taken
/// for one another once in 2^64.
fn packed(gram: &[char]) -> u64 {
    gram.iter().fold(0, |packed: u64, character| match u32::from(*character) {
        basic @ 0..=0xFFFF => packed << 16 | u64::from(basic),
        other => (packed ^ u64::from(other)).wrapping_mul(0xD6E8_FEB8_6659_FD93),
    })
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

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_one_only_of_equals(one: String, other: String) {
            let (there, back) = (similarity(&one, &other), similarity(&other, &one));
            prop_assert_eq!(there, back);
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert_eq!(similarity(&one, &one), 1.0);
        }
    }
}
