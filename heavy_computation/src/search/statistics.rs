use super::{
    feedback::{FeedbackTerm, MOST_TERMS},
    terms::QueryTerms,
};

/// The numbers that scores are computed from. All forms of a word count as one term; base and fresh
/// changes count together. A page token carries them, so that a later page is ranked just like the
/// first, whatever was written in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statistics {
    pub(super) posts: u64,
    /// Words of all texts, those of titles as often as they count.
    pub(super) text_tokens: u64,
    /// In how many posts the last word goes on.
    pub(super) as_beginning: u64,
    /// In the order of the query's words.
    pub(super) words: Vec<WordFrequency>,
    pub(super) feedback: Vec<FeedbackTerm>,
}

/// In how many posts a word stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WordFrequency {
    pub(super) in_text: u64,
    pub(super) as_author: u64,
}

impl Statistics {
    pub(super) fn of(terms: &QueryTerms<'_>) -> Self {
        let mut measured = Self::default();
        for segment in &terms.segments {
            measured.posts += u64::from(segment.reader.max_doc());
            measured.text_tokens += segment.text.total_num_tokens();
        }
        // A post may hold two forms of one word.
        let posts = measured.posts;
        measured.words = (0..terms.words)
            .map(|at| WordFrequency {
                in_text: terms.posts_with(|segment| segment.words[at].text.as_slice()).min(posts),
                as_author: terms
                    .posts_with(|segment| segment.words[at].author.as_slice())
                    .min(posts),
            })
            .collect();
        measured.as_beginning =
            terms.posts_with(|segment| segment.beginnings.as_slice()).min(posts);
        measured
    }

    /// Whether scores can be computed from them.
    pub(super) fn are_possible(&self) -> bool {
        let words = self.words.iter().flat_map(|word| [word.in_text, word.as_author]);
        let feedback = self.feedback.iter().map(|term| term.posts);
        self.feedback.len() <= MOST_TERMS
            && words.chain(feedback).chain([self.as_beginning]).all(|count| count <= self.posts)
    }

    /// Of a post's text, in words.
    pub(super) fn mean_length(&self) -> f32 {
        self.text_tokens.max(1) as f32 / self.posts.max(1) as f32
    }

    /// How much it says that a post holds what stands in so many: the inverse document frequency as
    /// Lucene has it, which is never negative.
    pub(super) fn weight(&self, holding: u64) -> f32 {
        let (posts, holding) = (self.posts as f64, holding.min(self.posts) as f64);
        (1.0 + (posts - holding + 0.5) / (holding + 0.5)).ln() as f32
    }
}
