use super::{
    analysis::{
        LanguageCode, Stems, exact_term, numbered, stemmed_terms_in_any_language,
        which_are_function_words, words,
    },
    page_token::PageToken,
    query_language::{Filters, ParsedQuery, Text, parse},
};

/// In Unicode code points.
const LONGEST_QUERY: usize = 500;
const MOST_HITS: usize = 100;
/// Fewer letters, in code points, begin too many words to help.
const SHORTEST_BEGINNING: usize = 3;

/// Which hits come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The best matches, of the posts that match any word.
    Relevance,
    /// The newest posts, of those that match every word.
    Newest,
}

/// What is asked of the search: valid by construction.
#[derive(Clone, Debug)]
pub(crate) struct SearchQuery {
    /// By which posts are ranked: any of them makes a match. None means that every post matches
    /// that is as required.
    pub(super) words: Vec<QueryWord>,
    /// How the last of the words may go on.
    pub(super) beginning: Option<String>,
    pub(super) required: Vec<Condition>,
    pub(super) excluded: Vec<Condition>,
    pub(super) filters: Filters,
    pub(super) limit: usize,
    pub(super) order: Order,
    pub(super) after: Option<PageToken>,
    /// Tells queries apart, so that a page token is not taken to another query.
    pub(super) fingerprint: u32,
}

/// A word that was typed, as the terms that match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryWord {
    pub(super) text_terms: Vec<String>,
    pub(super) author_term: String,
}

/// What the text of a post must hold, or must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// A word, in the text or as the author's name, in any form of `beginning` if there is one.
    Word { word: QueryWord, beginning: Option<String> },
    /// Words in the text, each with its place, counted from any place.
    Phrase(Vec<(u32, QueryWord)>),
}

/// A field of a query that cannot be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub(crate) struct InvalidQuery {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
}

/// A query as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'request> {
    pub(crate) query: &'request str,
    /// Goes before a `lang:` in the query; empty for all.
    pub(crate) language: &'request str,
    pub(crate) limit: usize,
    pub(crate) order: Order,
    /// Empty for the first page.
    pub(crate) page_token: &'request str,
}

impl SearchQuery {
    pub(crate) fn new(asked: &Asked<'_>) -> Result<Self, InvalidQuery> {
        if asked.query.chars().count() > LONGEST_QUERY {
            return Err(InvalidQuery { field: "query", reason: "at most 500 characters" });
        }
        if !(1..=MOST_HITS).contains(&asked.limit) {
            return Err(InvalidQuery { field: "limit", reason: "from 1 to 100" });
        }
        let mut parsed = parse(asked.query)?;
        if !asked.language.is_empty() {
            let language = LanguageCode::of_tag(asked.language);
            parsed.filters.languages = vec![Some(language.ok_or(NOT_A_LANGUAGE)?)];
        }
        let mut query = Self::of_parts(&parsed, asked);
        query.after = match asked.page_token {
            "" => None,
            token => {
                let token = PageToken::decode(token, query.fingerprint, query.words.len());
                Some(token.ok_or(NOT_A_TOKEN)?)
            }
        };
        Ok(query)
    }

    fn of_parts(parsed: &ParsedQuery, asked: &Asked<'_>) -> Self {
        let typed: Vec<&Text> = parsed.wanted.iter().collect();
        let language = match parsed.filters.languages[..] {
            [Some(language)] => Some(language),
            _ => None,
        };
        let beginning = parsed.beginning();
        let required = match asked.order {
            Order::Relevance => phrases(&parsed.wanted).collect(),
            Order::Newest => conditions(&parsed.wanted, beginning.as_deref()),
        };
        let words = match asked.order {
            Order::Relevance => ranking_words(&typed, language),
            Order::Newest => Vec::new(),
        };
        let last = parsed.wanted.last().and_then(|text| query_words(text.as_str()).pop());
        let is_ranked = last.is_some_and(|(_, last)| words.last() == Some(&last));
        Self {
            beginning: beginning.filter(|_| is_ranked),
            words,
            required,
            excluded: conditions(&parsed.unwanted, None),
            filters: parsed.filters.clone(),
            limit: asked.limit,
            order: asked.order,
            after: None,
            fingerprint: fingerprint(asked),
        }
    }
}

