use super::grams::windows;

/// Longer than the grams that similarity is made of: a run of eight characters that two texts share is
/// rarely there by chance.
const RUN: usize = 8;
/// Runs in a sketch.
const RUNS: usize = 10;
/// Numbers in a sketch: those of the runs, and one of the whole text.
pub(super) const SIZE: usize = RUNS + 1;
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The lowest hashes of a text's runs of eight characters (a bottom-k MinHash: A. Broder, "On the
/// resemblance and containment of documents", 1997). Nearly equal texts share some of them: of two whose
/// runs have a Jaccard similarity of J, all are missed with a chance below (1 - J)^10.
///
/// The hash of the whole text comes last: where thousands of posts share a phrase, an exact copy is found
/// nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch(Vec<u32>);

impl Sketch {
    pub(crate) fn of(folded: &[char]) -> Self {
        let mut lowest: Vec<u32> = Vec::with_capacity(SIZE);
        for run in windows(folded, RUN) {
            let hash = hash(run);
            // Most are not among the lowest.
            if lowest.len() == RUNS && lowest.last().is_some_and(|highest| hash >= *highest) {
                continue;
            }
            let place = lowest.partition_point(|other| *other < hash);
            if lowest.get(place) != Some(&hash) {
                lowest.insert(place, hash);
                lowest.truncate(RUNS);
            }
        }
        if !folded.is_empty() {
            lowest.push(hash(folded));
        }
        Self(lowest)
    }

    #[cfg(feature = "measuring")]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// No more than `SIZE`.
    pub(super) fn hashes(&self) -> &[u32] {
        &self.0
    }
}

/// Multiply-shift over the characters, mixed at the end (the finalizer of SplitMix64).
fn hash(run: &[char]) -> u32 {
    let packed = run.iter().fold(0_u64, |packed, character| {
        (packed.rotate_left(5) ^ u64::from(u32::from(*character))).wrapping_mul(MULTIPLIER)
    });
    let mixed = (packed ^ packed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::near_copies::folded;

    #[test]
    fn a_sketch_holds_the_lowest_hashes_and_each_once() {
        let text = folded("", &"one two three four five six seven ".repeat(9));
        let mut all: Vec<u32> = windows(&text, RUN).map(hash).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(Sketch::of(&text).hashes()[..RUNS], all[..RUNS]);
        assert_eq!(Sketch::of(&text).hashes()[RUNS..], [hash(&text)]);
    }

    #[test]
    fn a_short_text_has_a_sketch_and_an_empty_one_has_none() {
        assert_eq!(Sketch::of(&folded("", "hi")).hashes().len(), 2);
        assert!(Sketch::of(&[]).hashes().is_empty());
    }
}
