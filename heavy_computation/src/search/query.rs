use super::{
    analysis::{exact_term, stemmed_terms_in_any_language, words},
    page_token::PageToken,
};

/// In Unicode code points.
const LONGEST_QUERY: usize = 500;
const MOST_HITS: usize = 100;

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
    pub(super) words: Vec<QueryWord>,
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

/// A field of a query that cannot be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub(crate) struct InvalidQuery {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
}

impl SearchQuery {
    pub(crate) fn new(
        query: &str,
        limit: usize,
        order: Order,
        page_token: &str,
    ) -> Result<Self, InvalidQuery> {
        if query.chars().count() > LONGEST_QUERY {
            return Err(InvalidQuery { field: "query", reason: "at most 500 characters" });
        }
        if !(1..=MOST_HITS).contains(&limit) {
            return Err(InvalidQuery { field: "limit", reason: "from 1 to 100" });
        }
        let words = query_words(query);
        let fingerprint = fingerprint(&words, order);
        let after =
            match page_token {
                "" => None,
                token => Some(PageToken::decode(token, fingerprint, words.len()).ok_or(
                    InvalidQuery { field: "page_token", reason: "not a token of this query" },
                )?),
            };
        Ok(Self { words, limit, order, after, fingerprint })
    }
}

/// The distinct words typed. Of a script without spaces only the pairs of characters are looked up:
/// they imply the characters.
fn query_words(query: &str) -> Vec<QueryWord> {
    let typed = words(query);
    let mut distinct: Vec<QueryWord> = Vec::new();
    for word in &typed {
        let is_part = typed.iter().any(|other| {
            other.start <= word.start
                && word.end() <= other.end()
                && other.text.len() > word.text.len()
        });
        let word = QueryWord {
            text_terms: stemmed_terms_in_any_language(word.text),
            author_term: exact_term(word.text),
        };
        if !is_part && !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct
}

/// 32 bits of FNV-1a over the words and the order. (Not the standard library's hash: that may
/// change.)
fn fingerprint(words: &[QueryWord], order: Order) -> u32 {
    const OFFSET: u32 = 0x811C_9DC5;
    const PRIME: u32 = 0x0100_0193;
    let authors = words.iter().flat_map(|word| word.author_term.bytes().chain([0]));
    authors
        .chain([match order {
            Order::Relevance => 1,
            Order::Newest => 2,
        }])
        .fold(OFFSET, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(query: &str) -> Vec<String> {
        query_words(query).into_iter().map(|word| word.author_term).collect()
    }

    #[test]
    fn a_word_typed_twice_counts_once() {
        assert_eq!(authors("Rust rust RUST go"), ["rust", "go"]);
    }

    #[test]
    fn pairs_of_characters_stand_for_the_characters() {
        assert_eq!(authors("東京都"), ["東京", "京都"]);
        assert_eq!(authors("東"), ["東"]);
    }

    #[test]
    fn what_cannot_be_answered_names_its_field() {
        let field = |query: &str, limit, token: &str| {
            SearchQuery::new(query, limit, Order::Relevance, token).err().map(|error| error.field)
        };
        assert_eq!(field(&"é".repeat(500), 1, ""), None);
        assert_eq!(field(&"é".repeat(501), 1, ""), Some("query"));
        assert_eq!(field("word", 0, ""), Some("limit"));
        assert_eq!(field("word", 101, ""), Some("limit"));
        assert_eq!(field("word", 100, "nonsense"), Some("page_token"));
    }
}
