import pytest
from backend_people import Browser, Person


def follow_of(reader: Person, author: Person) -> object:
    return reader.get(f"/users/{author.username}").get_json()["data"]["follow"]


def test_following_asks_for_mail_at_once_unless_told_otherwise(alice: Person, bob: Person) -> None:
    answer = bob.put("/users/alice/follow", {})
    assert answer.get_json() == {"message": "Following!", "data": {"mail": "immediate"}}
    assert follow_of(bob, alice) == {"mail": "immediate"}


def test_following_again_chooses_another_mail(alice: Person, bob: Person) -> None:
    bob.follow(alice)
    bob.follow(alice, mail="digest")
    assert follow_of(bob, alice) == {"mail": "digest"}


def test_who_unfollows_does_not_follow_however_often(alice: Person, bob: Person) -> None:
    bob.follow(alice)
    for _ in range(2):
        answer = bob.delete("/users/Alice/follow")
        assert answer.get_json() == {"message": "Not following any more."}
    assert follow_of(bob, alice) is None


def test_nobody_follows_themselves(alice: Person) -> None:
    answer = alice.put("/users/ALICE/follow", {})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "following_oneself"


@pytest.mark.parametrize("body", [{"mail": "weekly"}, {"mail": None}, {"mails": "none"}])
def test_a_follow_that_cannot_be_is_refused(alice: Person, bob: Person, body: object) -> None:
    assert bob.put(f"/users/{alice.username}/follow", body).status_code == 422


def test_a_member_who_never_was_cannot_be_followed(alice: Person) -> None:
    assert alice.put("/users/nobody/follow", {}).status_code == 404
    assert alice.delete("/users/nobody/follow").status_code == 404


def test_following_needs_a_session(alice: Person, visitor: Browser) -> None:
    assert visitor.put(f"/users/{alice.username}/follow", {}).status_code == 401
    assert visitor.delete(f"/users/{alice.username}/follow").status_code == 401
