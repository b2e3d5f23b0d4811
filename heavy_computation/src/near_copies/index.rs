use std::collections::HashMap;

use super::sketch::{SIZE, Sketch};
use crate::posts::Slot;

/// Posts in the part that is quick to add to.
const MOST_RECENT_POSTS: usize = 4_096;
/// Posts looked at of those that share one number: what so many share is a phrase.
const MOST_POSTS_OF_A_HASH: usize = 512;
/// A bucket's number and 16 more bits make up a hash, so there are at least so many buckets.
const LEAST_BUCKET_BITS: u32 = 16;
const MOST_BUCKET_BITS: u32 = 28;
const ENTRIES_OF_A_BUCKET: usize = 8;

/// Which posts have a number in their sketch.
///
/// The newest posts are in a hash table, all others in segments: buckets one after another, six bytes
/// an entry. Segments are merged as soon as one is not much larger than the next, so that there are few.
/// Posts that are gone stay until the segment is merged.
#[derive(Default)]
pub(crate) struct SketchIndex {
    segments: Vec<Segment>,
    recent: HashMap<u32, Vec<Slot>>,
    recent_posts: usize,
}

/// Immutable: entries sorted by the highest bits of their hash, with the lower bits beside.
pub(crate) struct Segment {
    bucket_bits: u32,
    /// Where each bucket ends.
    ends: Vec<u32>,
    remainders: Vec<u16>,
    slots: Vec<Slot>,
}

/// A segment that takes the place of the last ones, and of the recent posts.
pub(crate) struct Merged {
    segment: Segment,
    merged: usize,
}

impl SketchIndex {
    pub(crate) fn add(&mut self, slot: Slot, sketch: &Sketch) {
        for hash in sketch.hashes() {
            self.recent.entry(*hash).or_default().push(slot);
        }
        self.recent_posts += 1;
    }

    /// Posts that share a number with the sketch, and how many: one entry for each number shared.
    pub(super) fn sharing(&self, sketch: &Sketch) -> Vec<Slot> {
        let mut found = Vec::new();
        for hash in sketch.hashes() {
            let recent = self.recent.get(hash).into_iter().flatten().copied();
            let stored = self.segments.iter().flat_map(|segment| segment.with(*hash));
            found.extend(stored.chain(recent).take(MOST_POSTS_OF_A_HASH));
        }
        found
    }

    pub(crate) fn bytes(&self) -> usize {
        let recent = self.recent.capacity() * (size_of::<u32>() + size_of::<Vec<Slot>>() * 2);
        recent + self.segments.iter().map(Segment::bytes).sum::<usize>()
    }

    pub(crate) fn needs_merging(&self) -> bool {
        self.recent_posts >= MOST_RECENT_POSTS
    }

    /// Without those of posts that are gone. `all` merges everything into one segment.
    pub(crate) fn merged(&self, is_there: impl Fn(Slot) -> bool, all: bool) -> Merged {
        let mut size = self.recent_posts * SIZE;
        let mut first = self.segments.len();
        while first > 0 && (all || self.segments[first - 1].slots.len() < size * 2) {
            first -= 1;
            size += self.segments[first].slots.len();
        }
        let merged = &self.segments[first..];
        let recent = || {
            let entries = self.recent.iter();
            entries.flat_map(|(hash, slots)| slots.iter().map(|slot| (*hash, *slot)))
        };
        let entries = || {
            let stored = merged.iter().flat_map(Segment::entries);
            stored.chain(recent()).filter(|(_, slot)| is_there(*slot))
        };
        Merged { segment: Segment::of(entries), merged: merged.len() }
    }

    /// Nothing may have been added since.
    pub(crate) fn adopt(&mut self, merged: Merged) {
        self.segments.truncate(self.segments.len() - merged.merged);
        self.segments.push(merged.segment);
        self.recent = HashMap::new();
        self.recent_posts = 0;
    }
}

