use tantivy::{
    TantivyDocument, Term,
    schema::{
        BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::{PreTokenizedString, Token},
};
use uuid::Uuid;

use super::analysis::{
    Detected, Language, LanguageCode, exact_term, name_key, numbered, stemmed_terms, words,
};
use crate::changes::Post;

/// Raised whenever an index made by the code before would not do: it is built anew then.
pub(super) const SCHEMA_VERSION: u32 = 2;
/// Each word of a title counts as often as this in the content (BM25F with one weight for the
/// title).
pub(super) const TITLE_WEIGHT: usize = 2;
/// The name of tantivy's tokenizer that does nothing: `analysis` has done it.
const EACH_VALUE_IS_A_TERM: &str = "raw";
/// Put before what names an author or a tag among the keys.
const AUTHOR: char = '@';
const TAG: char = '#';

/// The columns of the index.
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";
pub(super) const LANGUAGE: &str = "language";
/// In the column of languages: not known.
pub(super) const NO_LANGUAGE: u64 = 0;

/// The fields of the index.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// By which a post is replaced.
    pub(super) id: Field,
    /// The two halves of the id in columns: what a hit is ordered by and known by.
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    /// Stemmed words of title and content, with their places.
    pub(super) text: Field,
    /// Folded words of the author's username.
    pub(super) author: Field,
    /// By which posts are filtered: the author's username, the tags.
    pub(super) keys: Field,
    /// `LanguageCode::number`, as far as it is certain.
    pub(super) language: Field,
    /// Kept to find the highlights in.
    pub(super) title: Field,
    pub(super) content: Field,
    /// Tag of the language that the words were stemmed in.
    pub(super) stemmed_as: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let indexed = |option: IndexRecordOption, has_lengths: bool| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(EACH_VALUE_IS_A_TERM)
                    .set_fieldnorms(has_lengths)
                    .set_index_option(option),
            )
        };
        let kept = TextOptions::default().set_stored();
        let column = NumericOptions::default().set_fast();
        let names = indexed(IndexRecordOption::Basic, false);
        let text = indexed(IndexRecordOption::WithFreqsAndPositions, true);
        let mut schema = Schema::builder();
        Self {
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field(ID_HIGH, column.clone()),
            id_low: schema.add_u64_field(ID_LOW, column.clone()),
            text: schema.add_text_field("text", text),
            author: schema.add_text_field("author", names.clone()),
            keys: schema.add_text_field("keys", names),
            language: schema.add_u64_field(LANGUAGE, column),
            title: schema.add_text_field("title", kept.clone()),
            content: schema.add_text_field("content", kept.clone()),
            stemmed_as: schema.add_text_field("stemmed_as", kept),
            schema: schema.build(),
        }
    }

    pub(super) fn id_term(&self, id: Uuid) -> Term {
        Term::from_field_bytes(self.id, id.as_bytes())
    }

    pub(super) fn author_key(&self, key: &str) -> Term {
        Term::from_field_text(self.keys, &format!("{AUTHOR}{key}"))
    }

    pub(super) fn tag_key(&self, key: &str) -> Term {
        Term::from_field_text(self.keys, &format!("{TAG}{key}"))
    }

    pub(super) fn document(&self, post: &Post) -> TantivyDocument {
        let detected = match &post.language {
            Some(tag) => Detected::of_tag(tag),
            None => Detected::in_text(&format!("{}\n{}", post.title, post.content)),
        };
        let (id_high, id_low) = post.id.as_u64_pair();
        let mut document = TantivyDocument::new();
        document.add_bytes(self.id, post.id.as_bytes());
        document.add_u64(self.id_high, id_high);
        document.add_u64(self.id_low, id_low);
        document.add_pre_tokenized_text(self.text, text_tokens(post, detected.stemmed_as));
        for word in words(&post.author_username) {
            document.add_text(self.author, exact_term(word.text));
        }
        document.add_text(self.keys, format!("{AUTHOR}{}", name_key(&post.author_username)));
        for tag in &post.tags {
            document.add_text(self.keys, format!("{TAG}{}", name_key(tag)));
        }
        let language = detected.certain.map_or(NO_LANGUAGE, LanguageCode::number);
        document.add_u64(self.language, language);
        document.add_text(self.title, &post.title);
        document.add_text(self.content, &post.content);
        document.add_text(self.stemmed_as, detected.stemmed_as.tag());
        document
    }
}

/// The content's places follow on those of the title.
fn text_tokens(post: &Post, language: Language) -> PreTokenizedString {
    let mut tokens = Vec::new();
    let mut end = 0;
    for (text, weight) in [(&post.title, TITLE_WEIGHT), (&post.content, 1)] {
        let start = end;
        for (place, word) in numbered(&words(text)) {
            let position = start + place as usize;
            end = position + 1;
            for term in stemmed_terms(word.text, language) {
                let token = Token { position, text: term, ..Token::default() };
                tokens.extend(std::iter::repeat_n(token, weight));
            }
        }
    }
    PreTokenizedString { text: String::new(), tokens }
}
