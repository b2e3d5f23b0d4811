//! What people write into the search box: words, `"phrases"`, `-word`, `from:username`, `tag:word`
//! or `#word`, `before:` and `after:` a date, `lang:es`.
//!
//! The backend reads the same language when it has to answer from Postgres
//! (`backend_server/discovery/query_language.py`): a query must mean the same in both.

use tantivy::time::{Date, Month};

use super::{
    analysis::{LanguageCode, name_key},
    query::InvalidQuery,
};

const MILLISECONDS_OF_A_DAY: i64 = 24 * 60 * 60 * 1000;

/// What a post must be like.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ParsedQuery {
    pub(super) wanted: Vec<Text>,
    pub(super) unwanted: Vec<Text>,
    pub(super) filters: Filters,
    /// Whether the last word may go on: nothing stands behind it.
    pub(super) is_unfinished: bool,
}

/// Text to look for, in the order of the query.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text {
    Words(String),
    /// Words one right after the other.
    Phrase(String),
}

/// What else a post must be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    /// Keys of usernames, one of which wrote it.
    pub(super) authors: Vec<String>,
    pub(super) unwanted_authors: Vec<String>,
    /// Keys of tags, all of which it has.
    pub(super) tags: Vec<String>,
    pub(super) unwanted_tags: Vec<String>,
    /// One of these is its language, unless that is not known; none for a code that is none.
    pub(super) languages: Vec<Option<LanguageCode>>,
    pub(super) unwanted_languages: Vec<Option<LanguageCode>>,
    /// Unix time in milliseconds: written before the one, and not before the other.
    pub(super) before: Option<i64>,
    pub(super) not_before: Option<i64>,
}

#[derive(Clone, Copy)]
enum Filter {
    From,
    Tag,
    Before,
    After,
    Language,
}

const FILTERS: [(&str, Filter); 5] = [
    ("from:", Filter::From),
    ("tag:", Filter::Tag),
    ("before:", Filter::Before),
    ("after:", Filter::After),
    ("lang:", Filter::Language),
];

struct Value<'query> {
    text: &'query str,
    is_quoted: bool,
}

/// `[-][filter:]value`
struct Part<'query> {
    is_unwanted: bool,
    filter: Option<Filter>,
    value: Value<'query>,
}

pub(super) fn parse(query: &str) -> Result<ParsedQuery, InvalidQuery> {
    let mut parsed = ParsedQuery::default();
    let mut rest = query.trim_start();
    while let Some((part, after)) = next_part(rest) {
        parsed.is_unfinished = after.is_empty() && part.is_word();
        parsed.add(&part)?;
        rest = after.trim_start();
    }
    Ok(parsed)
}

/// The first part of a text that does not begin with a space, and what stands behind it.
fn next_part(text: &str) -> Option<(Part<'_>, &str)> {
    // A minus, or the name of a filter, with nothing behind it is text.
    let unwanted = text.strip_prefix('-').and_then(|text| filter_and_value(text, true));
    unwanted.or_else(|| filter_and_value(text, false))
}

fn filter_and_value(text: &str, is_unwanted: bool) -> Option<(Part<'_>, &str)> {
    let filtered = FILTERS.iter().find_map(|(name, filter)| {
        let start = text.get(..name.len())?;
        let (value, rest) =
            value(&text[name.len()..]).filter(|_| start.eq_ignore_ascii_case(name))?;
        Some((Part { is_unwanted, filter: Some(*filter), value }, rest))
    });
    filtered.or_else(|| {
        let (value, rest) = value(text)?;
        Some((Part { is_unwanted, filter: None, value }, rest))
    })
}

/// Up to the closing quotation mark, if there is one, or up to the next space.
fn value(text: &str) -> Option<(Value<'_>, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (text, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
        return Some((Value { text, is_quoted: true }, rest));
    }
    let end = text.find(|character: char| character.is_whitespace() || character == '"');
    let (text, rest) = text.split_at(end.unwrap_or(text.len()));
    (!text.is_empty()).then_some((Value { text, is_quoted: false }, rest))
}

impl ParsedQuery {
    fn add(&mut self, part: &Part<'_>) -> Result<(), InvalidQuery> {
        let text = part.value.text;
        let filters = &mut self.filters;
        match part.filter {
            Some(Filter::From) => {
                let username = text.strip_prefix('@').unwrap_or(text);
                part.choose(&mut filters.authors, &mut filters.unwanted_authors)
                    .push(name_key(username));
            }
            Some(Filter::Tag) => filters.add_tag(part, text.strip_prefix('#').unwrap_or(text)),
            Some(Filter::Language) => part
                .choose(&mut filters.languages, &mut filters.unwanted_languages)
                .push(LanguageCode::of_tag(text)),
            Some(Filter::Before) => {
                let midnight = midnight(text).ok_or(NOT_BEFORE_A_DATE)?;
                *part.choose(&mut filters.before, &mut filters.not_before) = Some(midnight);
            }
            Some(Filter::After) => {
                let next = midnight(text).ok_or(NOT_AFTER_A_DATE)? + MILLISECONDS_OF_A_DAY;
                *part.choose(&mut filters.not_before, &mut filters.before) = Some(next);
            }
            None => match tag_of(&part.value) {
                Some(tag) => filters.add_tag(part, tag),
                None => {
                    part.choose(&mut self.wanted, &mut self.unwanted).push(part.value.to_text())
                }
            },
        }
        Ok(())
    }
}

impl Filters {
    fn add_tag(&mut self, part: &Part<'_>, tag: &str) {
        part.choose(&mut self.tags, &mut self.unwanted_tags).push(name_key(tag));
    }
}

