use heavy_computation::contract::SearchRequest;
use proptest::{
    prelude::{Just, Strategy, any, prop_oneof},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use tonic::Code;

use crate::support::{Database, OLDER_SERVICE_TOKEN, SERVICE_TOKEN, Service, question};

const HOSTILE_QUESTIONS: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_token_gets_an_answer() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let wrong_tokens = [
        None,
        Some(String::new()),
        Some("Bearer ".to_owned()),
        Some("Bearer wrong".to_owned()),
        Some(SERVICE_TOKEN.to_owned()),
        Some(format!("Basic {SERVICE_TOKEN}")),
        Some(format!("Bearer {SERVICE_TOKEN}x")),
        Some(format!("Bearer {}", &SERVICE_TOKEN[1..])),
    ];

    for authorization in wrong_tokens {
        let caller = service.caller.with_authorization(authorization.as_deref());
        let status = caller.ask(question("cat")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{authorization:?}");
        // The health is nobody's secret.
        assert!(caller.is_serving("").await);
    }
    for token in [SERVICE_TOKEN, OLDER_SERVICE_TOKEN] {
        let caller = service.caller.with_authorization(Some(&format!("Bearer {token}")));
        assert!(caller.ask(question("cat")).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_names_its_field() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let questions = [
        ("query: ", SearchRequest { query: "x".repeat(501), ..question("") }),
        ("limit: ", SearchRequest { limit: 0, ..question("cat") }),
        ("limit: ", SearchRequest { limit: 101, ..question("cat") }),
        ("order: ", SearchRequest { order: 9, ..question("cat") }),
        ("page_token: ", SearchRequest { page_token: "x".to_owned(), ..question("cat") }),
    ];

    for (field, question) in questions {
        let status = service.caller.ask(question).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with(field), "{}", status.message());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_that_never_comes_is_not_waited_for_long() {
    let database = Database::new().await;
    let service = Service::start(&database).await;

    let future = SearchRequest { min_position: u64::MAX, ..question("cat") };
    let status = service.caller.ask(future).await.unwrap_err();

    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_gets_an_answer_or_is_told_what_is_wrong() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    for (title, content) in [("Ὀδυσσεύς", "ﷺ a\u{301}\u{302}\u{303} ß"), ("İ", "👩‍👩‍👧 🇪🇸 한국 ไทย")]
    {
        database.write(alice, title, content).await;
    }
    let mut page = SearchRequest { limit: 1, ..question("ß ไทย") };
    page.page_token = service.caller.ask_up_to_date(page.clone(), &database).await.next_page_token;
    let strange = prop_oneof![
        any::<String>(),
        "\\PC{0,600}",
        "[a-z']{0,600}",
        "[ß-ʯΑ-я\u{300}-\u{36F}가-힣]{0,300}",
        Just(page.query.clone()),
        Just("\u{FDFA}".repeat(500)),
        Just("\"title:(a AND b) OR *~^[x TO y]\\".to_owned()),
    ];
    let token = prop_oneof![Just(String::new()), Just(page.page_token), any::<String>()];
    let questions = (strange, 0..200_u32, -1..4_i32, token);
    let mut runner = TestRunner::deterministic();

    for _ in 0..HOSTILE_QUESTIONS {
        let (query, limit, order, page_token) = questions.new_tree(&mut runner).unwrap().current();
        let request = SearchRequest { query, limit, order, page_token, ..SearchRequest::default() };
        if let Err(status) = service.caller.ask(request.clone()).await {
            assert_eq!(status.code(), Code::InvalidArgument, "{request:?}");
        }
    }
}
