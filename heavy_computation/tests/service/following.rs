use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use crate::support::{Database, INSERT_POST, Service, ids, question};

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_post_is_found_by_its_new_words_only() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Pets", "a cat").await;
    assert_eq!(service.caller.search("cat", &database).await, [post]);

    database.edit(post, "a dog").await;

    assert!(service.caller.search("cat", &database).await.is_empty());
    assert_eq!(service.caller.search("dog", &database).await, [post]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_post_is_not_found_any_more() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Pets", "a cat").await;
    assert_eq!(service.caller.search("cat", &database).await, [post]);

    database.delete(post).await;

    assert!(service.caller.search("cat", &database).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_posts_of_a_deleted_member_are_not_found_any_more() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let (alice, bob) = (database.register("alice").await, database.register("bob").await);
    database.write(alice, "Pets", "a cat").await;
    let kept = database.write(bob, "Pets", "another cat").await;

    database.unregister(alice).await;

    assert_eq!(service.caller.search("cat", &database).await, [kept]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_author_is_found_by_the_new_name_only() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Pets", "a cat").await;
    assert_eq!(service.caller.search("alice", &database).await, [post]);

    database.rename(alice, "alicia").await;

    assert!(service.caller.search("alice", &database).await.is_empty());
    assert_eq!(service.caller.search("alicia", &database).await, [post]);
}

const TIME_TO_READ_PAST: Duration = Duration::from_millis(500);

/// The sequence gives the first transaction the lower number, but its rows become visible last.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_committed_after_later_ones_is_not_lost() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let mut slow = database.connect().await;
    let transaction = slow.transaction().await.unwrap();
    let row = transaction.query_one(INSERT_POST, &[&alice, &"Slow", &"tortoise"]).await.unwrap();
    let tortoise: Uuid = row.get(0);

    let hare = database.write(alice, "Fast", "hare").await;
    // A reader that went by numbers would now read past those of the slow transaction.
    sleep(TIME_TO_READ_PAST).await;
    transaction.commit().await.unwrap();

    assert_eq!(service.caller.search("tortoise", &database).await, [tortoise]);
    assert_eq!(service.caller.search("hare", &database).await, [hare]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_many_posts_is_applied_page_by_page() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;

    database.write_many(alice, 12_000, "imported").await;
    let last = database.write(alice, "And", "one more").await;

    assert_eq!(service.caller.search("more", &database).await, [last]);
    assert_eq!(service.caller.search_all("imported", &database).await, database.posts().await[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn searching_goes_on_while_postgres_is_away_and_following_afterwards() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let before = database.write(alice, "Pets", "a cat").await;
    assert_eq!(service.caller.search("cat", &database).await, [before]);

    database.disconnect_readers().await;
    let answer = service.caller.ask(question("cat")).await.unwrap();
    assert_eq!(ids(&answer), [before]);

    let after = database.write(alice, "Pets", "a dog").await;
    assert_eq!(service.caller.search("dog", &database).await, [after]);
}
