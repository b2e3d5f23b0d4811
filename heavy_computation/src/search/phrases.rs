use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};
use tokio_util::sync::CancellationToken;

use super::{query::QueryWord, terms::SegmentTerms};

/// Posts looked at between two looks at whether anybody still waits for the answer.
const POSTS_BETWEEN_CHECKS: usize = 1024;

/// The posts of a segment that hold words in their places, in ascending order. Too few when
/// cancelled.
pub(super) fn posts_with_phrase(
    segment: &SegmentTerms<'_>,
    phrase: &[(u32, QueryWord)],
    cancellation: &CancellationToken,
) -> tantivy::Result<Vec<DocId>> {
    let mut words = Vec::with_capacity(phrase.len());
    for (place, word) in phrase {
        words.push(PlacedWord::open(segment, *place, word)?);
    }
    let mut found = Vec::new();
    let mut next = 0;
    let mut looks = 0_usize;
    while let Some(post) = first_with_all(&mut words, next) {
        if are_in_place(&mut words, post) {
            found.push(post);
        }
        next = post + 1;
        looks += 1;
        if looks.is_multiple_of(POSTS_BETWEEN_CHECKS) && cancellation.is_cancelled() {
            break;
        }
    }
    Ok(found)
}

/// A word of the phrase in any of its forms.
struct PlacedWord {
    place: u32,
    forms: Vec<SegmentPostings>,
    /// Of the word in the current post: where the phrase would begin.
    starts: Vec<u32>,
}

impl PlacedWord {
    fn open(segment: &SegmentTerms<'_>, place: u32, word: &QueryWord) -> tantivy::Result<Self> {
        let terms = segment.look_up(word)?.text;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let forms = terms.iter().map(|term| segment.text.read_postings_from_terminfo(term, option));
        Ok(Self { place, forms: forms.collect::<Result<_, _>>()?, starts: Vec::new() })
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let forms = self.forms.iter_mut();
        forms
            .map(|form| if form.doc() < target { form.seek(target) } else { form.doc() })
            .min()
            .unwrap_or(TERMINATED)
    }

    fn find_starts(&mut self, post: DocId) {
        self.starts.clear();
        for form in self.forms.iter_mut().filter(|form| form.doc() == post) {
            form.append_positions_with_offset(0, &mut self.starts);
        }
        let place = self.place;
        self.starts.retain_mut(|position| match position.checked_sub(place) {
            Some(start) => {
                *position = start;
                true
            }
            None => false,
        });
    }
}

fn first_with_all(words: &mut [PlacedWord], from: DocId) -> Option<DocId> {
    let mut target = from;
    loop {
        let candidate = words.iter_mut().fold(target, |target, word| word.seek(target));
        if candidate == TERMINATED {
            return None;
        }
        if candidate == target && words.iter_mut().all(|word| word.seek(target) == target) {
            return Some(target);
        }
        target = candidate;
    }
}

fn are_in_place(words: &mut [PlacedWord], post: DocId) -> bool {
    for word in words.iter_mut() {
        word.find_starts(post);
    }
    let Some((first, others)) = words.split_first() else {
        return false;
    };
    first.starts.iter().any(|start| others.iter().all(|word| word.starts.contains(start)))
}
