use super::{
    analysis::{Language, Stems, numbered, words},
    query::QueryWord,
};
use crate::posts::StoredPost;

/// Words that follow one another, each with its place, counted from any place.
pub(super) type Phrase = [(u32, QueryWord)];

/// Whether the words stand in their places somewhere in a post. The content's places follow on those of
/// the title.
///
/// The index holds no places: they would make it half as large again, and only posts that hold every
/// word and rank high enough have to be looked at.
pub(super) fn stands_in(
    phrase: &Phrase,
    post: &StoredPost,
    language: Language,
    stems: &mut Stems,
) -> bool {
    // For each word, where the phrase would begin.
    let mut starts: Vec<Vec<u32>> = vec![Vec::new(); phrase.len()];
    let mut end = 0;
    for text in [&post.title, &post.content] {
        let start = end;
        for (place, word) in numbered(&words(text)) {
            end = start + place + 1;
            let terms = stems.terms(word.text, language);
            for ((offset, word), starts) in phrase.iter().zip(&mut starts) {
                if terms.iter().any(|term| word.is_found_as(term)) {
                    starts.extend((start + place).checked_sub(*offset));
                }
            }
        }
    }
    let Some((first, others)) = starts.split_first() else {
        return false;
    };
    first.iter().any(|start| others.iter().all(|starts| starts.contains(start)))
}
