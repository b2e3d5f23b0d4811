import pytest

from backend_server.notifications.mentions import names_in


def longest(text: str) -> list[str]:
    return [names[0] for names in names_in(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ada", ["ada"]),
        ("Hello @ada and @Bruno", ["ada", "Bruno"]),
        ("(@ada)", ["ada)"]),
        ("¿@ñandú?", ["ñandú"]),
        ("@ada @ada", ["ada", "ada"]),
        ("line\n@ada\n", ["ada"]),
        ("@", []),
        ("@ ada", []),
        ("ada@decoupled.dev", []),
        ("ada.lovelace+posts@decoupled.dev", []),
        ("https://example.org/@ada", []),
        ("@ada@social.example", []),
        ("@vue/cli", []),
        ("`@ada`", []),
        ("``` \n@decorator\n``` @ada", ["ada"]),
        ("```\n@never closed", []),
        ("a ` alone, @ada", ["ada"]),
    ],
)
def test_a_name_stands_after_an_at_sign_of_its_own(text: str, names: list[str]) -> None:
    assert longest(text) == names


def test_a_name_may_end_where_a_word_does() -> None:
    assert names_in("@ada's") == [["ada's", "ada'", "ada"]]
    assert names_in("@a.b!") == [["a.b!", "a.b", "a.", "a"]]


def test_no_name_is_longer_than_a_username() -> None:
    assert names_in("@" + "a" * 51) == [[]]
    assert all(len(name) <= 50 for name in names_in("@" + "a." * 60)[0])
