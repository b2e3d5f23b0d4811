"""The check of the whole set-up, in the order in which an operator mends it."""

from collections.abc import Sequence

from mailer.addresses import bare_address
from mailer.providers.port import MailProvider
from mailer.setup.dns_lookup import TextRecords
from mailer.setup.findings import Finding, failure, warning
from mailer.setup.sender_records import (
    check_alignment,
    check_dkim,
    check_dmarc,
    check_spf,
    domain_of,
    is_for_examples,
)


class SetupCheck:
    def __init__(
        self, provider: MailProvider, senders: Sequence[str], records: TextRecords
    ) -> None:
        self._provider = provider
        self._senders = senders
        # Each once, in order.
        self._domains = list(dict.fromkeys(domain_of(sender) for sender in senders))
        self._records = records

    def findings(self) -> list[Finding]:
        findings = self._provider.check_setup(self._domains)
        findings += self._of_senders()
        for domain in self._domains:
            findings += self._of_domain(domain)
        return findings

    def _of_senders(self) -> list[Finding]:
        addresses = {bare_address(sender).casefold() for sender in self._senders}
        if len(addresses) == len(self._senders):
            return []
        advice = "give account mail another address, so that complaints do not hurt it"
        return [warning("senders", "MAIL_FROM and MAIL_FROM_ACCOUNTS are the same", advice)]

    def _of_domain(self, domain: str) -> list[Finding]:
        names = self._provider.dns_names(domain)
        if names is None:
            return []
        if is_for_examples(domain):
            advice = "set MAIL_FROM and MAIL_FROM_ACCOUNTS to addresses of a domain of yours"
            return [failure(f"sender domain {domain}", "it is for examples only", advice)]
        findings = [check_spf(self._records, names.return_path)]
        if names.dkim_key:
            findings.append(check_dkim(self._records, names.dkim_key))
        return [
            *findings,
            check_dmarc(self._records, domain),
            check_alignment(self._records, domain, names),
        ]
