from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_server.notifications.suppression import AddressEvent, suppression_of

START = datetime(2026, 11, 23, tzinfo=UTC)


def event(kind: str, day: int = 0) -> AddressEvent:
    return AddressEvent(kind, START + timedelta(days=day))


events = st.lists(
    st.builds(
        event,
        st.sampled_from(
            ["delivered", "delayed", "bounced_temporarily", "bounced_permanently", "complained",
             "suppressed", "failed"]
        ),
        st.integers(0, 60),
    ),
    max_size=8,
)  # fmt: skip


@given(data=st.data(), told=events)
def test_order_and_repeats_of_events_make_no_difference(
    data: st.DataObject, told: list[AddressEvent]
) -> None:
    shuffled = data.draw(st.permutations(told + told[:3]))

    assert suppression_of(shuffled) == suppression_of(told)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("bounced_permanently", "bounced"),
        ("complained", "complained"),
        ("suppressed", "suppressed"),
    ],
)
def test_one_of_these_is_enough_for_good(kind: str, reason: str) -> None:
    suppression = suppression_of([event(kind), event("delivered", day=9)])

    assert suppression is not None
    assert (suppression.reason, suppression.until) == (reason, None)


def test_a_delay_or_a_failure_of_the_provider_changes_nothing() -> None:
    assert suppression_of([event("delayed"), event("failed"), event("delivered")]) is None


def test_three_temporary_bounces_in_a_row_are_a_pause_of_30_days() -> None:
    bounces = [event("bounced_temporarily", day) for day in (1, 4, 6)]

    assert suppression_of(bounces[:2]) is None
    suppression = suppression_of(bounces)
    assert suppression is not None
    assert suppression.until == START + timedelta(days=36)


def test_a_mail_that_arrives_ends_the_row() -> None:
    bounces = [event("bounced_temporarily", day) for day in (1, 2, 4)]

    assert suppression_of([*bounces, event("delivered", day=3)]) is None
    assert suppression_of([*bounces, event("delivered", day=5)]) is None
