use tantivy::{
    DocId, InvertedIndexReader, TERMINATED,
    postings::{BlockSegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

/// As tantivy compresses them; only the last block has fewer, and is padded with `TERMINATED`.
const POSTS_OF_A_BLOCK: usize = 128;

/// The posts of a segment that hold a term, walked in ascending order.
pub(super) struct Cursor {
    block: Box<BlockSegmentPostings>,
    at: usize,
    has_frequencies: bool,
}

impl Cursor {
    pub(super) fn open(
        index: &InvertedIndexReader,
        term: &TermInfo,
        option: IndexRecordOption,
    ) -> tantivy::Result<Self> {
        let block = Box::new(index.read_block_postings_from_terminfo(term, option)?);
        let has_frequencies = option != IndexRecordOption::Basic;
        Ok(Self { block, at: 0, has_frequencies })
    }

    /// How many there are in all.
    pub(super) fn size(&self) -> u32 {
        self.block.doc_freq()
    }

    pub(super) fn post(&self) -> DocId {
        self.block.doc(self.at)
    }

    /// How often the post holds the term; 1 when that is not asked for.
    pub(super) fn frequency(&self) -> u32 {
        self.block.freq(self.at)
    }

    /// The first post from `target` on.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.post() < target {
            self.at = self.block.seek(target);
        }
        self.post()
    }

    /// Calls `visit` with each post before `end` and its frequency, and stops at the first one from
    /// there on.
    pub(super) fn for_each_before(&mut self, end: DocId, mut visit: impl FnMut(DocId, u32)) {
        loop {
            let posts = &self.block.docs()[self.at..];
            let before = posts.partition_point(|post| *post < end);
            if self.has_frequencies {
                let frequencies = &self.block.freqs()[self.at..];
                for (post, frequency) in posts[..before].iter().zip(frequencies) {
                    visit(*post, *frequency);
                }
            } else {
                posts[..before].iter().for_each(|post| visit(*post, 1));
            }
            if before < posts.len() || self.block.block_len() < POSTS_OF_A_BLOCK {
                self.at += before;
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}

/// Posts of a segment in ascending order, of one or several lists.
pub(super) enum Posts {
    AnyOf(Vec<Cursor>),
    All { end: DocId },
}

impl Posts {
    /// At most so many.
    pub(super) fn size(&self) -> u32 {
        match self {
            Self::AnyOf(cursors) => cursors.iter().map(Cursor::size).fold(0, u32::saturating_add),
            Self::All { end } => *end,
        }
    }

    /// The first post from `target` on, which must not be less than before.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::AnyOf(cursors) => {
                cursors.iter_mut().map(|cursor| cursor.seek(target)).min().unwrap_or(TERMINATED)
            }
            Self::All { end } => {
                if target < *end {
                    target
                } else {
                    TERMINATED
                }
            }
        }
    }
}
