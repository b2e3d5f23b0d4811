"""What the check of the set-up says before the first mail goes out."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from dns_server import DnsServer
from free_ports import free_port
from mailer.providers.port import DnsNames
from mailer.setup.dns_lookup import DnsTroubleError, TextRecords
from mailer.setup.findings import Finding, Level
from mailer.setup.sender_records import check_alignment, check_dkim, check_dmarc, check_spf
from mailer_requests import trial, wren
from running_mailer import outbox_settings, resend_settings, running_mailer
from service_contracts.mailer.v1.mailer_pb2 import SetupFinding, SetupLevel
from system_tests.fake_resend import FakeResend

RECORDS = {
    "send.decoupled.dev": '"v=spf1 include:amazonses.com ~all"',
    "resend._domainkey.decoupled.dev": '"p=MIGfMA0GCSq" "GSIb3DQEB"',
    "_dmarc.decoupled.dev": '"v=DMARC1; p=none;"',
}
DOMAIN = {"name": "decoupled.dev", "status": "verified"}
WEBHOOK = {"endpoint": "https://decoupled.dev/api/webhooks/resend", "status": "enabled"}


def findings(
    fake: FakeResend, records: Mapping[str, str] = RECORDS, **settings: str
) -> dict[str, SetupFinding]:
    with DnsServer(records) as server:
        variables = resend_settings(fake) | {"DNS_SERVER": server.address} | settings
        with running_mailer(variables) as mailer:
            return {finding.subject: finding for finding in mailer.check_setup().findings}


@pytest.fixture
def account(fake_resend: FakeResend) -> FakeResend:
    fake_resend.domains = [DOMAIN]
    fake_resend.webhooks = [WEBHOOK]
    return fake_resend


def test_where_all_is_well_there_is_nothing_to_do(account: FakeResend) -> None:
    found = findings(account)

    assert list(found) == [
        "Resend API key",
        "sender domain decoupled.dev",
        "Resend webhook",
        "SPF of send.decoupled.dev",
        "DKIM at resend._domainkey.decoupled.dev",
        "DMARC of decoupled.dev",
        "alignment of decoupled.dev",
    ]
    for finding in found.values():
        assert (finding.level, finding.advice) == (SetupLevel.SETUP_LEVEL_OK, "")
    assert not account.calls()


@pytest.mark.parametrize("name", RECORDS)
def test_a_missing_record_is_a_failure(account: FakeResend, name: str) -> None:
    found = findings(account, {other: RECORDS[other] for other in RECORDS if other != name})

    failures = [each for each in found.values() if each.level == SetupLevel.SETUP_LEVEL_FAILURE]
    assert len(failures) == 1
    assert "there is no" in failures[0].found
    assert failures[0].advice


def test_an_unverified_or_unknown_domain_is_a_failure(account: FakeResend) -> None:
    account.domains = [DOMAIN | {"status": "pending"}]
    pending = findings(account)["sender domain decoupled.dev"]
    account.domains = []
    unknown = findings(account)["sender domain decoupled.dev"]

    assert pending.found == "Resend says it is pending"
    assert unknown.found == "Resend does not know it"
    assert {pending.level, unknown.level} == {SetupLevel.SETUP_LEVEL_FAILURE}


def test_tracking_of_readers_is_warned_of(account: FakeResend) -> None:
    account.domains = [DOMAIN | {"open_tracking": True}]

    finding = findings(account)["sender domain decoupled.dev"]

    assert finding.level == SetupLevel.SETUP_LEVEL_WARNING


def test_a_key_that_may_only_send_is_no_failure(account: FakeResend) -> None:
    account.domains = None

    assert findings(account)["Resend API key"].level == SetupLevel.SETUP_LEVEL_WARNING


def test_a_wrong_key_is_a_failure_and_not_shown(account: FakeResend) -> None:
    finding = findings(account, RESEND_API_KEY="re_wrong")["Resend API key"]

    assert finding.level == SetupLevel.SETUP_LEVEL_FAILURE
    assert "re_wrong" not in str(finding)


@pytest.mark.parametrize(
    ("webhooks", "settings"),
    [
        ([], {}),
        ([WEBHOOK | {"endpoint": "https://elsewhere.dev/"}], {}),
        ([WEBHOOK | {"status": "disabled"}], {}),
        ([WEBHOOK], {"RESEND_WEBHOOK_SECRET": ""}),
    ],
)
def test_a_webhook_that_would_not_arrive_is_a_failure(
    account: FakeResend, webhooks: list[dict[str, str]], settings: dict[str, str]
) -> None:
    account.webhooks = webhooks
    with DnsServer(RECORDS) as server:
        variables = resend_settings(account) | {"DNS_SERVER": server.address} | settings
        with running_mailer(variables) as mailer:
            found = mailer.check_setup().findings

    assert SetupLevel.SETUP_LEVEL_FAILURE in [
        finding.level for finding in found if finding.subject == "Resend webhook"
    ]


@pytest.mark.parametrize("domain", ["example.com", "test.com", "mail.example", "decoupled.invalid"])
def test_m10_a_sender_domain_for_examples_is_a_failure(account: FakeResend, domain: str) -> None:
    found = findings(account, MAIL_FROM=f"posts@{domain}")

    assert found[f"sender domain {domain}"].level == SetupLevel.SETUP_LEVEL_FAILURE


@pytest.mark.parametrize("address", ["me@example.com", "me@test.com", "me@Mail.Example"])
def test_m10_a_trial_to_a_domain_for_examples_is_refused(account: FakeResend, address: str) -> None:
    with running_mailer(resend_settings(account)) as mailer:
        [outcome] = mailer.send(trial(to=wren(address))).outcomes

    assert outcome.refused_reason.startswith("its domain is for examples only")
    assert account.calls() == []


def test_m10_what_resend_counts_of_the_quota_is_told(account: FakeResend) -> None:
    account.quotas = {"x-resend-daily-quota": "12", "x-resend-monthly-quota": "340"}

    found = findings(account)

    assert found["daily quota"].found == "Resend counts 12 used"
    assert found["monthly quota"].found == "Resend counts 340 used"


def test_senders_that_share_an_address_are_warned_of(account: FakeResend) -> None:
    one = "accounts@decoupled.dev"
    found = findings(account, MAIL_FROM=f"News <{one}>", MAIL_FROM_ACCOUNTS=one.title())

    assert found["senders"].level == SetupLevel.SETUP_LEVEL_WARNING


def test_a_silent_dns_is_a_warning_and_no_verdict(account: FakeResend) -> None:
    with running_mailer(
        resend_settings(account) | {"DNS_SERVER": f"127.0.0.1:{free_port()}"}
    ) as mailer:
        found = {finding.subject: finding for finding in mailer.check_setup().findings}

    assert found["SPF of send.decoupled.dev"].level == SetupLevel.SETUP_LEVEL_WARNING


def test_the_outbox_is_said_to_send_nothing(tmp_path: Path) -> None:
    with running_mailer(outbox_settings(tmp_path)) as mailer:
        [finding] = mailer.check_setup().findings

    assert finding.level == SetupLevel.SETUP_LEVEL_WARNING


@pytest.mark.parametrize(
    ("check", "texts", "level"),
    [
        (check_spf, ["v=spf1 -all", "v=spf1 ~all"], Level.FAILURE),
        (check_spf, ["v=spf10 -all"], Level.FAILURE),
        (check_spf, ["v=spf1 +all"], Level.WARNING),
        (check_spf, ["google-site-verification=1", "v=spf1 -all"], Level.OK),
        (check_dkim, ["v=DKIM1; k=rsa; p="], Level.FAILURE),
        (check_dkim, ["v=DKIM1; k=rsa; p=abc"], Level.OK),
        (check_dmarc, ["v=DMARC1; rua=mailto:a@b.dev"], Level.FAILURE),
        (check_dmarc, ["v=DMARC1; p=reject"], Level.OK),
    ],
)
def test_a_record_is_judged_by_what_it_says(
    check: Callable[[TextRecords, str], Finding], texts: list[str], level: Level
) -> None:
    assert check(lambda _name: texts, "decoupled.dev").level is level


def test_the_policy_of_a_domain_above_holds_below() -> None:
    def records(name: str) -> list[str]:
        return ["v=DMARC1; p=none"] if name == "_dmarc.decoupled.dev" else []

    assert check_dmarc(records, "mail.posts.decoupled.dev").level is Level.OK
    assert check_dmarc(records, "elsewhere.dev").level is Level.FAILURE


@pytest.mark.parametrize(
    ("names", "policy", "level"),
    [
        (DnsNames("send.decoupled.dev", "resend._domainkey.decoupled.dev"), "", Level.OK),
        (
            DnsNames("send.decoupled.dev", "resend._domainkey.decoupled.dev"),
            "v=DMARC1; p=reject; adkim=s",
            Level.OK,
        ),
        (
            DnsNames("send.decoupled.dev", "resend._domainkey.decoupled.dev"),
            "v=DMARC1; p=reject; aspf=s",
            Level.WARNING,
        ),
        (DnsNames("bounces.dev", "a._domainkey.bounces.dev"), "", Level.FAILURE),
        (
            DnsNames("decoupled.dev", "a._domainkey.mail.decoupled.dev"),
            "v=DMARC1; p=none; adkim=s",
            Level.FAILURE,
        ),
        (DnsNames("decoupled.dev", None), "v=DMARC1; p=none; aspf=s", Level.OK),
        (DnsNames("bounces.dev", None), "", Level.FAILURE),
    ],
)
def test_m10_the_from_domain_must_be_the_one_that_spf_or_dkim_vouches_for(
    names: DnsNames, policy: str, level: Level
) -> None:
    assert check_alignment(lambda _name: [policy], "decoupled.dev", names).level is level


def test_nothing_is_said_of_what_the_dns_did_not_answer() -> None:
    def records(name: str) -> list[str]:
        raise DnsTroubleError(name)

    assert check_dmarc(records, "decoupled.dev").level is Level.WARNING