impl Part<'_> {
    fn is_word(&self) -> bool {
        let Self { is_unwanted, filter, value } = self;
        !is_unwanted && filter.is_none() && !value.is_quoted && tag_of(value).is_none()
    }

    fn choose<T>(&self, wanted: T, unwanted: T) -> T {
        if self.is_unwanted { unwanted } else { wanted }
    }
}

const NOT_BEFORE_A_DATE: InvalidQuery =
    InvalidQuery { field: "query", reason: "before: takes a date such as 2026-01-31." };
const NOT_AFTER_A_DATE: InvalidQuery =
    InvalidQuery { field: "query", reason: "after: takes a date such as 2026-01-31." };

impl Value<'_> {
    fn to_text(&self) -> Text {
        let text = self.text.to_owned();
        if self.is_quoted { Text::Phrase(text) } else { Text::Words(text) }
    }
}

/// Of `#word`, the word.
fn tag_of<'query>(value: &Value<'query>) -> Option<&'query str> {
    let tag = value.text.strip_prefix('#').filter(|tag| !value.is_quoted && !tag.is_empty())?;
    tag.chars().all(|character| character.is_alphanumeric() || character == '_').then_some(tag)
}

/// Of a date as ISO 8601 writes it, with or without hyphens, when it begins in UTC: Unix time in
/// milliseconds.
fn midnight(text: &str) -> Option<i64> {
    let (year, month, day) = match text.len() {
        8 => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        10 if text.get(4..5)? == "-" && text.get(7..8)? == "-" => {
            (text.get(..4)?, text.get(5..7)?, text.get(8..)?)
        }
        _ => return None,
    };
    let number = |digits: &str| {
        digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<u16>().ok())?
    };
    let month = Month::try_from(u8::try_from(number(month)?).ok()?).ok()?;
    let year = number(year).filter(|year| *year > 0)?;
    let date = Date::from_calendar_date(year.into(), month, u8::try_from(number(day)?).ok()?);
    Some(date.ok()?.midnight().assume_utc().unix_timestamp() * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Text {
        Text::Words(text.to_owned())
    }

    fn phrase(text: &str) -> Text {
        Text::Phrase(text.to_owned())
    }

    fn keys(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn words_and_phrases_are_wanted_or_with_a_minus_unwanted() {
        let parsed = parse(r#"owl "at night" -snowy -"in the snow" it's"#).unwrap();
        assert_eq!(parsed.wanted, [words("owl"), phrase("at night"), words("it's")]);
        assert_eq!(parsed.unwanted, [words("snowy"), phrase("in the snow")]);
    }

    #[test]
    fn filters_take_a_name_with_or_without_its_sign() {
        let filters = parse("from:@Alice FROM:bob tag:Birds tag:#owls #Night -from:eve -#snow")
            .unwrap()
            .filters;
        assert_eq!(filters.authors, keys(&["alice", "bob"]));
        assert_eq!(filters.tags, keys(&["birds", "owls", "night"]));
        assert_eq!(filters.unwanted_authors, keys(&["eve"]));
        assert_eq!(filters.unwanted_tags, keys(&["snow"]));
    }

    #[test]
    fn a_language_is_a_code_of_two_letters() {
        let filters = parse("lang:ES lang:klingon").unwrap().filters;
        assert_eq!(filters.languages, [LanguageCode::of_tag("es"), None]);
    }

    #[test]
    fn after_a_day_begins_with_the_next_one() {
        let filters = parse("after:1970-01-01 before:1970-01-03").unwrap().filters;
        assert_eq!(filters.not_before, Some(MILLISECONDS_OF_A_DAY));
        assert_eq!(filters.before, Some(2 * MILLISECONDS_OF_A_DAY));
        let opposite = parse("-before:1970-01-02 -after:19700102").unwrap().filters;
        assert_eq!(filters, opposite);
    }

    #[test]
    fn a_date_that_is_none_is_refused() {
        for query in ["before:tomorrow", "after:2026-02-30", "-before:2026-1-1", "after:+026-01-01"]
        {
            let error = parse(query).unwrap_err();
            assert_eq!(error.field, "query", "{query}");
            assert!(error.reason.contains("takes a date such as"), "{query}");
        }
        assert!(parse("after:9999-12-31 before:0001-01-01").is_ok());
    }

    #[test]
    fn signs_with_nothing_behind_them_are_text() {
        assert_eq!(parse("from: - owl tag:").unwrap().wanted.len(), 4);
        assert_eq!(parse("\"").unwrap().wanted, [phrase("")]);
        assert_eq!(parse("#").unwrap().wanted, [words("#")]);
        assert_eq!(parse("a\"b c\"d").unwrap().wanted, [words("a"), phrase("b c"), words("d")]);
    }

    #[test]
    fn the_last_word_is_unfinished_until_something_stands_behind_it() {
        assert!(parse("night ow").unwrap().is_unfinished);
        for query in ["night owl ", "owl from:alice", "\"night owl", "owl -sno", "#bir", ""] {
            assert!(!parse(query).unwrap().is_unfinished, "{query}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_a_query_or_names_the_field(text in any::<String>()) {
            if let Err(error) = parse(&text) {
                prop_assert_eq!(error.field, "query");
            }
        }

        #[test]
        fn so_is_every_text_of_signs(text in r##"((from|tag|before|after|lang):|["#@ 0-9é-]){0,40}"##) {
            if let Err(error) = parse(&text) {
                prop_assert_eq!(error.field, "query");
            }
        }
    }
}
