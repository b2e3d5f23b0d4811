use tantivy::{
    TantivyDocument, Term,
    schema::{
        BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing,
        TextOptions,
    },
};
use uuid::Uuid;

use super::analysis::{Language, exact_term, stemmed_terms, words};
use crate::changes::Post;

/// Raised whenever an index made by the code before would not do: it is built anew then.
pub(super) const SCHEMA_VERSION: u32 = 1;
/// Each word of a title counts as often as this in the content (BM25F with one weight for the
/// title).
const TITLE_WEIGHT: usize = 2;
/// The name of tantivy's tokenizer that does nothing: `analysis` has done it.
const EACH_VALUE_IS_A_TERM: &str = "raw";

/// The fields of the index.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// By which a post is replaced.
    pub(super) id: Field,
    /// The two halves of the id in columns: what a hit is ordered by and known by.
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    /// Stemmed words of title and content.
    pub(super) text: Field,
    /// Folded words of the author's username.
    pub(super) author: Field,
    /// Kept to find the highlights in.
    pub(super) title: Field,
    pub(super) content: Field,
    /// Tag of the language that the words were stemmed in.
    pub(super) language: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let terms = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(EACH_VALUE_IS_A_TERM)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        let kept = TextOptions::default().set_stored();
        let column = NumericOptions::default().set_fast();
        let mut schema = Schema::builder();
        Self {
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field("id_high", column.clone()),
            id_low: schema.add_u64_field("id_low", column),
            text: schema.add_text_field("text", terms.clone()),
            author: schema.add_text_field("author", terms),
            title: schema.add_text_field("title", kept.clone()),
            content: schema.add_text_field("content", kept.clone()),
            language: schema.add_text_field("language", kept),
            schema: schema.build(),
        }
    }

    pub(super) fn id_term(&self, id: Uuid) -> Term {
        Term::from_field_bytes(self.id, id.as_bytes())
    }

    pub(super) fn document(&self, post: &Post) -> TantivyDocument {
        let language = match &post.language {
            Some(tag) => Language::of_tag(tag),
            None => Language::guess(&format!("{}\n{}", post.title, post.content)),
        };
        let (id_high, id_low) = post.id.as_u64_pair();
        let mut document = TantivyDocument::new();
        document.add_bytes(self.id, post.id.as_bytes());
        document.add_u64(self.id_high, id_high);
        document.add_u64(self.id_low, id_low);
        for term in text_terms(post, language) {
            document.add_text(self.text, term);
        }
        for word in words(&post.author_username) {
            document.add_text(self.author, exact_term(word.text));
        }
        document.add_text(self.title, &post.title);
        document.add_text(self.content, &post.content);
        document.add_text(self.language, language.tag());
        document
    }
}

fn text_terms(post: &Post, language: Language) -> impl Iterator<Item = String> {
    std::iter::repeat_n(post.title.as_str(), TITLE_WEIGHT)
        .chain([post.content.as_str()])
        .flat_map(words)
        .flat_map(move |word| stemmed_terms(word.text, language))
}
