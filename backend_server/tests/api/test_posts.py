import re
from urllib.parse import urljoin

import pytest
from backend_people import Browser, Person

A_LATER_ID = "ffffffff-ffff-7fff-bfff-ffffffffffff"


def titles(answer_of: Browser, path: str) -> list[str]:
    answer = answer_of.get(path)
    assert answer.status_code == 200, answer.text
    return [post["title"] for post in answer.get_json()["data"]]


def test_a_post_is_answered_as_it_was_written(alice: Person) -> None:
    answer = alice.post("/posts", {"title": " My #Post ", "content": "On #Flask \N{OWL}"})
    assert answer.status_code == 201
    assert answer.get_json()["message"] == "Post created successfully"
    post = answer.get_json()["data"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", post.pop("created_at"))
    assert post.pop("updated_at")
    assert post == {
        "id": post["id"],
        "author_id": alice.id,
        "author_email": alice.email,
        "author_username": "Alice",
        "title": " My #Post ",
        "content": "On #Flask \N{OWL}",
        "language": None,
        "tags": ["post", "flask"],
        "near_copy_of": None,
    }


@pytest.mark.parametrize("path", ["/posts", "/posts/", "/messages", "/messages/"])
def test_a_new_post_says_where_it_is(alice: Person, visitor: Browser, path: str) -> None:
    answer = alice.post(path, {"title": "A title", "content": "Some content"})
    post = answer.get_json()["data"]
    assert urljoin(path, answer.headers["Location"]) == f"/posts/{post['id']}"
    assert visitor.get(f"/posts/{post['id']}").get_json() == {"message": "Got post!", "data": post}


def test_writing_needs_a_session(visitor: Browser) -> None:
    assert visitor.post("/posts", {"title": "A title", "content": "c"}).status_code == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", " \t\N{EM SPACE}"),
        ("title", "x" * 101),
        ("title", "a\0b"),
        ("title", 7),
        ("content", ""),
        ("content", "x" * 501),
        ("content", "a\0b"),
        ("content", None),
    ],
)
def test_a_post_that_cannot_be_is_refused_by_field(
    alice: Person, field: str, value: object
) -> None:
    answer = alice.post("/posts", {"title": "A title", "content": "Some content", field: value})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_lengths_are_counted_in_code_points(alice: Person) -> None:
    post = alice.write("\N{OWL}" * 100, "\N{OWL}" * 500)
    assert len(post["title"]) == 100
    assert len(post["content"]) == 500


def test_posts_come_newest_first_in_pages_that_link_to_the_next(
    alice: Person, visitor: Browser
) -> None:
    for number in range(5):
        alice.write(f"Post {number}")
    path, seen = "/posts?limit=2", []
    while path:
        answer = visitor.get(path)
        seen.append([post["title"] for post in answer.get_json()["data"]])
        link = re.fullmatch(r'<(.*)>; rel="next"', answer.headers.get("Link", ""))
        path = f"/posts{link[1]}" if link else ""
    assert seen == [["Post 4", "Post 3"], ["Post 2", "Post 1"], ["Post 0"]]


def test_the_last_page_has_no_next_one_even_when_it_is_full(
    alice: Person, visitor: Browser
) -> None:
    alice.write()
    alice.write()
    assert "Link" not in visitor.get("/posts?limit=2").headers


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "before=x"])
def test_a_page_that_cannot_be_is_refused(visitor: Browser, query: str) -> None:
    assert visitor.get(f"/posts?{query}").status_code == 422


def test_a_list_is_never_older_than_the_last_write(alice: Person, visitor: Browser) -> None:
    assert titles(visitor, "/posts") == []
    post = alice.write("First")
    assert titles(visitor, "/posts") == ["First"]
    alice.patch(f"/posts/{post['id']}", {"title": "Changed"})
    assert titles(visitor, "/posts") == ["Changed"]
    assert titles(visitor, "/posts") == ["Changed"]
    alice.delete(f"/posts/{post['id']}")
    assert titles(visitor, "/posts") == []


def test_one_author_is_found_in_any_case_and_nobody_else(
    alice: Person, bob: Person, visitor: Browser
) -> None:
    alice.write("By Alice")
    bob.write("By Bob")
    assert titles(visitor, "/posts/aLICE") == ["By Alice"]


def test_an_author_without_posts_is_not_an_unknown_one(alice: Person, visitor: Browser) -> None:
    assert titles(visitor, f"/posts/{alice.username}") == []
    assert visitor.get("/posts/nobody").status_code == 404


def test_a_feed_has_the_posts_of_those_one_follows(
    alice: Person, bob: Person, carol: Person
) -> None:
    alice.write("By Alice")
    bob.write("By Bob")
    carol.write("By Carol")
    carol.follow(alice, mail="none")
    assert titles(carol, "/feed") == ["By Alice"]
    assert titles(alice, "/feed") == []


def test_a_feed_needs_a_session(visitor: Browser) -> None:
    assert visitor.get("/feed").status_code == 401


def test_an_author_changes_what_is_sent_and_nothing_else(alice: Person) -> None:
    post = alice.write("Old #title", "Old #content")
    answer = alice.patch(f"/posts/{post['id']}", {"title": "New #name"})
    assert answer.get_json()["message"] == "Post updated successfully!"
    changed = answer.get_json()["data"]
    assert (changed["title"], changed["content"]) == ("New #name", "Old #content")
    assert changed["tags"] == ["name", "content"]
    assert changed["created_at"] == post["created_at"]
    assert changed["updated_at"] > post["updated_at"]


def test_an_author_deletes_a_post(alice: Person, visitor: Browser) -> None:
    post = alice.write()
    answer = alice.delete(f"/posts/{post['id']}")
    assert answer.get_json() == {"message": "Post deleted successfully!"}
    assert visitor.get(f"/posts/{post['id']}").status_code == 404
    assert alice.delete(f"/posts/{post['id']}").status_code == 404


def test_nobody_touches_the_post_of_another(alice: Person, bob: Person, visitor: Browser) -> None:
    post = alice.write("Mine")
    path = f"/posts/{post['id']}"
    assert bob.patch(path, {"title": "Yours"}).status_code == 403
    assert bob.delete(path).status_code == 403
    assert visitor.patch(path, {"title": "Ours"}).status_code == 401
    assert visitor.delete(path).status_code == 401
    assert visitor.get(path).get_json()["data"] == post


def test_a_post_that_never_was_is_not_found(alice: Person) -> None:
    path = f"/posts/{A_LATER_ID}"
    assert alice.get(path).status_code == 404
    assert alice.patch(path, {"title": "New"}).status_code == 404
    assert alice.delete(path).status_code == 404
