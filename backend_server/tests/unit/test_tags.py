import pytest

from backend_server.posts.model import MOST_TAGS, tags_in


@pytest.mark.parametrize(
    ("title", "content", "tags"),
    [
        ("Nothing here", "and nothing there", []),
        ("#Flask", "and #vue", ["flask", "vue"]),
        ("", "#one#two", ["one"]),
        ("", "C#7 and page#part are no tags", []),
        ("#STRASSE", "#straße", ["strasse"]),
        ("", "#año, (#niño) #日本語!", ["año", "niño", "日本語"]),
        ("", "# alone and #", []),
    ],
)
def test_tags_are_the_words_after_a_hash(title: str, content: str, tags: list[str]) -> None:
    assert tags_in(title, content) == tags


def test_a_tag_counts_once_and_where_it_first_appears() -> None:
    assert tags_in("#b", "#a #B #c #a") == ["b", "a", "c"]


def test_only_the_first_ten_tags_count() -> None:
    content = " ".join(f"#tag{number}" for number in range(20))
    assert tags_in("", content) == [f"tag{number}" for number in range(MOST_TAGS)]
