import pytest

from backend_server.notifications.reputation import Reputation, Verdict


@pytest.mark.parametrize(
    ("complained", "verdict"),
    [
        (79, Verdict.FINE),
        (80, Verdict.WARN),
        (99, Verdict.WARN),
        (100, Verdict.SLOW),
        (299, Verdict.SLOW),
        (300, Verdict.STOP),
    ],
)
def test_complaints_of_100_000_mails_lead_to(complained: int, verdict: Verdict) -> None:
    assert Reputation(100_000, 0, complained).verdict is verdict


@pytest.mark.parametrize(("bounced", "verdict"), [(4_000, Verdict.FINE), (4_001, Verdict.STOP)])
def test_bounces_of_100_000_mails_lead_to(bounced: int, verdict: Verdict) -> None:
    assert Reputation(100_000, bounced, 0).verdict is verdict


def test_a_few_in_a_small_community_are_chance() -> None:
    assert Reputation(50, 9, 2).verdict is Verdict.FINE
    assert Reputation(0, 0, 0).verdict is Verdict.FINE
    assert Reputation(50, 0, 3).verdict is Verdict.STOP
