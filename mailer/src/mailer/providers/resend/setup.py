"""What sending through Resend depends on: https://resend.com/docs/api-reference/domains/list-domains"""

import json
from collections.abc import Sequence
from typing import Any

from mailer.providers.port import ProviderError
from mailer.providers.resend.api import Answer, ResendApi
from mailer.setup.findings import Finding, failure, ok, warning

KEY = "Resend API key"
WEBHOOK = "Resend webhook"
DOMAINS_PAGE = "resend.com/domains shows which record is missing"
# As far as Resend tells them.
QUOTA_HEADERS = {"x-resend-daily-quota": "daily", "x-resend-monthly-quota": "monthly"}


def check_key_and_domains(api: ResendApi, sender_domains: Sequence[str]) -> list[Finding]:
    try:
        answer = api.get("/domains")
    except ProviderError as error:
        return [warning(KEY, str(error), "look again later")]
    content = _content(answer)
    match answer.status, content.get("name"):
        case 200, _:
            domains = {domain["name"]: domain for domain in content.get("data", [])}
            findings = [_judge_domain(name, domains.get(name)) for name in sender_domains]
            return [ok(KEY, "Resend accepts it"), *findings, *_quotas(answer)]
        case 401, "restricted_api_key":
            advice = "resend.com/domains says whether the domain is verified"
            return [warning(KEY, "it may only send, so nothing else can be asked", advice)]
        case ((401 | 403), _):
            return [failure(KEY, "Resend refuses it", "set RESEND_API_KEY to a valid key")]
        case status, _:
            return [warning(KEY, f"Resend answered {status}", "look again later")]


def check_webhook(api: ResendApi, endpoint: str, *, has_secret: bool) -> list[Finding]:
    findings = []
    if not has_secret:
        advice = "set RESEND_WEBHOOK_SECRET, or bounces and complaints stay unknown"
        findings.append(failure(WEBHOOK, "its secret is not set", advice))
    try:
        answer = api.get("/webhooks")
    except ProviderError:
        return findings
    if answer.status != 200:
        return findings
    webhooks = _content(answer).get("data", [])
    ours = [webhook for webhook in webhooks if webhook.get("endpoint") == endpoint]
    if not ours:
        advice = f"add one for {endpoint} at resend.com/webhooks"
        return [*findings, failure(WEBHOOK, "Resend calls another address or none", advice)]
    if not any(webhook.get("status") == "enabled" for webhook in ours):
        return [*findings, failure(WEBHOOK, "it is switched off", "enable it")]
    return [*findings, ok(WEBHOOK, f"Resend calls {endpoint}")]


def _judge_domain(name: str, domain: dict[str, Any] | None) -> Finding:
    subject = f"sender domain {name}"
    if domain is None:
        return failure(subject, "Resend does not know it", "add it at resend.com/domains")
    if domain.get("status") != "verified":
        return failure(subject, f"Resend says it is {domain.get('status')}", DOMAINS_PAGE)
    if domain.get("open_tracking") or domain.get("click_tracking"):
        advice = "switch open and click tracking off: readers were promised none"
        return warning(subject, "Resend tracks its readers", advice)
    return ok(subject, "verified")


def _quotas(answer: Answer) -> list[Finding]:
    return [
        ok(f"{period} quota", f"Resend counts {answer.headers[header]} used")
        for header, period in QUOTA_HEADERS.items()
        if header in answer.headers
    ]


def _content(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
