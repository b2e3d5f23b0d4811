import pytest
from mailer.emails.stamp import COLOURS, PATTERNS, stamp_of

AUTHOR_ID = "0193a1b2-7c3d-7000-8000-00000000{}"


def test_the_last_two_bytes_of_the_id_choose_hue_and_pattern() -> None:
    stamp = stamp_of(AUTHOR_ID.format("0e08"), "el_atla")

    assert stamp.colour == COLOURS[14 % 12]
    assert stamp.pattern == PATTERNS[8 % 6]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("el_atla", "EA"),
        ("reiter", "RE"),
        ("o", "O"),
        ("ana.maria.lopez", "AM"),
        ("_wren", "WR"),
        ("李小龙", "李小"),
        ("n\N{COMBINING TILDE}andu", "N\N{COMBINING TILDE}A"),
        ("★☆♥", "★☆"),
        ("", ""),
    ],
)
def test_initials_are_of_two_words_or_of_the_only_one(name: str, initials: str) -> None:
    assert stamp_of(AUTHOR_ID.format("0000"), name).initials == initials
