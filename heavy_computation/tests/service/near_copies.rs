use std::sync::Arc;

use heavy_computation::contract::CheckDuplicateRequest;
use tonic::Code;
use uuid::Uuid;

use crate::support::{Caller, Database, Service, near_copies_of};

const TEXT: &str =
    "We found a grey cat with a white paw near the old bridge, does anybody miss it?";
const NEARLY: &str =
    "We found a grey cat with a white paw near the old mill, does anybody miss it?";

async fn found(caller: &Caller, text: &str, database: &Database) -> Vec<Uuid> {
    let copies = caller.near_copies(text, database).await;
    copies.iter().map(|copy| copy.post_id.parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_near_copy_is_found_with_its_author_and_how_similar_it_is() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Title", TEXT).await;
    database.write(alice, "Title", "Something else entirely, about the weather of tomorrow").await;

    let copies = service.caller.near_copies(NEARLY, &database).await;

    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].post_id, post.to_string());
    assert_eq!(copies[0].author_id, alice.to_string());
    assert!((0.75..0.95).contains(&copies[0].similarity), "{}", copies[0].similarity);
    assert!(copies[0].created_at_ms > 1_600_000_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_similar_come_first_and_of_equals_the_oldest() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let near = database.write(alice, "Title", NEARLY).await;
    let first = database.write(alice, "Title", TEXT).await;
    let second = database.write(alice, "TITLE", &TEXT.to_uppercase()).await;

    assert_eq!(found(&service.caller, TEXT, &database).await, [first, second, near]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_or_deleted_post_is_no_near_copy_any_more() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let (alice, bob) = (database.register("alice").await, database.register("bob").await);
    let edited = database.write(alice, "Title", TEXT).await;
    let deleted = database.write(alice, "Title", TEXT).await;
    let of_a_member_who_left = database.write(bob, "Title", TEXT).await;
    let all = [edited, deleted, of_a_member_who_left];
    assert_eq!(found(&service.caller, TEXT, &database).await, all);

    database.edit(edited, "Never mind, the cat has come home by itself this morning").await;
    database.delete(deleted).await;
    database.unregister(bob).await;

    assert!(found(&service.caller, TEXT, &database).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_written_before_the_start_are_known_and_every_change_made_while_they_are_read() {
    let database = Database::new().await;
    let alice = database.register("alice").await;
    database.write_many(alice, 20_000, "one of very many posts that are all the same").await;
    let (before, deleted) =
        (database.write(alice, "Title", TEXT).await, database.write(alice, "Title", TEXT).await);
    let folder = Service::start(&database).await.stop().await;
    let service = Service::start_in(Arc::clone(&folder), &database).await;

    database.delete(deleted).await;
    let meanwhile = database.write(alice, "Title", TEXT).await;

    assert_eq!(found(&service.caller, TEXT, &database).await, [before, meanwhile]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_checked_names_its_field() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let questions = [
        ("title: ", CheckDuplicateRequest { title: "x".repeat(201), ..near_copies_of("") }),
        ("content: ", near_copies_of(&"x".repeat(1_001))),
        ("limit: ", CheckDuplicateRequest { limit: 0, ..near_copies_of("x") }),
        ("min_similarity: ", CheckDuplicateRequest { min_similarity: 0.4, ..near_copies_of("x") }),
        (
            "min_similarity: ",
            CheckDuplicateRequest { min_similarity: f32::NAN, ..near_copies_of("x") },
        ),
    ];
    service.caller.near_copies("x", &database).await;

    for (field, question) in questions {
        let status = service.caller.check_duplicate(question).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with(field), "{}", status.message());
    }
}