const NOT_A_LANGUAGE: InvalidQuery =
    InvalidQuery { field: "language", reason: "a code of two letters, as in ISO 639-1" };
const NOT_A_TOKEN: InvalidQuery =
    InvalidQuery { field: "page_token", reason: "not a token of this query" };

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Words(text) | Self::Phrase(text) => text,
        }
    }
}

impl ParsedQuery {
    /// The last word as far as it was typed, folded, if it may go on.
    fn beginning(&self) -> Option<String> {
        let text = self.wanted.last().filter(|_| self.is_unfinished)?.as_str();
        let last = words(text).pop().filter(|word| word.end() == text.len())?;
        // A script without spaces has no words to complete.
        let is_alone = words(last.text).len() == 1;
        let beginning = exact_term(last.text);
        let is_enough = beginning.chars().count() >= SHORTEST_BEGINNING;
        (is_alone && is_enough).then_some(beginning)
    }
}

/// The words of a text with their places. Of a script without spaces only the pairs of characters
/// are looked up: they imply the characters.
fn query_words(text: &str) -> Vec<(u32, QueryWord)> {
    distinct_places(text).into_iter().map(|(place, word)| (place, QueryWord::new(word))).collect()
}

fn distinct_places(text: &str) -> Vec<(u32, &str)> {
    let typed = words(text);
    let is_part = |word: &super::analysis::Word<'_>| {
        typed.iter().any(|other| {
            other.start <= word.start
                && word.end() <= other.end()
                && other.text.len() > word.text.len()
        })
    };
    numbered(&typed)
        .filter(|(_, word)| !is_part(word))
        .map(|(place, word)| (place, word.text))
        .collect()
}

impl QueryWord {
    fn new(word: &str) -> Self {
        let text_terms = stemmed_terms_in_any_language(word, &mut Stems::take());
        Self { text_terms, author_term: exact_term(word) }
    }

    pub(super) fn is_found_as(&self, term: &str) -> bool {
        // They are in order.
        self.text_terms.binary_search_by(|known| known.as_str().cmp(term)).is_ok()
    }
}

