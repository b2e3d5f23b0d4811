use std::{cmp::Ordering, cmp::Reverse, collections::BinaryHeap};

use tantivy::{DocAddress, Score};
use uuid::Uuid;

/// What hits are ordered by: the score, then the newer post (ids are UUIDv7). All scores are 0 when
/// only the age counts. Greater is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rank {
    pub(super) score: Score,
    pub(super) post: Uuid,
}

impl Eq for Rank {}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(self.post.cmp(&other.post))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A match, and where to find it: the number of its layer and its address there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) rank: Rank,
    pub(super) layer: usize,
    pub(super) address: DocAddress,
}

/// The best candidates seen, up to a number, of those that rank below the last hit of the page
/// before.
pub(super) struct TopCandidates {
    capacity: usize,
    after: Option<Rank>,
    kept: BinaryHeap<Reverse<Candidate>>,
}

impl TopCandidates {
    pub(super) fn new(capacity: usize, after: Option<Rank>) -> Self {
        Self { capacity, after, kept: BinaryHeap::with_capacity(capacity + 1) }
    }

    /// Only a higher score than this may still enter. (One that is equal to the worst may be the newer
    /// post.)
    pub(super) fn threshold(&self) -> Score {
        match self.kept.peek() {
            Some(Reverse(worst)) if self.kept.len() == self.capacity => {
                worst.rank.score.next_down()
            }
            _ => Score::MIN,
        }
    }

    /// Whether a post of this rank would be kept.
    pub(super) fn has_room_for(&self, rank: Rank) -> bool {
        let is_full = self.kept.len() == self.capacity;
        let is_better = |Reverse(worst): &Reverse<Candidate>| rank > worst.rank;
        self.after.is_none_or(|last| rank < last)
            && (!is_full || self.kept.peek().is_some_and(is_better))
    }

    pub(super) fn offer(&mut self, candidate: Candidate) {
        if !self.has_room_for(candidate.rank) {
            return;
        }
        self.kept.push(Reverse(candidate));
        if self.kept.len() > self.capacity {
            self.kept.pop();
        }
    }

    /// Best first.
    pub(super) fn into_ranked(self) -> Vec<Candidate> {
        self.kept.into_sorted_vec().into_iter().map(|Reverse(candidate)| candidate).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(score: Score, post: u128) -> Candidate {
        let rank = Rank { score, post: Uuid::from_u128(post) };
        Candidate { rank, layer: 0, address: DocAddress::new(0, 0) }
    }

    #[test]
    fn the_best_are_kept_and_the_newer_of_equals_comes_first() {
        let mut top = TopCandidates::new(2, None);
        for (score, post) in [(1.0, 1), (2.0, 2), (2.0, 3), (0.5, 4)] {
            top.offer(candidate(score, post));
        }
        assert_eq!(top.into_ranked(), [candidate(2.0, 3), candidate(2.0, 2)]);
    }

    #[test]
    fn a_page_begins_after_the_last_hit_of_the_page_before() {
        let mut top = TopCandidates::new(9, Some(Rank { score: 2.0, post: Uuid::from_u128(3) }));
        for (score, post) in [(3.0, 1), (2.0, 2), (2.0, 3), (2.0, 4), (1.0, 5)] {
            top.offer(candidate(score, post));
        }
        assert_eq!(top.into_ranked(), [candidate(2.0, 2), candidate(1.0, 5)]);
    }
}
