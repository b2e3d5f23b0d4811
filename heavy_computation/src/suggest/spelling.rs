//! How many edits lead from what was typed to the beginning of a word: letters put in, left out,
//! replaced, and neighbours swapped (optimal string alignment).

/// Walks through words in order, and computes only what the word before did not have in common with
/// the next: the words of a dictionary are walked as a trie without there being one.
pub(super) struct Spelling<'typed> {
    typed: &'typed [char],
    limit: u8,
    word: Vec<char>,
    /// For each length of the word's beginning, the edits from each length of what was typed: one row after
    /// another, without a piece of memory for each.
    edits: Vec<u8>,
    rows: Vec<Row>,
}

struct Row {
    fewest: u8,
    /// The fewest edits between all that was typed and a beginning of the word up to here.
    to_beginning: u8,
}

/// How near a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearness {
    /// So many edits lead to the beginning of the word, so many to the whole.
    Near {
        to_beginning: u8,
        to_whole: u8,
    },
    /// No word with the same first letters, so many of them, is near.
    FarFromHere {
        characters: usize,
    },
    Far,
}

impl<'typed> Spelling<'typed> {
    pub(super) fn new(typed: &'typed [char], limit: u8) -> Self {
        let edits: Vec<u8> = (0..=typed.len()).map(saturated).collect();
        let first = Row { fewest: 0, to_beginning: saturated(typed.len()) };
        Self { typed, limit, word: Vec::new(), edits, rows: vec![first] }
    }

    fn width(&self) -> usize {
        self.typed.len() + 1
    }

    pub(super) fn nearness(&mut self, word: &str) -> Nearness {
        let mut characters = word.chars();
        let mut depth = 0;
        // What is in common with the word before stays.
        let mut next = characters.next();
        while next.is_some() && self.word.get(depth) == next.as_ref() {
            depth += 1;
            next = characters.next();
        }
        self.word.truncate(depth);
        self.rows.truncate(depth + 1);
        self.edits.truncate((depth + 1) * self.width());
        if let Some(far) = self.far_at(depth) {
            return far;
        }
        while let Some(character) = next {
            self.push(character);
            depth += 1;
            if let Some(far) = self.far_at(depth) {
                return far;
            }
            next = characters.next();
        }
        let to_whole = self.edits[depth * self.width() + self.typed.len()];
        match self.rows[depth].to_beginning {
            to_beginning if to_beginning <= self.limit => Nearness::Near { to_beginning, to_whole },
            _ => Nearness::Far,
        }
    }

    fn far_at(&self, depth: usize) -> Option<Nearness> {
        let row = &self.rows[depth];
        let is_far = row.fewest > self.limit && row.to_beginning > self.limit;
        is_far.then_some(Nearness::FarFromHere { characters: depth })
    }

    fn push(&mut self, character: char) {
        let (depth, width) = (self.rows.len(), self.width());
        self.edits.resize((depth + 1) * width, 0);
        let (earlier, edits) = self.edits.split_at_mut(depth * width);
        let before = &earlier[(depth - 1) * width..];
        let swapped_from = depth.checked_sub(2).map(|depth| (self.word[depth], depth * width));
        edits[0] = saturated(depth);
        for (at, typed) in self.typed.iter().enumerate() {
            let replaced = before[at] + u8::from(*typed != character);
            let mut fewest = replaced.min(before[at + 1] + 1).min(edits[at] + 1);
            if let Some((last, row)) = swapped_from
                && at > 0
                && *typed == last
                && self.typed[at - 1] == character
            {
                fewest = fewest.min(earlier[row + at - 1] + 1);
            }
            edits[at + 1] = fewest;
        }
        let fewest = edits.iter().copied().min().unwrap_or_default();
        let to_beginning = self.rows[depth - 1].to_beginning.min(edits[self.typed.len()]);
        self.word.push(character);
        self.rows.push(Row { fewest, to_beginning });
    }
}

/// Far more than any limit, with room for a few more.
fn saturated(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX).min(u8::MAX - 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nearness(typed: &str, word: &str) -> Nearness {
        let typed: Vec<char> = typed.chars().collect();
        Spelling::new(&typed, 2).nearness(word)
    }

    #[test]
    fn an_edit_is_a_letter_more_less_or_another_or_two_swapped() {
        for typed in ["helllo", "helo", "hallo", "hlelo"] {
            let near = Nearness::Near { to_beginning: 1, to_whole: 1 };
            // What stands too much at the end of what was typed is an edit of the beginning, too.
            assert_eq!(nearness(typed, "hello"), near, "{typed}");
        }
    }

    #[test]
    fn what_follows_the_beginning_of_a_word_is_no_edit_of_it() {
        assert_eq!(nearness("hel", "hello"), Nearness::Near { to_beginning: 0, to_whole: 2 });
    }

    #[test]
    fn words_that_are_far_from_the_first_letters_on_can_be_skipped() {
        assert_eq!(nearness("hello", "zzzzzz"), Nearness::FarFromHere { characters: 3 });
    }

    proptest! {
        #[test]
        fn the_words_walked_before_make_no_difference(
            typed in "[ab]{1,5}", mut words in prop::collection::vec("[abc]{0,7}", 1..20)
        ) {
            words.sort_unstable();
            let typed: Vec<char> = typed.chars().collect();
            let mut walking = Spelling::new(&typed, 2);
            for word in words {
                let walked = walking.nearness(&word);
                prop_assert_eq!(walked, Spelling::new(&typed, 2).nearness(&word));
            }
        }
    }
}
