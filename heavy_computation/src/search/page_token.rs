use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{
    feedback::FeedbackTerm,
    ranking::Rank,
    statistics::{Statistics, WordFrequency},
};

/// Raised when the layout changes: tokens do not live long.
const VERSION: u64 = 3;

/// Where the next page begins: after the last hit of the page before, ranked by the same
/// statistics.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageToken {
    pub(super) last: Rank,
    pub(super) statistics: Statistics,
}

impl PageToken {
    /// Version, fingerprint, last hit and statistics as LEB128 numbers, terms after their lengths, in
    /// URL-safe base64 (RFC 4648 section 5).
    pub(super) fn encode(&self, fingerprint: u32) -> String {
        let (id_high, id_low) = self.last.post.as_u64_pair();
        let Statistics { posts, text_tokens, as_beginning, words, feedback } = &self.statistics;
        let head = [VERSION, fingerprint.into(), self.last.score.to_bits().into(), id_high, id_low];
        let counts = [*posts, *text_tokens, *as_beginning];
        let frequencies = words.iter().flat_map(|word| [word.in_text, word.as_author]);
        let mut bytes = Vec::new();
        for number in head.into_iter().chain(counts).chain(frequencies) {
            push_number(number, &mut bytes);
        }
        for FeedbackTerm { term, posts, thousandths } in feedback {
            for number in [*posts, u64::from(*thousandths), term.len() as u64] {
                push_number(number, &mut bytes);
            }
            bytes.extend(term.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// None unless the token was made for a query of this fingerprint and number of words.
    pub(super) fn decode(token: &str, fingerprint: u32, words: usize) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let mut numbers = Numbers(&bytes);
        if numbers.next()? != VERSION || numbers.next()? != u64::from(fingerprint) {
            return None;
        }
        let score = f32::from_bits(u32::try_from(numbers.next()?).ok()?);
        let post = Uuid::from_u64_pair(numbers.next()?, numbers.next()?);
        let mut statistics = Statistics {
            posts: numbers.next()?,
            text_tokens: numbers.next()?,
            as_beginning: numbers.next()?,
            words: Vec::with_capacity(words),
            feedback: Vec::new(),
        };
        for _ in 0..words {
            let (in_text, as_author) = (numbers.next()?, numbers.next()?);
            statistics.words.push(WordFrequency { in_text, as_author });
        }
        while !numbers.0.is_empty() {
            statistics.feedback.push(numbers.next_feedback_term()?);
        }
        let is_whole = score.is_finite() && statistics.are_possible();
        is_whole.then_some(Self { last: Rank { score, post }, statistics })
    }
}

fn push_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 0x7F {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

struct Numbers<'bytes>(&'bytes [u8]);

impl Numbers<'_> {
    fn next_feedback_term(&mut self) -> Option<FeedbackTerm> {
        let (posts, thousandths) = (self.next()?, u32::try_from(self.next()?).ok()?);
        let length = usize::try_from(self.next()?).ok()?;
        let (term, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(FeedbackTerm { term: str::from_utf8(term).ok()?.to_owned(), posts, thousandths })
    }
}

impl Iterator for Numbers<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(posts: u64, in_text: u64) -> PageToken {
        PageToken {
            last: Rank { score: 1.5, post: Uuid::from_u128(7) },
            statistics: Statistics {
                posts,
                text_tokens: 40,
                as_beginning: 4,
                words: vec![WordFrequency { in_text, as_author: 0 }],
                feedback: vec![FeedbackTerm {
                    term: "élan".to_owned(),
                    posts: 2,
                    thousandths: 310,
                }],
            },
        }
    }

    #[test]
    fn a_token_says_what_it_was_made_of() {
        let token = token(u64::MAX, 1 << 40);
        assert_eq!(PageToken::decode(&token.encode(9), 9, 1), Some(token));
    }

    #[test]
    fn a_token_of_another_query_or_with_impossible_counts_is_refused() {
        assert_eq!(PageToken::decode(&token(9, 3).encode(9), 8, 1), None);
        assert_eq!(PageToken::decode(&token(9, 3).encode(9), 9, 2), None);
        assert_eq!(PageToken::decode(&token(9, 10).encode(9), 9, 1), None);
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_decoder(bytes in any::<Vec<u8>>(), text in any::<String>()) {
            PageToken::decode(&URL_SAFE_NO_PAD.encode(bytes), 9, 1);
            PageToken::decode(&text, 9, 1);
        }
    }
}
