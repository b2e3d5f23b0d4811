use std::collections::HashSet;

use heavy_computation::contract::{SearchOrder, SearchRequest};
use tonic::Code;
use uuid::Uuid;

use crate::support::{Database, Service, ids, question};

/// Goes through all pages of a query while people go on writing and deleting.
async fn page_through(order: SearchOrder, database: &Database, service: &Service) -> Vec<Uuid> {
    let bob = database.register("bob").await;
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let order = order.into();
        let request = SearchRequest { order, page_token, limit: 7, ..question("green tea") };
        let page = service.caller.ask_up_to_date(request, database).await;
        found.extend(ids(&page));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
        for content in ["green", "tea", "green tea", "no such thing"] {
            let post = database.write(bob, "Meanwhile", content).await;
            database.delete(post).await;
            database.write(bob, "Meanwhile", content).await;
        }
    }
}

async fn write_about_tea(database: &Database) -> Vec<Uuid> {
    let alice = database.register("alice").await;
    let mut posts = Vec::new();
    for number in 0..60 {
        let content = "green tea ".repeat(number % 4 + 1) + &"and so on ".repeat(number % 7);
        posts.push(database.write(alice, "Tea", &content).await);
    }
    posts
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_repeat_nor_leave_out_a_post_whatever_is_written_meanwhile() {
    for order in [SearchOrder::Relevance, SearchOrder::Newest] {
        let database = Database::new().await;
        let service = Service::start(&database).await;
        let posts = write_about_tea(&database).await;

        let found = page_through(order, &database, &service).await;

        let distinct: HashSet<&Uuid> = found.iter().collect();
        assert_eq!(distinct.len(), found.len(), "{order:?}");
        assert!(posts.iter().all(|post| distinct.contains(post)), "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_continues_with_the_scores_of_the_page_before() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    write_about_tea(&database).await;
    let whole = SearchRequest { limit: 60, ..question("green tea") };
    let scores = |answer: &heavy_computation::contract::SearchResponse| -> Vec<f32> {
        answer.hits.iter().map(|hit| hit.score).collect()
    };

    let at_once = scores(&service.caller.ask_up_to_date(whole.clone(), &database).await);
    let first = SearchRequest { limit: 30, ..whole.clone() };
    let first = service.caller.ask_up_to_date(first, &database).await;
    let page_token = first.next_page_token.clone();
    let second = SearchRequest { limit: 30, page_token, ..whole };
    let second = service.caller.ask_up_to_date(second, &database).await;

    assert!(at_once.is_sorted_by(|before, after| before >= after));
    assert_eq!([scores(&first), scores(&second)].concat(), at_once);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_belongs_to_its_query() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    write_about_tea(&database).await;
    let first = service.caller.ask_up_to_date(question("green tea"), &database).await;

    let page_token = first.next_page_token;
    let other = SearchRequest { page_token, ..question("black tea") };
    let status = service.caller.ask(other).await.unwrap_err();

    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().starts_with("page_token: "), "{}", status.message());
}