/// The distinct words that say what is looked for; all of them when none does.
fn ranking_words(texts: &[&Text], language: Option<LanguageCode>) -> Vec<QueryWord> {
    let typed: Vec<&str> = texts
        .iter()
        .flat_map(|text| distinct_places(text.as_str()))
        .map(|(_, word)| word)
        .collect();
    let language = language.as_ref().map(LanguageCode::as_str);
    let are_function_words = which_are_function_words(typed.iter().copied(), language);
    let has_others = are_function_words.contains(&false);
    let mut distinct = Vec::new();
    for (word, is_function_word) in typed.into_iter().zip(are_function_words) {
        let word = QueryWord::new(word);
        let counts = !(has_others && is_function_word);
        if counts && !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct
}

fn phrases(texts: &[Text]) -> impl Iterator<Item = Condition> {
    texts.iter().filter_map(|text| match text {
        Text::Words(_) => None,
        Text::Phrase(text) => {
            Some(query_words(text)).filter(|words| !words.is_empty()).map(Condition::Phrase)
        }
    })
}

/// What each of the texts asks for.
fn conditions(texts: &[Text], beginning: Option<&str>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for text in texts {
        match text {
            Text::Words(text) => {
                let words = query_words(text).into_iter();
                conditions.extend(words.map(|(_, word)| Condition::Word { word, beginning: None }));
            }
            Text::Phrase(_) => conditions.extend(phrases(std::slice::from_ref(text))),
        }
    }
    if let (Some(Condition::Word { beginning: last, .. }), Some(beginning)) =
        (conditions.last_mut(), beginning)
    {
        *last = Some(beginning.to_owned());
    }
    conditions
}

/// 32 bits of FNV-1a over what decides which posts match and in what order. (Not the standard
/// library's hash: that may change.)
fn fingerprint(asked: &Asked<'_>) -> u32 {
    const OFFSET: u32 = 0x811C_9DC5;
    const PRIME: u32 = 0x0100_0193;
    let order = match asked.order {
        Order::Relevance => 1,
        Order::Newest => 2,
    };
    let texts = [asked.query, asked.language];
    let texts = texts.iter().flat_map(|text| text.bytes().chain([0]));
    texts.chain([order]).fold(OFFSET, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ASKED: Asked<'_> =
        Asked { query: "", language: "", limit: 1, order: Order::Relevance, page_token: "" };

    fn parsed(query: &str, order: Order) -> SearchQuery {
        SearchQuery::new(&Asked { query, order, ..ASKED }).unwrap()
    }

    fn authors(query: &str) -> Vec<String> {
        parsed(query, Order::Relevance).words.into_iter().map(|word| word.author_term).collect()
    }

    #[test]
    fn a_word_typed_twice_counts_once() {
        assert_eq!(authors("Rust rust RUST go-lang"), ["rust", "go", "lang"]);
    }

    #[test]
    fn words_without_a_topic_do_not_count_unless_there_are_no_others() {
        assert_eq!(authors("the owls of the night"), ["owls", "night"]);
        assert_eq!(authors("to be or not to be"), ["to", "be", "or", "not"]);
        assert_eq!(parsed("the owls", Order::Newest).required.len(), 2);
    }

    #[test]
    fn pairs_of_characters_stand_for_the_characters() {
        assert_eq!(authors("東京都"), ["東京", "京都"]);
        assert_eq!(authors("東"), ["東"]);
    }

    #[test]
    fn only_phrases_are_required_of_the_best_but_every_word_of_the_newest() {
        assert_eq!(parsed(r#""night owl" dark"#, Order::Relevance).required.len(), 1);
        assert_eq!(parsed(r#""night owl" dark"#, Order::Newest).required.len(), 2);
        assert_eq!(parsed("\"", Order::Newest).required, []);
    }

    #[test]
    fn the_last_word_may_go_on_if_there_is_enough_of_it() {
        let beginning = |query| parsed(query, Order::Relevance).beginning;
        assert_eq!(beginning("night Élec").as_deref(), Some("elec"));
        for query in ["night ow", "elec ", "elec.", "elec \"x\"", "東京都の", "owls with"] {
            assert_eq!(beginning(query), None, "{query}");
        }
    }

    #[test]
    fn what_cannot_be_answered_names_its_field() {
        let field = |asked: Asked<'_>| SearchQuery::new(&asked).err().map(|error| error.field);
        let (fits, is_long) = ("é".repeat(500), "é".repeat(501));
        assert_eq!(field(Asked { query: &fits, ..ASKED }), None);
        assert_eq!(field(Asked { query: &is_long, ..ASKED }), Some("query"));
        assert_eq!(field(Asked { query: "before:noon", ..ASKED }), Some("query"));
        assert_eq!(field(Asked { limit: 0, ..ASKED }), Some("limit"));
        assert_eq!(field(Asked { limit: 101, ..ASKED }), Some("limit"));
        assert_eq!(field(Asked { language: "english", ..ASKED }), Some("language"));
        assert_eq!(field(Asked { page_token: "nonsense", ..ASKED }), Some("page_token"));
    }

    #[test]
    fn queries_that_differ_in_anything_but_their_page_have_their_own_fingerprints() {
        let fingerprints = [
            ASKED,
            Asked { query: "owl", ..ASKED },
            Asked { query: "owl -snow", ..ASKED },
            Asked { query: "owl", language: "es", ..ASKED },
            Asked { query: "owl", order: Order::Newest, ..ASKED },
        ]
        .map(|asked| fingerprint(&asked));
        for (at, each) in fingerprints.iter().enumerate() {
            assert!(!fingerprints[..at].contains(each));
        }
        assert_eq!(fingerprint(&ASKED), fingerprint(&Asked { limit: 7, ..ASKED }));
    }

    proptest! {
        #[test]
        fn every_text_is_a_query_or_names_its_field(
            query in any::<String>(), language in any::<String>(), page_token in any::<String>(),
        ) {
            for order in [Order::Relevance, Order::Newest] {
                let asked = Asked {
                    query: &query, language: &language, page_token: &page_token, order, limit: 9,
                };
                if let Err(error) = SearchQuery::new(&asked) {
                    prop_assert!(["query", "language", "page_token"].contains(&error.field));
                }
            }
        }
    }
}
