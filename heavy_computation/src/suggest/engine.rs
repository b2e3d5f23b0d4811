use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    names::Kind,
    query::SuggestQuery,
    spelling::{Nearness, Spelling},
    vocabulary::{Entry, Vocabulary},
};
use crate::cancellation::Cancellation;

/// Names looked at between two looks at whether anybody still waits for the answer.
const NAMES_BETWEEN_CHECKS: usize = 1_024;
/// From so many characters on one edit is forgiven, and two: shorter words all are like one another.
const SHORTEST_WITH_ONE_EDIT: usize = 3;
const SHORTEST_WITH_TWO_EDITS: usize = 5;
const EDITS_OF_FIRST_LETTER: u8 = 2;
/// How many times as often a name must stand in posts to make up for an edit, as logarithms, and for
/// not being what was typed but going on.
const COST_OF_AN_EDIT: f32 = 3.5;
const COST_OF_GOING_ON: f32 = 1.5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) posts: u32,
    /// Edits between what was typed and the beginning of the name.
    pub(crate) distance: u32,
}

/// The likeliest first. Takes up to a few milliseconds. Ends early, with too few, when cancelled.
pub(crate) fn suggest(
    vocabulary: &Vocabulary,
    query: &SuggestQuery,
    cancellation: &Cancellation,
) -> Vec<Suggestion> {
    let mut search = Search { vocabulary, query, cancellation, best: BTreeSet::new(), seen: 0 };
    for kind in query.kinds {
        search.look_in(*kind);
    }
    search.look_in_unsorted();
    search.into_suggestions()
}

struct Search<'query> {
    vocabulary: &'query Vocabulary,
    query: &'query SuggestQuery,
    cancellation: &'query Cancellation,
    /// The best names so far, as (how good, where, edits), the worst first.
    best: BTreeSet<(Likelihood, Reverse<usize>, u8)>,
    seen: usize,
}

/// A number that orders.
#[derive(Clone, Copy, PartialEq)]
struct Likelihood(f32);

impl Eq for Likelihood {}

impl PartialOrd for Likelihood {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Likelihood {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Search<'_> {
    fn most_edits(&self) -> u8 {
        match self.query.typed.len() {
            ..SHORTEST_WITH_ONE_EDIT => 0,
            SHORTEST_WITH_ONE_EDIT..SHORTEST_WITH_TWO_EDITS => 1,
            _ => 2,
        }
    }

    fn look_in(&mut self, kind: Kind) {
        let first: String = self.query.typed.iter().take(1).collect();
        let range = self.vocabulary.beginning_with(kind, &first);
        self.walk(kind, range);
        if self.most_edits() >= EDITS_OF_FIRST_LETTER {
            self.look_at_other_first_letters(kind);
        }
    }

    /// All names with the first letter that was typed.
    fn walk(&mut self, kind: Kind, range: std::ops::Range<usize>) {
        let query = self.query;
        let mut spelling = Spelling::new(&query.typed, self.most_edits());
        let mut place = range.start;
        while place < range.end && !self.is_cancelled() {
            let entry = self.vocabulary.entry(place);
            match spelling.nearness(entry.key) {
                Nearness::Near { to_beginning, to_whole } => {
                    self.offer(place, &entry, to_beginning, to_whole == to_beginning);
                }
                Nearness::FarFromHere { characters } => {
                    let end = end_of_characters(entry.key, characters);
                    place = self.after_beginning(kind, place..range.end, &entry.key[..end]);
                    continue;
                }
                Nearness::Far => {}
            }
            place += 1;
        }
    }

    /// The first place whose name does not begin with `beginning`, found in growing steps.
    fn after_beginning(&self, kind: Kind, range: std::ops::Range<usize>, beginning: &str) -> usize {
        let begins_so = |place: usize| self.vocabulary.entry(place).key.starts_with(beginning);
        let mut step = 1;
        let mut low = range.start;
        while low + step < range.end && begins_so(low + step) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(range.end);
        self.vocabulary.sorted_place(low..high, kind, |key| key.starts_with(beginning))
    }

