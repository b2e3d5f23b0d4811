//! Whatever is typed, and whatever comes as a page token, gets an answer or is told which field is wrong;
//! and a page says correctly how to get the next one.

#![no_main]

use std::sync::LazyLock;

use heavy_computation::measuring::{Instance, Posts, Searched, build_index};
use libfuzzer_sys::fuzz_target;

const POSTS: usize = 200;
const LIMIT: usize = 10;
const WORDS: [&str; 16] = [
    "owl",
    "owls",
    "night",
    "the",
    "of",
    "snow",
    "running",
    "canción",
    "noche",
    "Straße",
    "東京都",
    "한국어",
    "🎉",
    "it's",
    "l'amour",
    "2026",
];

static INSTANCE: LazyLock<Instance> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<(String, String)> = (0..POSTS).map(text).collect();
    let posts = Posts::of(texts.iter().map(|(title, content)| (&**title, &**content)));
    build_index(&posts, folder.path()).unwrap();
    // The files are open, and last as long as the process.
    Instance::open(&posts, folder.path()).unwrap()
});

/// Of other words, and more of them, the higher the number.
fn text(number: usize) -> (String, String) {
    let word = |at: usize| WORDS[(number * 7 + at * at * (number % 5 + 1)) % WORDS.len()];
    let words = |at: std::ops::Range<usize>| at.map(word).collect::<Vec<_>>().join(" ");
    (words(0..1 + number % 6), words(7..8 + number % 23))
}

/// A query, in further lines its language and a page token.
fuzz_target!(|typed: &str| {
    let mut lines = typed.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (query, language, page_token) = (next(), next(), next());
    for is_newest_first in [false, true] {
        let ask =
            |token: &str| INSTANCE.search_as_asked(query, language, LIMIT, is_newest_first, token);
        if let Searched::Found { next_page_token } = ask(page_token).unwrap()
            && let Searched::Wrong(field) = ask(&next_page_token).unwrap()
        {
            panic!("{field} was right a page ago");
        }
    }
});
