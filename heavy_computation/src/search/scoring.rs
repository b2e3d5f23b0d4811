//! BM25 over one field in which a title's words stand twice (BM25F with one length for all fields:
//! Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", 2004), and the
//! way to the best posts that skips what cannot be among them (MaxScore: Turtle, Flood, "Query
//! evaluation", 1995), window by window.
//!
//! Scores are whole numbers of points: a sum is then the same in whatever order it is added up, and
//! so is a page, however the index is cut into segments.

use tantivy::{DocId, Score, TERMINATED, fieldnorm::FieldNormReader};

use super::cursor::Cursor;

/// How fast a word's repetitions stop to count, and how much of a text's length does. The values
/// that Anserini found to do well on most test collections.
const K1: f32 = 0.9;
const B: f32 = 0.4;
/// Points of a score of 1. A score of up to 1,000 is then exact in 24 bits.
const POINTS: f32 = 16_384.0;

/// A word in so many posts gets a table of what it is worth, for so many frequencies of it and each
/// length: most divisions are then done once.
const LEAST_POSTS_FOR_TABLE: u32 = 2_048;
const FREQUENCIES_IN_TABLE: usize = 3;
const LENGTHS: usize = 256;

/// Posts whose points are added up at once: they stay in the cache nearest to the core.
const WINDOW: usize = 4096;
const BITS: usize = u64::BITS as usize;

pub(super) type Points = u32;

pub(super) fn score_of(points: Points) -> Score {
    points as Score / POINTS
}

/// The points above which a post must be to have a score above this.
pub(super) fn points_of(score: Score) -> Points {
    // Negative and too large numbers end at the ends of the range.
    (score * POINTS) as Points
}

/// What a word is worth that stands so often in a text of such a length, as a multiple of its weight.
pub(super) fn worth(frequency: u32, length: u32, mean_length: f32) -> f32 {
    let frequency = frequency as f32;
    (K1 + 1.0) * frequency / (frequency + K1 * (1.0 - B + B * length as f32 / mean_length))
}

/// The posts that hold a word, and what each of them gets for it.
pub(super) struct ScoredPosts {
    pub(super) cursor: Cursor,
    best: Points,
    scale: Scale,
    /// Whether it makes a match, or only ranks those that other words make.
    is_match: bool,
}

enum Scale {
    /// By how often and in how long a text it stands.
    ByFrequency(Worth),
    Same(Points),
}

struct Worth {
    limit: f32,
    /// For each frequency, from 1 on, and each length.
    table: Option<Box<[[Points; LENGTHS]; FREQUENCIES_IN_TABLE]>>,
}

impl Worth {
    #[inline]
    fn points(&self, lengths: &Lengths, post: DocId, frequency: u32) -> Points {
        let length = lengths.ids.fieldnorm_id(post);
        match &self.table {
            Some(table) if (frequency as usize) <= FREQUENCIES_IN_TABLE && frequency > 0 => {
                table[frequency as usize - 1][usize::from(length)]
            }
            _ => lengths.points(self.limit, length, frequency),
        }
    }
}

impl ScoredPosts {
    pub(super) fn in_text(cursor: Cursor, weight: f32, lengths: &Lengths) -> Self {
        let limit = weight * (K1 + 1.0) * POINTS;
        let table = (cursor.size() >= LEAST_POSTS_FOR_TABLE).then(|| {
            Box::new(std::array::from_fn(|frequency| {
                std::array::from_fn(|length| {
                    lengths.points(
                        limit,
                        u8::try_from(length).unwrap_or(u8::MAX),
                        frequency as u32 + 1,
                    )
                })
            }))
        });
        let scale = Scale::ByFrequency(Worth { limit, table });
        Self { cursor, best: limit as Points, scale, is_match: true }
    }

    pub(super) fn as_author(cursor: Cursor, weight: f32) -> Self {
        let points = (weight * POINTS) as Points;
        Self { cursor, best: points, scale: Scale::Same(points), is_match: true }
    }

    /// The same posts, of which none is expected to get more than this share of what one could get at
    /// best. Whoever says so misses those that do now and then.
    pub(super) fn with_best(self, share: f32) -> Self {
        Self { best: (self.best as f32 * share) as Points, ..self }
    }

    /// The same posts, none of which matches for being one of them.
    pub(super) fn only_to_rank(self) -> Self {
        Self { is_match: false, ..self }
    }

    pub(super) fn is_match(&self) -> bool {
        self.is_match
    }