    /// Another first letter, one too many, one left out, or the first two swapped; the rest as typed.
    fn look_at_other_first_letters(&mut self, kind: Kind) {
        let query = self.query;
        let [first, second, rest @ ..] = query.typed.as_slice() else {
            return;
        };
        let swapped: String = [second, first].into_iter().chain(rest).collect();
        let left_out: String = query.typed[1..].iter().collect();
        let whole: String = query.typed.iter().collect();
        if second != first {
            self.offer_all(kind, &swapped);
            self.offer_all(kind, &left_out);
        }
        for letter in self.first_letters(kind) {
            if letter != *first {
                if letter != *second {
                    self.offer_all(kind, &format!("{letter}{left_out}"));
                }
                self.offer_all(kind, &format!("{letter}{whole}"));
            }
        }
    }

    fn first_letters(&self, kind: Kind) -> Vec<char> {
        let range = self.vocabulary.beginning_with(kind, "");
        let mut letters = Vec::new();
        let mut place = range.start;
        while place < range.end {
            let key = self.vocabulary.entry(place).key;
            let Some(letter) = key.chars().next() else { break };
            letters.push(letter);
            let sorted = place..range.end;
            place = self.after_beginning(kind, sorted, &key[..letter.len_utf8()]);
        }
        letters
    }

    fn offer_all(&mut self, kind: Kind, beginning: &str) {
        for place in self.vocabulary.beginning_with(kind, beginning) {
            let entry = self.vocabulary.entry(place);
            let is_whole = entry.key.len() == beginning.len();
            self.offer(place, &entry, EDITS_OF_FIRST_LETTER, is_whole);
        }
    }

    fn look_in_unsorted(&mut self) {
        let query = self.query;
        let mut spelling = Spelling::new(&query.typed, self.most_edits());
        for place in self.vocabulary.unsorted() {
            let entry = self.vocabulary.entry(place);
            let has_first_letter = entry.key.chars().next() == query.typed.first().copied();
            if !query.kinds.contains(&entry.kind) || !has_first_letter && !query.typed.is_empty() {
                continue;
            }
            if let Nearness::Near { to_beginning, to_whole } = spelling.nearness(entry.key) {
                self.offer(place, &entry, to_beginning, to_whole == to_beginning);
            }
        }
    }

    fn offer(&mut self, place: usize, entry: &Entry<'_>, edits: u8, is_whole: bool) {
        if entry.posts == 0 {
            return;
        }
        let going_on = if is_whole { 0.0 } else { COST_OF_GOING_ON };
        let cost = f32::from(edits) * COST_OF_AN_EDIT + going_on;
        let likelihood = Likelihood((entry.posts as f32).ln() - cost);
        let rank = (likelihood, Reverse(place), edits);
        if self.best.len() == self.query.limit
            && self.best.first().is_some_and(|worst| rank < *worst)
        {
            return;
        }
        self.best.insert(rank);
        if self.best.len() > self.query.limit {
            self.best.pop_first();
        }
    }

    fn is_cancelled(&mut self) -> bool {
        self.seen += 1;
        self.seen.is_multiple_of(NAMES_BETWEEN_CHECKS) && self.cancellation.is_cancelled()
    }

