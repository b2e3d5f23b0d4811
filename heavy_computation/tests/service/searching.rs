use heavy_computation::contract::{SearchHit, SearchOrder, SearchRequest, TextRange};

use crate::support::{Database, Service, ids, question};

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_found_by_any_form_of_its_words() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let english = database.write(alice, "Morning", "Running along the quiet river").await;
    let spanish = database
        .write(alice, "Anoche", "Las canciones que escuchamos ayer eran una maravilla")
        .await;
    let japanese = database.write(alice, "旅行", "東京都に行きました").await;

    for (query, post) in [
        ("run", english),
        ("RIVERS", english),
        ("canción", spanish),
        ("cancion", spanish),
        ("escuchar", spanish),
        ("東京", japanese),
    ] {
        assert_eq!(service.caller.search(query, &database).await, [post], "{query}");
    }
    assert!(service.caller.search("bicycle", &database).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_matches_more_of_the_query_comes_first() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let both = database.write(alice, "Pancakes", "with maple syrup").await;
    let one = database.write(alice, "Waffles", "with syrup and some more words").await;

    assert_eq!(service.caller.search("maple syrup", &database).await, [both, one]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_counts_more_in_the_title() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let titled = database.write(alice, "Lighthouse", "seen today").await;
    database.write(alice, "Today", "lighthouse seen").await;

    assert_eq!(service.caller.search("lighthouse", &database).await[0], titled);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_is_found_by_name() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let (alice, el_atla) = (database.register("alice").await, database.register("el_atla").await);
    database.write(alice, "Hello", "everybody").await;
    let post = database.write(el_atla, "Hello", "everybody").await;

    assert_eq!(service.caller.search("El_Atla", &database).await, [post]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_posts_that_match_every_word_can_be_asked_for() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let older = database.write(alice, "Tea", "green tea, green cups, all green").await;
    let newer = database.write(alice, "Tea", "not so green").await;
    database.write(alice, "Coffee", "green beans").await;

    let newest = SearchRequest { order: SearchOrder::Newest.into(), ..question("green tea") };
    let answer = service.caller.ask_up_to_date(newest, &database).await;
    assert_eq!(ids(&answer), [newer, older]);
}

#[tokio::test(flavor = "multi_thread")]
async fn matches_are_shown_in_code_points() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    database.write(alice, "👩‍👩‍👧 Café", "ye olde cafe\u{301}s, 東京都 café").await;

    let answer = service.caller.ask_up_to_date(question("cafe 東京"), &database).await;
    let [SearchHit { title_highlights, content_highlights, .. }] = answer.hits.as_slice() else {
        panic!("one hit, not {:?}", answer.hits);
    };
    let range = |start, end| TextRange { start, end };
    assert_eq!(*title_highlights, [range(6, 10)]);
    assert_eq!(*content_highlights, [range(8, 14), range(16, 18), range(20, 24)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_without_words_finds_nothing() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    database.write(alice, "Hello", "everybody").await;

    for query in ["", "   ", "?!", "\u{0}"] {
        assert!(service.caller.search(query, &database).await.is_empty(), "{query:?}");
    }
}
