use std::collections::HashSet;

use crate::search::{exact_term, words};

/// In characters. A longer word is nothing that somebody would type.
const LONGEST_WORD: usize = 40;
const SHORTEST_WORD: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Word,
    Tag,
    Username,
}

/// Something to be suggested.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) kind: Kind,
    /// By which it is found: without case and accents.
    pub(crate) key: String,
    /// As people write it.
    pub(crate) text: String,
}

/// Each word, tag and username of a post once.
pub(crate) fn names_of(title: &str, content: &str, username: &str, tags: &[String]) -> Vec<Name> {
    let texts = [title, content].into_iter().flat_map(words).map(|word| word.text);
    let mut seen = HashSet::new();
    let mut names: Vec<Name> = texts
        .filter(|word| is_worth_suggesting(word))
        .map(|word| Name { kind: Kind::Word, key: exact_term(word), text: word.to_lowercase() })
        .filter(|name| seen.insert(name.key.clone()))
        .collect();
    names.extend(tags.iter().map(|tag| named(Kind::Tag, tag)));
    names.push(named(Kind::Username, username));
    names.retain(|name| !name.key.is_empty());
    names
}

fn named(kind: Kind, text: &str) -> Name {
    Name { kind, key: exact_term(text), text: text.to_owned() }
}

fn is_worth_suggesting(word: &str) -> bool {
    let length = word.chars().take(LONGEST_WORD + 1).count();
    (SHORTEST_WORD..=LONGEST_WORD).contains(&length) && word.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_names_its_words_its_tags_and_its_author() {
        let names = names_of("Das Café", "Kaffee im café, 3 #Berlin", "Zoë", &["berlin".into()]);
        let texts: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        assert_eq!(texts, ["das", "café", "kaffee", "im", "berlin", "berlin", "Zoë"]);
        assert_eq!(names[1].key, "cafe");
        assert_eq!(names[5].kind, Kind::Tag);
        assert_eq!((names[6].kind, names[6].key.as_str()), (Kind::Username, "zoe"));
    }
}
