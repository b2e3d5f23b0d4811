use std::collections::HashMap;

use super::{
    analysis::{Detected, Stems, Tokenized, lowercase, which_are_function_words},
    schema::TITLE_WEIGHT,
};
use crate::posts::StoredPost;

/// How often each term that says something of the topic stands in a post, as the index counts them.
pub(super) fn meaningful_terms(post: &StoredPost, stems: &mut Stems) -> HashMap<String, u32> {
    let tag = post.language.as_deref();
    let (title, content) = (Tokenized::of(&post.title), Tokenized::of(&post.content));
    let language = Detected::of_post(tag, &title, &content).stemmed_as;
    let mut frequencies = HashMap::new();
    for (Tokenized { words, .. }, weight) in [(title, TITLE_WEIGHT), (content, 1)] {
        let lowered: Vec<String> = words.iter().map(|word| lowercase(word.text)).collect();
        let function_words = which_are_function_words(&lowered, Some(language.tag()));
        for (word, _) in words.iter().zip(function_words).filter(|(_, is)| !is) {
            for term in stems.terms(word.text, language).iter() {
                *frequencies.entry(term.to_owned()).or_default() += weight as u32;
            }
        }
    }
    frequencies
}
