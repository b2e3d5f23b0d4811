//! What the engines spend their time on, one by one: `cargo bench --features measuring`.

use std::{error::Error, fmt::Write, hint::black_box};

use criterion::{Criterion, Throughput};
use heavy_computation::measuring::{Instance, Posts, build_index, sketch};

const POSTS: usize = 50_000;
const WORDS: usize = 35;
/// Of the words that posts are made of, which are as frequent as those of a language.
const VOCABULARY: usize = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let texts: Vec<String> = (0..POSTS).map(text).collect();
    let posts = Posts::of(texts.iter().map(|text| text.split_at(60)));

    let mut group = criterion.benchmark_group("index");
    group.sample_size(10).throughput(Throughput::Elements(POSTS as u64));
    group.bench_function("build", |bencher| {
        bencher.iter_with_large_drop(|| {
            let folder = tempfile::tempdir()?;
            build_index(&posts, folder.path())?;
            Ok::<_, Box<dyn Error>>(folder)
        });
    });
    group.finish();

    let folder = tempfile::tempdir()?;
    build_index(&posts, folder.path())?;
    let instance = Instance::open(&posts, folder.path())?;
    let (title, content) = texts[7].split_at(60);
    criterion.bench_function("search, two frequent words", |bencher| {
        bencher.iter(|| instance.search(black_box("word12 word40 "), 10));
    });
    criterion.bench_function("search, a frequent and a rare word", |bencher| {
        bencher.iter(|| instance.search(black_box("word12 word15000 "), 10));
    });
    criterion.bench_function("search, highlights", |bencher| {
        bencher.iter(|| instance.search_with_highlights(black_box("word12 word40 "), 10));
    });
    criterion.bench_function("related", |bencher| {
        bencher.iter(|| instance.related(black_box(7), 10));
    });
    criterion.bench_function("suggest, two typos", |bencher| {
        bencher.iter(|| instance.suggestions(black_box("wrod1205"), 5));
    });
    criterion.bench_function("near-copies", |bencher| {
        bencher.iter(|| instance.near_copies(black_box(title), black_box(content), 0.5, 5));
    });
    criterion.bench_function("sketch", |bencher| {
        bencher.iter(|| sketch(black_box(title), black_box(content)));
    });
    criterion.final_summary();
    Ok(())
}

/// Words of which the n-th is as frequent as the first one divided by n.
fn text(number: usize) -> String {
    let mut state = number as u64 + 1;
    (0..WORDS).fold(String::new(), |mut text, _| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (state >> 33) as f64 / (1_u64 << 31) as f64;
        let word = (VOCABULARY as f64).powf(share) as usize;
        // Writing to a text does not fail.
        let _ = write!(text, "word{word} ");
        text
    })
}
