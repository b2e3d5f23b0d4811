use heavy_computation::contract::RelatedRequest;
use tonic::Code;
use uuid::Uuid;

use crate::support::{Database, Service};

const ABOUT_BREAD: [&str; 3] = [
    "How do you keep a sourdough starter alive in a cold kitchen during winter?",
    "My sourdough bread never rises, the kitchen is cold and the starter sleeps",
    "A warm oven helps the starter of a sourdough along, says my grandmother",
];

async fn write_of_other_things(author: Uuid, database: &Database) {
    for content in ["The train was late again", "Football tonight", "Who has seen my keys?"] {
        database.write(author, "Other", content).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_about_the_same_thing_are_related_and_others_are_not() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let mut posts = Vec::new();
    for (name, content) in ["alice", "bob", "carol"].iter().zip(ABOUT_BREAD) {
        let author = database.register(name).await;
        posts.push(database.write(author, "Bread", content).await);
        write_of_other_things(author, &database).await;
    }

    let mut related = service.caller.posts_related_to(posts[0], &database).await;

    related.sort_unstable();
    assert_eq!(related, posts[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn near_copies_of_the_post_or_of_one_another_are_left_out() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let mut authors = Vec::new();
    for name in ["alice", "bob", "carol", "dave", "erin"] {
        authors.push(database.register(name).await);
    }
    let asked = database.write(authors[0], "Bread", ABOUT_BREAD[0]).await;
    database.write(authors[1], "Bread!", ABOUT_BREAD[0]).await;
    let other = database.write(authors[2], "Bread", ABOUT_BREAD[1]).await;
    let copy = database.write(authors[3], "Bread", &ABOUT_BREAD[1].to_uppercase()).await;
    write_of_other_things(authors[4], &database).await;

    let related = service.caller.posts_related_to(asked, &database).await;

    assert_eq!(related.len(), 1);
    assert!(related[0] == other || related[0] == copy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_like_the_related_ones_comes_before_one_that_is_not() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let mut authors = Vec::new();
    for name in ["alice", "bob", "carol", "dave", "erin", "frank"] {
        authors.push(database.register(name).await);
    }
    let asked = database.write(authors[0], "Bread", ABOUT_BREAD[0]).await;
    for (author, content) in authors[1..].iter().zip(&ABOUT_BREAD[1..]) {
        database.write(*author, "Bread", &format!("{content}, and so does hydration")).await;
    }
    write_of_other_things(authors[3], &database).await;
    // Each has one word of the post that is asked about.
    let alike =
        database.write(authors[4], "Hydration", "Notes about a starter and its flour").await;
    let not_alike = database.write(authors[5], "Football", "The players of the starter team").await;

    let related = service.caller.posts_related_to(asked, &database).await;

    let place_of = |post| related.iter().position(|related| *related == post);
    assert!(place_of(alike).unwrap() < place_of(not_alike).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_author_does_not_flood_the_related_posts() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let (alice, bob) = (database.register("alice").await, database.register("bob").await);
    let asked = database.write(alice, "Bread", ABOUT_BREAD[0]).await;
    for number in 0..100 {
        let words = format!("sourdough starter kitchen winter {number}{number} x{number}y");
        database.write(alice, &format!("Number {number}"), &words.repeat(1 + number % 3)).await;
    }
    let of_another = database.write(bob, "Bread", ABOUT_BREAD[1]).await;

    let related = service.caller.posts_related_to(asked, &database).await;

    assert!(related.contains(&of_another));
    assert!(related.len() <= 2, "{related:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_not_there_has_no_related_ones() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Bread", ABOUT_BREAD[0]).await;
    assert!(service.caller.posts_related_to(post, &database).await.is_empty());
    let request = |post_id: String, limit| RelatedRequest { post_id, limit, min_position: 0 };
    let gone = request(Uuid::new_v4().to_string(), 5);

    assert_eq!(service.caller.related(gone).await.unwrap_err().code(), Code::NotFound);
    for (field, question) in [
        ("post_id: ", request("x".to_owned(), 5)),
        ("limit: ", request(post.to_string(), 0)),
        ("limit: ", request(post.to_string(), 51)),
    ] {
        let status = service.caller.related(question).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with(field), "{}", status.message());
    }
}
