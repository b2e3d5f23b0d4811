use super::{grams::folded, sketch::Sketch};
use crate::error::InvalidField;

/// In Unicode code points, twice what a post may have.
const LONGEST_TITLE: usize = 200;
const LONGEST_CONTENT: usize = 1_000;
const LEAST_SIMILARITY: f32 = 0.5;
const MOST_NEAR_COPIES: usize = 20;

/// What near-copies are wanted of. A value of this type is valid.
#[derive(Debug)]
pub(crate) struct NearCopyQuery {
    pub(super) folded: Vec<char>,
    pub(super) sketch: Sketch,
    pub(super) min_similarity: f32,
    pub(super) limit: usize,
}

impl NearCopyQuery {
    pub(crate) fn new(
        title: &str,
        content: &str,
        min_similarity: f32,
        limit: usize,
    ) -> Result<Self, InvalidField> {
        let refused = |field, reason| Err(InvalidField { field, reason });
        if title.chars().count() > LONGEST_TITLE {
            return refused("title", "too long");
        }
        if content.chars().count() > LONGEST_CONTENT {
            return refused("content", "too long");
        }
        // Not a number is in no range.
        if !(LEAST_SIMILARITY..=1.0).contains(&min_similarity) {
            return refused("min_similarity", "must be from 0.5 to 1");
        }
        if !(1..=MOST_NEAR_COPIES).contains(&limit) {
            return refused("limit", "must be from 1 to 20");
        }
        let folded = folded(title, content);
        let sketch = Sketch::of(&folded);
        Ok(Self { folded, sketch, min_similarity, limit })
    }
}