    /// Of the post that the cursor stands at.
    fn points(&self, lengths: &Lengths) -> Points {
        match &self.scale {
            Scale::Same(points) => *points,
            Scale::ByFrequency(worth) => {
                worth.points(lengths, self.cursor.post(), self.cursor.frequency())
            }
        }
    }

    pub(super) fn points_at(&mut self, post: DocId, lengths: &Lengths) -> Points {
        if self.cursor.seek(post) == post { self.points(lengths) } else { 0 }
    }

    fn for_each_before(
        &mut self,
        end: DocId,
        lengths: &Lengths,
        mut visit: impl FnMut(DocId, Points),
    ) {
        match &self.scale {
            Scale::Same(same) => self.cursor.for_each_before(end, |post, _| visit(post, *same)),
            Scale::ByFrequency(worth) => self.cursor.for_each_before(end, |post, frequency| {
                visit(post, worth.points(lengths, post, frequency));
            }),
        }
    }
}

/// How much the length of each text of a segment takes away.
pub(super) struct Lengths {
    ids: FieldNormReader,
    by_id: [f32; LENGTHS],
}

impl Lengths {
    /// `mean` is that of all posts.
    pub(super) fn new(ids: FieldNormReader, mean: f32) -> Self {
        let by_id = std::array::from_fn(|id| {
            let length = FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX));
            K1 * (1.0 - B + B * length as f32 / mean)
        });
        Self { ids, by_id }
    }

    #[inline]
    fn points(&self, limit: f32, length: u8, frequency: u32) -> Points {
        let frequency = frequency as f32;
        let norm = self.by_id[usize::from(length)];
        (limit * frequency / (frequency + norm)) as Points
    }
}

/// Offers posts that hold any of the words that make a match, in ascending order: all of those whose
/// points are above the threshold, which is what `offer` last returned.
pub(super) fn offer_best(
    mut lists: Vec<ScoredPosts>,
    lengths: &Lengths,
    mut threshold: Points,
    mut offer: impl FnMut(DocId, Points) -> Points,
) {
    lists.sort_by_key(|list| (list.is_match, list.best));
    let makes_no_match = lists.partition_point(|list| !list.is_match);
    // What a post can get at most that stands in this list and those before it only.
    let limits: Vec<Points> = lists
        .iter()
        .scan(0, |sum: &mut Points, list| {
            *sum = sum.saturating_add(list.best);
            Some(*sum)
        })
        .collect();
    let mut window = Window::new();
    loop {
        // Posts in these lists alone are not worth looking for.
        let skipped = limits.partition_point(|limit| *limit <= threshold).max(makes_no_match);
        let (skippable, essential) = lists.split_at_mut(skipped);
        let next = essential.iter().map(|list| list.cursor.post()).min().unwrap_or(TERMINATED);
        if next == TERMINATED {
            return;
        }
        let end = next.saturating_add(WINDOW as DocId).min(TERMINATED);
        let take = |post: DocId, points: Points| {
            let mut points = points;
            for (list, limit) in skippable.iter_mut().zip(&limits).rev() {
                if points.saturating_add(*limit) <= threshold {
                    return;
                }
                points = points.saturating_add(list.points_at(post, lengths));
            }
            if points > threshold {
                threshold = offer(post, points);
            }
        };
        if let [only] = essential {
            only.for_each_before(end, lengths, take);
        } else {
            window.start = next;
            for list in essential {
                window.add(list, end, lengths);
            }
            window.take_each(take);
        }
    }
}

/// Points of the posts from `start` on.
struct Window {
    start: DocId,
    points: Box<[Points; WINDOW]>,
    touched: [u64; WINDOW / BITS],
}

impl Window {
    fn new() -> Self {
        Self { start: 0, points: Box::new([0; WINDOW]), touched: [0; WINDOW / BITS] }
    }

    fn add(&mut self, list: &mut ScoredPosts, end: DocId, lengths: &Lengths) {
        let Self { start, points, touched } = self;
        list.for_each_before(end, lengths, |post, more| {
            let at = (post - *start) as usize % WINDOW;
            points[at] = points[at].saturating_add(more);
            touched[at / BITS] |= 1 << (at % BITS);
        });
    }

    /// Calls `visit` with each post that has points, in ascending order, and forgets them.
    fn take_each(&mut self, mut visit: impl FnMut(DocId, Points)) {
        for (word, touched) in self.touched.iter_mut().enumerate() {
            let mut bits = std::mem::take(touched);
            while bits != 0 {
                let at = word * BITS + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                visit(self.start + at as DocId, std::mem::take(&mut self.points[at]));
            }
        }
    }
}