impl Segment {
    /// A counting sort by bucket, which keeps the order of equals.
    fn of<I: Iterator<Item = (u32, Slot)>>(entries: impl Fn() -> I) -> Self {
        let count = entries().count();
        let bucket_bits = bucket_bits_for(count);
        let bucket = |hash: u32| (hash >> (u32::BITS - bucket_bits)) as usize;
        let mut ends = vec![0_u32; 1 << bucket_bits];
        for (hash, _) in entries() {
            ends[bucket(hash)] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            (*end, start) = (start, start + *end);
        }
        let (mut remainders, mut slots) = (vec![0; count], vec![0; count]);
        for (hash, slot) in entries() {
            let place = &mut ends[bucket(hash)];
            remainders[*place as usize] = remainder(hash, bucket_bits);
            slots[*place as usize] = slot;
            *place += 1;
        }
        Self { bucket_bits, ends, remainders, slots }
    }

    fn with(&self, hash: u32) -> impl Iterator<Item = Slot> {
        let bucket = (hash >> (u32::BITS - self.bucket_bits)) as usize;
        let wanted = remainder(hash, self.bucket_bits);
        let range = self.range(bucket);
        let remainders = self.remainders[range.clone()].iter();
        let entries = remainders.zip(&self.slots[range]);
        entries.filter(move |(remainder, _)| **remainder == wanted).map(|(_, slot)| *slot)
    }

    fn entries(&self) -> impl Iterator<Item = (u32, Slot)> {
        (0..self.ends.len()).flat_map(move |bucket| {
            let high = (bucket as u32) << (u32::BITS - self.bucket_bits);
            self.range(bucket)
                .map(move |at| (high | u32::from(self.remainders[at]), self.slots[at]))
        })
    }

    fn range(&self, bucket: usize) -> std::ops::Range<usize> {
        let start = bucket.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[bucket] as usize
    }

    fn bytes(&self) -> usize {
        self.ends.len() * size_of::<u32>()
            + self.slots.len() * (size_of::<Slot>() + size_of::<u16>())
    }
}

fn bucket_bits_for(entries: usize) -> u32 {
    let buckets = (entries / ENTRIES_OF_A_BUCKET).max(1);
    buckets.ilog2().clamp(LEAST_BUCKET_BITS, MOST_BUCKET_BITS)
}

/// The bits of a hash below those of its bucket: at most 16.
fn remainder(hash: u32, bucket_bits: u32) -> u16 {
    (hash & (u32::MAX >> bucket_bits)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::near_copies::folded;

    fn sketch(number: u32) -> Sketch {
        Sketch::of(&folded(
            "",
            &format!("this is the text of the post with number {number} of all"),
        ))
    }

    #[test]
    fn every_post_is_found_after_any_number_of_merges_and_none_that_is_gone() {
        let mut index = SketchIndex::default();
        let posts = 3 * MOST_RECENT_POSTS as u32 + 100;
        let is_there = |slot: Slot| slot % 7 != 3;
        for slot in 0..posts {
            index.add(slot, &sketch(slot));
            if index.needs_merging() {
                let merged = index.merged(is_there, false);
                index.adopt(merged);
            }
        }
        let merged = index.merged(is_there, true);
        index.adopt(merged);

        assert_eq!(index.segments.len(), 1);
        for slot in (0..posts).step_by(11) {
            assert_eq!(index.sharing(&sketch(slot)).contains(&slot), is_there(slot), "{slot}");
        }
    }

    #[test]
    fn segments_stay_few() {
        let mut index = SketchIndex::default();
        for slot in 0..20 * MOST_RECENT_POSTS as u32 {
            index.add(slot, &sketch(slot));
            if index.needs_merging() {
                let merged = index.merged(|_| true, false);
                index.adopt(merged);
            }
        }
        assert!(index.segments.len() < 6, "{}", index.segments.len());
    }

    #[test]
    fn the_oldest_of_those_that_share_a_phrase_are_looked_at() {
        let mut index = SketchIndex::default();
        for slot in 0..MOST_POSTS_OF_A_HASH as u32 + 50 {
            index.add(slot, &sketch(0));
        }
        let found = index.sharing(&sketch(0));
        assert!(found.contains(&0));
        assert_eq!(found.len(), MOST_POSTS_OF_A_HASH * sketch(0).hashes().len());
    }
}
