import pytest
from backend_settings import settings_for

from backend_server.accounts import usernames
from backend_server.app import create_app


@pytest.mark.parametrize(
    "username", ["el_atla", "a", "Zoë", "名前", "🦉", "bob@x", "a" * 50, "o'neil", "-"]
)
def test_visible_characters_make_a_username(username: str) -> None:
    assert usernames.problem_with(username) is None


@pytest.mark.parametrize(
    "username",
    [
        "",
        "a" * 51,
        "two words",
        "tab\there",
        "line\nbreak",
        "no\u00a0break",
        "wide\u3000space",
        "nul\0",
        "zero\u200bwidth",
        "turned\u202earound",
        "lone\ud800surrogate",
        "slash/",
        "question?",
        "hash#",
        "percent%",
        "back\\slash",
        "wide\uff0fslash",
        "\u2100",
        "me",
        "ME",
        "\uff4d\uff45",
        "suggestions",
        "..",
        "4f8b3c7e-9d3a-4a6b-8f2e-3e2d9c1a7b5f",
        "4F8B3C7E-9D3A-4A6B-8F2E-3E2D9C1A7B5F",
    ],
)
def test_what_would_mislead_or_break_a_path_is_refused(username: str) -> None:
    assert usernames.problem_with(username)


@pytest.mark.parametrize(
    ("one", "other"), [("Bob", "bOB"), ("straße", "STRASSE"), ("ﬁn", "FIN"), ("É", "e\u0301")]
)
def test_usernames_that_differ_in_case_or_form_only_are_the_same(one: str, other: str) -> None:
    assert usernames.key_of(one) == usernames.key_of(other)


def test_every_word_that_a_path_uses_is_reserved() -> None:
    rules = create_app(settings_for()).url_map.iter_rules()
    words = {part for rule in rules for part in rule.rule.split("/") if part and "<" not in part}
    assert {word for word in words if usernames.problem_with(word) is None} == set()
