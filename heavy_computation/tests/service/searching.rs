use heavy_computation::contract::{SearchHit, SearchOrder, SearchRequest, TextRange};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tonic::Code;
use uuid::Uuid;

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

/// Asks for the newest posts, all words required.
async fn newest(query: &str, database: &Database, service: &Service) -> Vec<Uuid> {
    service.caller.search_all(query, database).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phrase_is_found_word_after_word_in_any_form_but_only_there() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let owls = database.write(alice, "Birds", "Night owls see in the dark").await;
    let across = database.write(alice, "A long night", "Owls everywhere").await;
    database.write(alice, "Owls", "see at night").await;
    let japanese = database.write(alice, "旅行", "東京都に行きました").await;
    database.write(alice, "旅行", "京都と東京").await;

    for (query, expected) in [
        (r#""night owl""#, vec![across, owls]),
        (r#""see in the dark""#, vec![owls]),
        (r#""dark the in""#, vec![]),
        (r#""東京都""#, vec![japanese]),
        (r#""night owl" -dark"#, vec![across]),
        (r#"owl -"night owls""#, vec![]),
    ] {
        let mut found = service.caller.search(query, &database).await;
        found.sort_unstable_by(|one, other| other.cmp(one));
        let is_excluding = query.starts_with("owl");
        assert_eq!(found.len(), expected.len() + usize::from(is_excluding), "{query}");
        assert!(expected.iter().all(|post| found.contains(post)), "{query}");
    }
    assert_eq!(newest(r#""night owl""#, &database, &service).await, [across, owls]);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_keep_to_what_they_name() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let (alice, bob) = (database.register("Alice").await, database.register("bób").await);
    let tagged = database.write_tagged(alice, "An owl at night", &["birds", "night"]).await;
    let owl = database.write(bob, "Owls", "and others").await;
    let fox = database.write(bob, "Foxes", "at night").await;

    for (query, expected) in [
        ("from:alice", vec![tagged]),
        ("from:@ALICE owl", vec![tagged]),
        ("owl from:BÓB", vec![owl]),
        ("owl from:bob", vec![]),
        ("from:alice from:bób", vec![fox, owl, tagged]),
        ("-from:alice", vec![fox, owl]),
        ("tag:Birds", vec![tagged]),
        ("#birds tag:#night owl", vec![tagged]),
        ("#birds #snow", vec![]),
        ("owl -#birds", vec![owl]),
        ("after:2020-01-01 fox", vec![fox]),
        ("before:2020-01-01 fox", vec![]),
        ("-after:2020-01-01", vec![]),
        ("before:9999-12-31 -owl", vec![fox]),
    ] {
        for order in [SearchOrder::Relevance, SearchOrder::Newest] {
            let question = SearchRequest { order: order.into(), ..question(query) };
            let found = ids(&service.caller.ask_up_to_date(question, &database).await);
            assert_eq!(found, expected, "{query} {order:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_keeps_out_what_is_surely_in_another() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let spanish =
        database.write(alice, "Anoche", "El taxi llegó tarde y no había nadie en la calle").await;
    let english =
        database.write(alice, "Yesterday", "The taxi was late and there was nobody on it").await;
    let unknown = database.write(alice, "Taxi", "!").await;

    for (query, language, expected) in [
        ("taxi", "", vec![unknown, english, spanish]),
        ("taxi", "es", vec![unknown, spanish]),
        ("taxi lang:ES", "", vec![unknown, spanish]),
        ("taxi lang:es lang:en", "", vec![unknown, english, spanish]),
        ("taxi lang:es", "en", vec![unknown, english]),
        ("taxi -lang:es", "", vec![unknown, english]),
        ("taxi", "tlh", vec![]),
    ] {
        let order = SearchOrder::Newest.into();
        let language = language.to_owned();
        let question = SearchRequest { order, language, ..question(query) };
        if question.language == "tlh" {
            let refused = service.caller.ask(question).await.unwrap_err();
            assert!(refused.message().starts_with("language: "), "{refused}");
            continue;
        }
        let found = ids(&service.caller.ask_up_to_date(question, &database).await);
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_word_is_found_by_its_beginning_behind_those_that_are_it() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let household = database.write(alice, "Households", "here").await;
    let house = database.write(alice, "Houses", "here").await;
    let electric = database.write(alice, "Electricity", "yonder").await;

    for (query, expected) in [
        ("house", vec![house, household]),
        ("house ", vec![house]),
        ("house yonder", vec![house, electric]),
        ("electrici", vec![electric]),
        ("elec", vec![electric]),
        ("el", vec![]),
    ] {
        assert_eq!(service.caller.search(query, &database).await, expected, "{query}");
    }
    assert_eq!(newest("here hous", &database, &service).await, [house, household]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_without_words_shows_the_newest_posts() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let first = database.write(alice, "One", "first").await;
    let second = database.write(alice, "Two", "second").await;
    for query in ["", "\"", "!?"] {
        assert_eq!(service.caller.search(query, &database).await, [second, first], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_there_is_an_answer_or_a_named_field() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    database.write(alice, "Every owl's night", "東京 👩‍👩‍👧 \"quoted\" #tag").await;
    service.caller.search("owl", &database).await;
    let mut runner = TestRunner::new(Config { cases: 400, ..Config::default() });
    let typed = (
        prop_oneof![
            any::<String>(),
            r##"((-|from:|tag:|before:|lang:)?["#]?(owl|night|東京|ow|👩|2020-01-01)?["]? ?){0,9}"##
        ],
        prop_oneof![Just(String::new()), "[a-z]{0,3}"],
        prop_oneof![Just(String::new()), "[A-Za-z0-9_-]{0,80}"],
        -1..4_i32,
        0..102_u32,
    );
    let (handle, caller) = (tokio::runtime::Handle::current(), &service.caller);
    tokio::task::block_in_place(|| {
        runner
            .run(&typed, |(query, language, page_token, order, limit)| {
                let asked =
                    SearchRequest { query, language, page_token, order, limit, min_position: 0 };
                match handle.block_on(caller.ask(asked)) {
                    Ok(_) => Ok(()),
                    Err(status) => {
                        prop_assert_eq!(status.code(), Code::InvalidArgument, "{}", status);
                        let (field, _) = status.message().split_once(": ").unwrap();
                        let fields = ["query", "limit", "order", "page_token", "language"];
                        prop_assert!(fields.contains(&field), "{}", field);
                        Ok(())
                    }
                }
            })
            .unwrap();
    });
}
