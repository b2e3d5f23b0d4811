use heavy_computation::contract::{SuggestRequest, SuggestionKind};
use tonic::Code;

use crate::support::{Database, Service};

#[tokio::test(flavor = "multi_thread")]
async fn words_tags_and_usernames_are_completed_in_spite_of_a_typo() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("Alicia").await;
    database.write(alice, "Separate things", "a canción for everybody").await;

    let caller = &service.caller;
    assert_eq!(caller.suggestions("seper", &database).await, ["separate"]);
    assert_eq!(caller.suggestions("a CANCION", &database).await, ["canción"]);
    assert_eq!(caller.suggestions("@ali", &database).await, ["Alicia"]);
    assert!(caller.suggestions("#ali", &database).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_says_what_it_is_and_how_many_posts_have_it() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    for content in ["bread and butter", "more bread", "bread, bread, bread"] {
        database.write(alice, "Title", content).await;
    }
    service.caller.suggestions("", &database).await;

    let request = SuggestRequest { typed: "braed".to_owned(), limit: 1, min_position: 0 };
    let suggestion = service.caller.complete(request).await.unwrap().suggestions.remove(0);

    assert_eq!(suggestion.kind(), SuggestionKind::Word);
    assert_eq!((suggestion.text.as_str(), suggestion.posts), ("bread", 3));
    assert_eq!(suggestion.distance, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_writes_any_more_is_not_suggested() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let edited = database.write(alice, "Title", "a hedgehog").await;
    let deleted = database.write(alice, "Title", "another hedgehog").await;
    assert_eq!(service.caller.suggestions("hedge", &database).await, ["hedgehog"]);

    database.edit(edited, "a hedge").await;
    database.delete(deleted).await;
    database.rename(alice, "carol").await;

    assert_eq!(service.caller.suggestions("hedge", &database).await, ["hedge"]);
    assert!(service.caller.suggestions("@alice", &database).await.is_empty());
    assert_eq!(service.caller.suggestions("@car", &database).await, ["carol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_completed_names_its_field() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    service.caller.suggestions("", &database).await;
    let questions = [
        ("typed: ", SuggestRequest { typed: "x".repeat(101), limit: 5, min_position: 0 }),
        ("limit: ", SuggestRequest { typed: "x".to_owned(), limit: 0, min_position: 0 }),
        ("limit: ", SuggestRequest { typed: "x".to_owned(), limit: 21, min_position: 0 }),
    ];

    for (field, question) in questions {
        let status = service.caller.complete(question).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with(field), "{}", status.message());
    }
}
