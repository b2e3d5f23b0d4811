use tantivy::{DocId, columnar::Column, postings::TermInfo, schema::IndexRecordOption};
use uuid::Uuid;

use super::{
    analysis::{Language, LanguageCode, Stems},
    cursor::{Cursor, Posts},
    phrases::{Phrase, stands_in},
    query::{Condition, QueryWord, SearchQuery},
    schema::{Fields, LANGUAGE, NO_LANGUAGE},
    terms::{QueryTerms, SegmentTerms},
};
use crate::posts::StoredPost;

/// Of a UUIDv7's upper half, the bits after its time.
const BITS_AFTER_TIME: u32 = 16;

/// What the posts of a segment must be like, and must not, beside holding a word.
pub(super) struct Requirements<'query> {
    /// Asked in ascending order of posts.
    required: Vec<Posts>,
    excluded: Vec<Posts>,
    /// Of posts that hold all of their words, only the text tells whether it has these.
    phrases: Vec<&'query Phrase>,
    unwanted_phrases: Vec<UnwantedPhrase<'query>>,
    languages: Languages,
    before: Option<i64>,
    not_before: Option<i64>,
}

struct UnwantedPhrase<'query> {
    phrase: &'query Phrase,
    /// The posts that hold each of its words.
    words: Vec<Posts>,
}

struct Languages {
    of_post: Column<u64>,
    wanted: Vec<u64>,
    unwanted: Vec<u64>,
}

impl<'query> Requirements<'query> {
    /// None when no post of the segment meets them.
    pub(super) fn of(
        query: &'query SearchQuery,
        terms: &QueryTerms<'_>,
        segment: &SegmentTerms<'_>,
        fields: &Fields,
    ) -> tantivy::Result<Option<Self>> {
        let open = Opening { terms, segment, fields };
        let filters = &query.filters;
        let (mut required, mut phrases) = (Vec::new(), Vec::new());
        for condition in &query.required {
            match condition {
                Condition::Phrase(phrase) => {
                    required.extend(open.words_of(phrase)?);
                    phrases.extend((phrase.len() > 1).then_some(&**phrase));
                }
                Condition::Word { word, beginning } => {
                    required.push(open.word(word, beginning.as_deref())?);
                }
            }
        }
        if !filters.authors.is_empty() {
            required.push(open.authors(&filters.authors)?);
        }
        for tag in &filters.tags {
            required.push(open.tag(tag)?);
        }
        if required.iter().any(|posts| posts.size() == 0) {
            return Ok(None);
        }
        let (mut excluded, mut unwanted_phrases) = (Vec::new(), Vec::new());
        for condition in &query.excluded {
            match condition {
                Condition::Phrase(phrase) if phrase.len() > 1 => {
                    unwanted_phrases.push(UnwantedPhrase { phrase, words: open.words_of(phrase)? });
                }
                Condition::Phrase(phrase) => excluded.extend(open.words_of(phrase)?),
                Condition::Word { word, beginning } => {
                    excluded.push(open.word(word, beginning.as_deref())?);
                }
            }
        }
        excluded.push(open.authors(&filters.unwanted_authors)?);
        for tag in &filters.unwanted_tags {
            excluded.push(open.tag(tag)?);
        }
        excluded.retain(|posts| posts.size() > 0);
        let languages = Languages {
            of_post: segment.reader.fast_fields().u64(LANGUAGE)?,
            wanted: numbers(&filters.languages),
            unwanted: numbers(&filters.unwanted_languages),
        };
        let (before, not_before) = (filters.before, filters.not_before);
        Ok(Some(Self {
            required,
            excluded,
            phrases,
            unwanted_phrases,
            languages,
            before,
            not_before,
        }))
    }

    /// Of what is required, that which the fewest posts are, if they are fewer than this.
    pub(super) fn take_rarest(&mut self, most: u32) -> Option<Posts> {
        let sizes = self.required.iter().map(Posts::size).enumerate();
        let (rarest, size) = sizes.min_by_key(|(_, size)| *size)?;
        (size < most).then(|| self.required.swap_remove(rarest))
    }

    pub(super) fn are_met_by(&mut self, post: DocId) -> bool {
        self.required.iter_mut().all(|posts| posts.seek(post) == post)
            && !self.excluded.iter_mut().any(|posts| posts.seek(post) == post)
            && self.languages.allow(post)
    }

