use tantivy::{
    TantivyDocument, Term,
    schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{TextAnalyzer, TokenizerManager},
};

use super::{
    analysis::{Detected, Language, LanguageCode, Stems, Tokenized, exact_term, name_key, words},
    weighted_terms::{WEIGHTED_TERMS, WeightedTermTokenizer, WeightedTerms},
};
use crate::changes::Post;

/// Raised whenever an index made by the code before would not do: it is built anew then.
pub(super) const SCHEMA_VERSION: u32 = 4;
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
pub(super) const STEMMED_AS: &str = "stemmed_as";
/// In the column of languages: not known.
pub(super) const NO_LANGUAGE: u64 = 0;

/// The fields of the index.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// The two halves of the id in columns: what a hit is ordered by, known by and replaced by.
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    /// Stemmed words of title and content.
    pub(super) text: Field,
    /// Folded words of the author's username.
    pub(super) author: Field,
    /// By which posts are filtered: the author's username, the tags.
    pub(super) keys: Field,
    /// `LanguageCode::number`, as far as it is certain.
    pub(super) language: Field,
    /// `Language::number` of the one that the words were stemmed in.
    pub(super) stemmed_as: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let indexed = |tokenizer, option: IndexRecordOption, has_lengths: bool| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokenizer)
                    .set_fieldnorms(has_lengths)
                    .set_index_option(option),
            )
        };
        let column = NumericOptions::default().set_fast();
        let names = indexed(EACH_VALUE_IS_A_TERM, IndexRecordOption::Basic, false);
        let text = indexed(WEIGHTED_TERMS, IndexRecordOption::WithFreqs, true);
        let mut schema = Schema::builder();
        Self {
            id_high: schema.add_u64_field(ID_HIGH, column.clone()),
            id_low: schema.add_u64_field(ID_LOW, column.clone()),
            text: schema.add_text_field("text", text),
            author: schema.add_text_field("author", names.clone()),
            keys: schema.add_text_field("keys", names),
            language: schema.add_u64_field(LANGUAGE, column.clone()),
            stemmed_as: schema.add_u64_field(STEMMED_AS, column),
            schema: schema.build(),
        }
    }

    pub(super) fn author_key(&self, key: &str) -> Term {
        Term::from_field_text(self.keys, &format!("{AUTHOR}{key}"))
    }

    pub(super) fn tag_key(&self, key: &str) -> Term {
        Term::from_field_text(self.keys, &format!("{TAG}{key}"))
    }

    pub(super) fn document(&self, post: &Post, stems: &mut Stems) -> TantivyDocument {
        let (title, content) = (Tokenized::of(&post.title), Tokenized::of(&post.content));
        let detected = Detected::of_post(post.language.as_deref(), &title, &content);
        let (id_high, id_low) = post.id.as_u64_pair();
        let mut document = TantivyDocument::new();
        document.add_u64(self.id_high, id_high);
        document.add_u64(self.id_low, id_low);
        let terms = weighted_terms(&title, &content, detected.stemmed_as, stems);
        document.add_text(self.text, terms.into_text());
        for word in words(&post.author_username) {
            document.add_text(self.author, exact_term(word.text));
        }
        document.add_text(self.keys, format!("{AUTHOR}{}", name_key(&post.author_username)));
        for tag in &post.tags {
            document.add_text(self.keys, format!("{TAG}{}", name_key(tag)));
        }
        let language = detected.certain.map_or(NO_LANGUAGE, LanguageCode::number);
        document.add_u64(self.language, language);
        document.add_u64(self.stemmed_as, detected.stemmed_as.number() as u64);
        document
    }
}

/// What an index needs to read the fields.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    let terms = TextAnalyzer::from(WeightedTermTokenizer::new(TITLE_WEIGHT));
    tokenizers.register(WEIGHTED_TERMS, terms);
    tokenizers
}

fn weighted_terms(
    title: &Tokenized<'_>,
    content: &Tokenized<'_>,
    language: Language,
    stems: &mut Stems,
) -> WeightedTerms {
    let mut terms = WeightedTerms::default();
    for word in &title.words {
        terms.push(stems.terms(word.text, language).iter());
    }
    terms.end_weight();
    for word in &content.words {
        terms.push(stems.terms(word.text, language).iter());
    }
    terms
}
