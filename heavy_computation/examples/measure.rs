//! Measures the engines in one process: reads a task in JSON from the file that is named first, and
//! prints figures in JSON, as each of its peers in `system_tests/load/heavy_peers` does.

use std::{env, error::Error, fs, path::PathBuf, thread, time::Instant};

use heavy_computation::measuring::{Instance, Posts, build_index, bytes_in};
use serde::Deserialize;
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is asked of the engines; what is left out is not measured.
#[derive(Deserialize)]
struct Task {
    /// A file of one post a line: title, tab, content.
    texts: PathBuf,
    /// Empty, for what the engines keep on disk.
    folder: PathBuf,
    depth: usize,
    #[serde(default)]
    queries: Vec<String>,
    /// Numbers of posts to which others are related.
    #[serde(default)]
    asked: Vec<u64>,
    #[serde(default)]
    typed: Vec<String>,
    /// Titles and contents that may be copies.
    #[serde(default)]
    copies: Vec<(String, String)>,
    #[serde(default)]
    min_similarity: f32,
}

type Measured<T> = Result<T, Box<dyn Error>>;

/// As many as rensa makes sketches in, where there are two cores.
const THREADS_IN_BULK: usize = 2;

fn main() -> Measured<()> {
    let path = env::args().nth(1).ok_or("name the file of the task")?;
    let task: Task = serde_json::from_str(&fs::read_to_string(path)?)?;
    let lines = fs::read_to_string(&task.texts)?;
    let posts = Posts::of(lines.lines().map(|line| line.split_once('\t').unwrap_or((line, ""))));
    let count = lines.lines().count() as f64;

    let began = Instant::now();
    build_index(&posts, &task.folder)?;
    let built_in = began.elapsed().as_secs_f64();
    let bytes = bytes_in(&task.folder)?;
    let began = Instant::now();
    let instance = Instance::open(&posts, &task.folder)?;
    let filled_in = began.elapsed().as_secs_f64();

    let figures = json!({
        "posts_per_second": count / built_in,
        "bytes_per_post": bytes as f64 / count,
        "fill_posts_per_second": count / filled_in,
        "search": of_each(&task.queries, |query| instance.search(query, task.depth))?,
        "search_with_highlights":
            of_each(&task.queries, |query| instance.search_with_highlights(query, task.depth))?,
        "related": of_each(&task.asked, |number| instance.related(*number, task.depth))?,
        "suggestions": of_each(&task.typed, |typed| instance.suggestions(typed, task.depth))?,
        "near_copies": of_each(&task.copies, |(title, content)| {
            instance.near_copies(title, content, task.min_similarity, task.depth)
        })?,
        "near_copies_in_bulk_seconds": seconds_in_bulk(&instance, &task)?,
    });
    print(&figures)
}

/// The answers, and how long each took once all had been asked once before.
fn of_each<Q, A: serde::Serialize>(
    questions: &[Q],
    answer: impl Fn(&Q) -> Measured<A>,
) -> Measured<Value> {
    for question in questions {
        answer(question)?;
    }
    let (mut answers, mut milliseconds) = (Vec::new(), Vec::new());
    for question in questions {
        let began = Instant::now();
        let answered = answer(question)?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1000.0);
        answers.push(answered);
    }
    Ok(json!({ "answers": answers, "milliseconds": milliseconds }))
}

/// Of all copies, asked about by several threads.
fn seconds_in_bulk(instance: &Instance, task: &Task) -> Measured<f64> {
    let share = task.copies.len().div_ceil(THREADS_IN_BULK).max(1);
    let began = Instant::now();
    thread::scope(|scope| {
        let ask = |copies: &[(String, String)]| {
            copies.iter().try_for_each(|(title, content)| {
                let found = instance.near_copies(title, content, task.min_similarity, task.depth);
                found.map(drop).map_err(|error| error.to_string())
            })
        };
        let threads: Vec<_> =
            task.copies.chunks(share).map(|copies| scope.spawn(move || ask(copies))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))
        })
    })?;
    Ok(began.elapsed().as_secs_f64())
}

#[allow(clippy::print_stdout, reason = "this is how a peer answers")]
fn print(figures: &Value) -> Measured<()> {
    println!("{}", serde_json::to_string(figures)?);
    Ok(())
}