    fn into_suggestions(self) -> Vec<Suggestion> {
        let best = self.best.iter().rev();
        best.map(|(_, Reverse(place), edits)| {
            let entry = self.vocabulary.entry(*place);
            let text = entry.text.to_owned();
            Suggestion { kind: entry.kind, text, posts: entry.posts, distance: (*edits).into() }
        })
        .collect()
    }
}

fn end_of_characters(key: &str, characters: usize) -> usize {
    key.char_indices().nth(characters).map_or(key.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::{Name, names_of};
    use proptest::prelude::*;

    fn vocabulary(words: &[(&str, usize)]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (word, posts) in words {
            for _ in 0..*posts {
                names_of(word, "", "alice", &["rust".to_owned()])
                    .iter()
                    .for_each(|name| vocabulary.add(name));
            }
        }
        vocabulary
    }

    fn texts(vocabulary: &Vocabulary, typed: &str) -> Vec<String> {
        let query = SuggestQuery::new(typed, 5).unwrap();
        let found = suggest(vocabulary, &query, &Cancellation::default());
        found.into_iter().map(|suggestion| suggestion.text).collect()
    }

    fn both_ways(words: &[(&str, usize)], check: impl Fn(&Vocabulary)) {
        let unsorted = vocabulary(words);
        check(&unsorted.sorted());
        check(&unsorted);
    }

    #[test]
    fn a_word_is_completed_and_the_more_frequent_comes_first() {
        both_ways(&[("hello", 3), ("help", 9), ("other", 1)], |vocabulary| {
            assert_eq!(texts(vocabulary, "hel"), ["help", "hello"]);
            assert_eq!(texts(vocabulary, "say HEL"), ["help", "hello"]);
            assert!(texts(vocabulary, "hel ").is_empty());
        });
    }

    #[test]
    fn typos_are_forgiven() {
        both_ways(&[("separate", 9), ("definitely", 9), ("the", 9)], |vocabulary| {
            assert_eq!(texts(vocabulary, "seperate"), ["separate"]);
            assert_eq!(texts(vocabulary, "definatly"), ["definitely"]);
            assert_eq!(texts(vocabulary, "teh"), ["the"]);
        });
    }

    #[test]
    fn another_first_letter_counts_as_two_edits() {
        let vocabulary = vocabulary(&[("separate", 9)]).sorted();
        for typed in ["xeparate", "eparate", "sseparate", "esparate", "aseparate"] {
            let query = SuggestQuery::new(typed, 5).unwrap();
            let found = suggest(&vocabulary, &query, &Cancellation::default());
            assert_eq!(found[0].text, "separate", "{typed}");
            assert_eq!(found[0].distance, if typed == "sseparate" { 1 } else { 2 }, "{typed}");
        }
        assert!(texts(&vocabulary, "xeparete").is_empty());
    }

    #[test]
    fn a_sigil_keeps_to_tags_or_usernames() {
        both_ways(&[("alicante", 1), ("rusty", 1)], |vocabulary| {
            assert_eq!(texts(vocabulary, "#ru"), ["rust"]);
            assert_eq!(texts(vocabulary, "@al"), ["alice"]);
            assert_eq!(texts(vocabulary, "#"), ["rust"]);
            assert_eq!(texts(vocabulary, "al").len(), 2);
        });
    }

    #[test]
    fn accents_are_written_but_need_not_be_typed() {
        both_ways(&[("canción", 2)], |vocabulary| {
            assert_eq!(texts(vocabulary, "canci"), ["canción"]);
            assert_eq!(texts(vocabulary, "CANCIÓN"), ["canción"]);
        });
    }

    #[test]
    fn what_no_post_has_any_more_is_not_suggested() {
        let mut vocabulary = vocabulary(&[("hello", 1)]).sorted();
        let name = Name { kind: Kind::Word, key: "hello".to_owned(), text: "hello".to_owned() };
        vocabulary.remove(&name);
        assert!(texts(&vocabulary, "hel").is_empty());
        assert!(texts(&vocabulary.sorted(), "hel").is_empty());
        vocabulary.add(&name);
        assert_eq!(texts(&vocabulary, "hel"), ["hello"]);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_gives_an_answer(typed: String, words in prop::collection::vec(any::<String>(), 0..9)) {
            let words: Vec<(&str, usize)> = words.iter().map(|word| (word.as_str(), 1)).collect();
            let vocabulary = vocabulary(&words);
            if let Ok(query) = SuggestQuery::new(&typed, 5) {
                let none = Cancellation::default();
                suggest(&vocabulary, &query, &none);
                suggest(&vocabulary.sorted(), &query, &none);
            }
        }

        #[test]
        fn every_word_is_among_the_suggestions_for_itself(
            words in prop::collection::hash_set("[a-e]{2,6}", 1..20)
        ) {
            let pairs: Vec<(&str, usize)> = words.iter().map(|word| (word.as_str(), 1)).collect();
            let vocabulary = vocabulary(&pairs).sorted();
            for word in &words {
                prop_assert_eq!(&texts(&vocabulary, word)[0], word);
            }
        }
    }
}