    /// Whether only the post's text tells.
    pub(super) fn ask_for_text(&mut self, post: DocId) -> bool {
        !self.phrases.is_empty()
            || self.unwanted_phrases.iter_mut().any(|unwanted| unwanted.may_stand_in(post))
    }

    pub(super) fn are_met_by_text(
        &mut self,
        post: DocId,
        text: &StoredPost,
        language: Language,
        stems: &mut Stems,
    ) -> bool {
        self.phrases.iter().all(|phrase| stands_in(phrase, text, language, stems))
            && !self.unwanted_phrases.iter_mut().any(|unwanted| {
                unwanted.may_stand_in(post) && stands_in(unwanted.phrase, text, language, stems)
            })
    }

    pub(super) fn are_met_by_id(&self, post: Uuid) -> bool {
        let written_at = (post.as_u64_pair().0 >> BITS_AFTER_TIME).cast_signed();
        self.before.is_none_or(|before| written_at < before)
            && self.not_before.is_none_or(|not_before| written_at >= not_before)
    }
}

impl UnwantedPhrase<'_> {
    fn may_stand_in(&mut self, post: DocId) -> bool {
        self.words.iter_mut().all(|posts| posts.seek(post) == post)
    }
}

impl Languages {
    /// A post whose language is not known may be in any, but is not kept out for it.
    fn allow(&self, post: DocId) -> bool {
        if self.wanted.is_empty() && self.unwanted.is_empty() {
            return true;
        }
        let language = self.of_post.first(post).unwrap_or(NO_LANGUAGE);
        language == NO_LANGUAGE
            || ((self.wanted.is_empty() || self.wanted.contains(&language))
                && !self.unwanted.contains(&language))
    }
}

/// What is no language is none that a post is in.
fn numbers(languages: &[Option<LanguageCode>]) -> Vec<u64> {
    languages.iter().map(|code| code.map_or(u64::MAX, LanguageCode::number)).collect()
}

/// What is needed to find the posts of a segment.
struct Opening<'search> {
    terms: &'search QueryTerms<'search>,
    segment: &'search SegmentTerms<'search>,
    fields: &'search Fields,
}

impl Opening<'_> {
    fn word(&self, word: &QueryWord, beginning: Option<&str>) -> tantivy::Result<Posts> {
        let mut found = self.segment.look_up(word)?;
        if let Some(beginning) = beginning {
            let terms = self.terms.that_begin(beginning, word)?;
            found.text.extend(self.segment.infos(&self.segment.text, &terms)?);
        }
        self.any_of(&found.text, &found.author)
    }

    /// For each word of a phrase, the posts that hold it in their text.
    fn words_of(&self, phrase: &Phrase) -> tantivy::Result<Vec<Posts>> {
        let words = phrase.iter();
        words.map(|(_, word)| self.any_of(&self.segment.look_up(word)?.text, &[])).collect()
    }

    fn any_of(&self, in_text: &[TermInfo], as_author: &[TermInfo]) -> tantivy::Result<Posts> {
        let option = IndexRecordOption::Basic;
        let texts = in_text.iter().map(|term| Cursor::open(&self.segment.text, term, option));
        let authors = as_author.iter().map(|term| Cursor::open(&self.segment.author, term, option));
        Ok(Posts::AnyOf(texts.chain(authors).collect::<Result<_, _>>()?))
    }

    fn authors(&self, keys: &[String]) -> tantivy::Result<Posts> {
        self.keys(keys.iter().map(|key| self.fields.author_key(key)))
    }

    fn tag(&self, key: &str) -> tantivy::Result<Posts> {
        self.keys([self.fields.tag_key(key)].into_iter())
    }

    fn keys(&self, terms: impl Iterator<Item = tantivy::Term>) -> tantivy::Result<Posts> {
        let keys = &self.segment.keys;
        let mut cursors = Vec::new();
        for term in terms {
            if let Some(info) = keys.get_term_info(&term)? {
                cursors.push(Cursor::open(keys, &info, IndexRecordOption::Basic)?);
            }
        }
        Ok(Posts::AnyOf(cursors))
    }
}
