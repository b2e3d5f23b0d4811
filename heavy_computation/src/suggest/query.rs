use super::names::Kind;
use crate::{error::InvalidField, search::exact_term};

/// In Unicode code points.
const LONGEST_TYPED: usize = 100;
const MOST_SUGGESTIONS: usize = 20;

/// What was typed. A value of this type is valid.
#[derive(Debug)]
pub(crate) struct SuggestQuery {
    /// Without case and accents.
    pub(super) typed: Vec<char>,
    pub(super) kinds: &'static [Kind],
    pub(super) limit: usize,
}

impl SuggestQuery {
    /// Of the last word: one that has ended needs no completion.
    pub(crate) fn new(typed: &str, limit: usize) -> Result<Self, InvalidField> {
        if typed.chars().count() > LONGEST_TYPED {
            return Err(InvalidField {
                field: "typed",
                reason: "must have at most 100 characters",
            });
        }
        if !(1..=MOST_SUGGESTIONS).contains(&limit) {
            return Err(InvalidField { field: "limit", reason: "must be from 1 to 20" });
        }
        let last = typed.rsplit(char::is_whitespace).next().unwrap_or_default();
        let (kinds, word): (&'static [Kind], &str) = match last.chars().next() {
            Some('#') => (&[Kind::Tag], &last[1..]),
            Some('@') => (&[Kind::Username], &last[1..]),
            _ => (&[Kind::Word, Kind::Tag, Kind::Username], last),
        };
        let has_sigil = word.len() < last.len();
        let typed: Vec<char> = exact_term(word).chars().collect();
        let kinds: &'static [Kind] = if typed.is_empty() && !has_sigil { &[] } else { kinds };
        Ok(Self { typed, kinds, limit })
    }
}
