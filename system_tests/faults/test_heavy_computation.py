"""heavy_computation answers searches, and nothing else depends on it. Its index is derived data."""

import shutil
from collections.abc import Iterator

import pytest
from system_tests.members import unique_suffix
from system_tests.person import Person
from system_tests.stack import PartUnderTest, StackUnderTest
from system_tests.visitor import Visitor
from system_tests.waiting import wait_until


@pytest.fixture
def heavy_computation(stack: StackUnderTest) -> Iterator[PartUnderTest]:
    part = stack.process("heavy_computation")
    yield part
    if not part.running:
        part.start()


def finds(visitor: Visitor, word: str) -> bool:
    answer = visitor.get("/search/posts", q=word)
    return answer.is_success and any(word in post["title"] for post in answer.json()["data"])


def is_degraded(visitor: Visitor, word: str) -> bool:
    answer = visitor.get("/search/posts", q=word)
    return answer.is_success and answer.json().get("degraded", False)


def is_complete(visitor: Visitor, word: str) -> bool:
    return finds(visitor, word) and not is_degraded(visitor, word)


def post_unique_word(person: Person) -> str:
    word = f"word{unique_suffix()}"
    assert person.post_message(f"A post about {word}").is_success
    return word


def wait_until_found(person: Person, word: str) -> None:
    wait_until(lambda: finds(person, word), f"the post about {word} is found")


def test_without_heavy_computation_the_newest_posts_are_searched(
    heavy_computation: PartUnderTest, bob: Person
) -> None:
    heavy_computation.kill()
    word = post_unique_word(bob)
    answer = bob.get("/search/posts", q=word)
    assert answer.json()["degraded"] is True
    assert [post["title"] for post in answer.json()["data"]] == [f"A post about {word}"]
    assert bob.get("/search/suggestions", q=word).json()["data"] == []
    assert bob.get("/posts").is_success
    assert bob.get("/feed").is_success
    assert bob.is_signed_in()
    ready = bob.get("/health/ready")
    assert ready.is_success
    assert ready.json()["data"]["heavy_computation"] == "down"


def test_a_killed_heavy_computation_resumes_and_catches_up(
    heavy_computation: PartUnderTest, bob: Person
) -> None:
    before = post_unique_word(bob)
    wait_until_found(bob, before)
    heavy_computation.kill()
    meanwhile = post_unique_word(bob)
    heavy_computation.start()
    wait_until_found(bob, before)
    wait_until_found(bob, meanwhile)


def test_a_deleted_index_is_built_again(
    stack: StackUnderTest, heavy_computation: PartUnderTest, bob: Person
) -> None:
    word = post_unique_word(bob)
    wait_until_found(bob, word)
    heavy_computation.kill()
    shutil.rmtree(stack.state_folder / "index")
    heavy_computation.start()
    wait_until_found(bob, word)


def test_a_hung_heavy_computation_does_not_hang_the_search(
    heavy_computation: PartUnderTest, bob: Person
) -> None:
    word = post_unique_word(bob)
    wait_until_found(bob, word)
    heavy_computation.freeze()
    try:
        # Some wait for a deadline, until nobody asks it any more.
        wait_until(lambda: is_degraded(bob, word), "search gives up on what hangs")
        assert bob.post_message("Written all the same", "With some words. " * 9).is_success
    finally:
        heavy_computation.thaw()
    wait_until(lambda: is_complete(bob, word), "search answers as usual again")
