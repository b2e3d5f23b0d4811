use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::{InvertedIndexReader, SegmentReader, postings::TermInfo};

use super::{
    query::QueryWord,
    schema::Fields,
    view::{Layer, View},
};

/// Terms of a dictionary looked at for one beginning, and of all that are found the most frequent
/// ones taken.
const MOST_TERMS_LOOKED_AT: usize = 2_000;
const MOST_BEGINNINGS: usize = 64;
/// Letters of a stem, and letters that may have been typed beyond it.
const SHORTEST_STEM: usize = 3;
const LONGEST_ENDING: usize = 4;

/// Where the words of a query are found: each term is looked up once in each segment.
pub(super) struct QueryTerms<'view> {
    pub(super) words: usize,
    pub(super) segments: Vec<SegmentTerms<'view>>,
}

/// A segment of the index, and where the words of a query are found in it.
pub(super) struct SegmentTerms<'view> {
    pub(super) layer_number: usize,
    pub(super) layer: &'view Layer,
    pub(super) ordinal: u32,
    pub(super) reader: &'view SegmentReader,
    pub(super) text: Arc<InvertedIndexReader>,
    pub(super) author: Arc<InvertedIndexReader>,
    pub(super) keys: Arc<InvertedIndexReader>,
    /// In the order of the query's words.
    pub(super) words: Vec<WordTerms>,
    /// Terms of which the beginning of the last word is the beginning.
    pub(super) beginnings: Vec<TermInfo>,
}

/// The terms of a word that a segment has.
#[derive(Default)]
pub(super) struct WordTerms {
    pub(super) text: Vec<TermInfo>,
    pub(super) author: Vec<TermInfo>,
}

impl<'view> QueryTerms<'view> {
    pub(super) fn look_up(
        view: &'view View,
        fields: &Fields,
        words: &[QueryWord],
        beginning: Option<&str>,
    ) -> tantivy::Result<Self> {
        let mut segments = Vec::new();
        for (layer_number, layer) in view.layers().iter().enumerate() {
            for (ordinal, reader) in layer.segments() {
                let mut segment = SegmentTerms {
                    layer_number,
                    layer,
                    ordinal,
                    reader,
                    text: reader.inverted_index(fields.text)?,
                    author: reader.inverted_index(fields.author)?,
                    keys: reader.inverted_index(fields.keys)?,
                    words: Vec::new(),
                    beginnings: Vec::new(),
                };
                segment.words =
                    words.iter().map(|word| segment.look_up(word)).collect::<Result<_, _>>()?;
                segments.push(segment);
            }
        }
        let mut terms = Self { words: words.len(), segments };
        if let (Some(beginning), Some(last)) = (beginning, words.last()) {
            let found = terms.that_begin(beginning, last)?;
            for segment in &mut terms.segments {
                segment.beginnings = segment.infos(&segment.text, &found)?;
            }
        }
        Ok(terms)
    }

    pub(super) fn posts_with(
        &self,
        terms: impl for<'a> Fn(&'a SegmentTerms<'view>) -> &'a [TermInfo],
    ) -> u64 {
        let infos = self.segments.iter().flat_map(terms);
        infos.map(|info| u64::from(info.doc_freq)).sum()
    }

    pub(super) fn posts_with_term(&self, term: &str) -> tantivy::Result<u64> {
        let mut posts = 0;
        for segment in &self.segments {
            posts += segment.text.terms().get(term)?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(posts)
    }

    /// The most frequent terms that begin like this, but those known already. When a word was typed
    /// on beyond its stem, the stem.
    pub(super) fn that_begin(
        &self,
        beginning: &str,
        word: &QueryWord,
    ) -> tantivy::Result<Vec<String>> {
        let mut posts: FxHashMap<String, u64> = FxHashMap::default();
        for segment in &self.segments {
            let mut terms = segment.text.terms().range().ge(beginning).into_stream()?;
            for _ in 0..MOST_TERMS_LOOKED_AT {
                let Some((term, info)) = terms.next() else { break };
                if !term.starts_with(beginning.as_bytes()) {
                    break;
                }
                if let Ok(term) = str::from_utf8(term)
                    && !word.text_terms.iter().any(|known| known == term)
                {
                    *posts.entry(term.to_owned()).or_default() += u64::from(info.doc_freq);
                }
            }
        }
        let is_known = self.segments.iter().any(|segment| {
            word.text_terms.iter().any(|term| matches!(segment.text.terms().get(term), Ok(Some(_))))
        });
        if posts.is_empty() && !is_known {
            return self.stem_of(beginning);
        }
        let mut found: Vec<(u64, String)> =
            posts.into_iter().map(|(term, posts)| (posts, term)).collect();
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.truncate(MOST_BEGINNINGS);
        Ok(found.into_iter().map(|(_, term)| term).collect())
    }

    /// Of a word typed beyond its stem, as in "electrica", the longest term that may be its stem.
    fn stem_of(&self, beginning: &str) -> tantivy::Result<Vec<String>> {
        let ends = beginning.char_indices().map(|(at, _)| at).skip(SHORTEST_STEM);
        for end in ends.collect::<Vec<_>>().into_iter().rev().take(LONGEST_ENDING) {
            for segment in &self.segments {
                if segment.text.terms().get(&beginning[..end])?.is_some() {
                    return Ok(vec![beginning[..end].to_owned()]);
                }
            }
        }
        Ok(Vec::new())
    }
}

impl SegmentTerms<'_> {
    pub(super) fn look_up(&self, word: &QueryWord) -> tantivy::Result<WordTerms> {
        Ok(WordTerms {
            text: self.infos(&self.text, &word.text_terms)?,
            author: self.infos(&self.author, std::slice::from_ref(&word.author_term))?,
        })
    }

    pub(super) fn infos(
        &self,
        index: &InvertedIndexReader,
        terms: &[String],
    ) -> tantivy::Result<Vec<TermInfo>> {
        let mut found = Vec::new();
        for term in terms {
            found.extend(index.terms().get(term)?);
        }
        Ok(found)
    }
}
