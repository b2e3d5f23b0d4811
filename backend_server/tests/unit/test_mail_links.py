from uuid import UUID

import pytest

from backend_server.config import Keys, Secret
from backend_server.notifications.links import (
    MailLinks,
    Subscription,
    subscription_of,
    unsubscribe_token,
)

KEY = Secret("a key for links in tests, and for nothing else")
MEMBER, AUTHOR = UUID(int=0x11 << 120), UUID(int=0x22 << 120)
SUBSCRIPTION = Subscription(MEMBER, AUTHOR)
EVERY_KIND = [SUBSCRIPTION, Subscription(MEMBER, "digest"), Subscription(MEMBER, "mentions")]
TOKENS = [unsubscribe_token(KEY, each) for each in EVERY_KIND]


@pytest.mark.parametrize("subscription", EVERY_KIND)
def test_a_token_says_whose_mail_it_ends(subscription: Subscription) -> None:
    assert subscription_of(Keys(KEY), unsubscribe_token(KEY, subscription)) == subscription


@pytest.mark.parametrize(
    ("token", "place"), [(token, place) for token in TOKENS for place in range(len(token))]
)
def test_a_token_with_any_character_changed_is_forged(token: str, place: int) -> None:
    other = "A" if token[place] != "A" else "B"
    assert subscription_of(Keys(KEY), token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "A", "A" * 63, "A" * 65, "é" * 64, "A" * 63 + "=", "A" * 64])
def test_what_we_did_not_make_is_no_token(token: str) -> None:
    assert subscription_of(Keys(KEY), token) is None


def test_a_token_of_another_deployment_is_forged() -> None:
    other_key = Secret("a key for links of another deployment")
    assert subscription_of(Keys(KEY), unsubscribe_token(other_key, SUBSCRIPTION)) is None


def test_an_unsubscribe_link_is_short_enough_for_a_mail_header() -> None:
    links = MailLinks(f"https://{'long-name.' * 6}example.org", Keys(KEY))
    assert len(links.unsubscribe(SUBSCRIPTION)) <= 200


def test_a_link_in_an_old_mail_outlives_its_key() -> None:
    newer_key = Secret("a newer key for links in tests, for nothing else")
    keys = Keys(newer_key, older=(KEY,))
    assert subscription_of(keys, unsubscribe_token(KEY, SUBSCRIPTION)) == SUBSCRIPTION
    assert (
        MailLinks("", keys)
        .unsubscribe(SUBSCRIPTION)
        .endswith(unsubscribe_token(newer_key, SUBSCRIPTION))
    )
