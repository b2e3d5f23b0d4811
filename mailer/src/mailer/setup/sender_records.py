"""The DNS records by which receivers trust a sender.

SPF is RFC 7208, DKIM is RFC 6376, DMARC is RFC 7489.
"""

from collections.abc import Callable

from mailer.providers.port import DnsNames
from mailer.setup.dns_lookup import DnsTroubleError, TextRecords
from mailer.setup.findings import Finding, failure, ok, warning

SEE_DOCS = "docs/mail.md says which record to set"
# Nobody owns them; providers refuse them.
DOMAINS_FOR_EXAMPLES = ("example.com", "example.net", "example.org", "test.com", "localhost")
NAMES_FOR_EXAMPLES = (".example", ".invalid", ".localhost", ".test")


def domain_of(sender: str) -> str:
    """Of an address or `Name <address>`."""
    return sender.rpartition("@")[2].removesuffix(">").casefold()


def is_for_examples(domain: str) -> bool:
    return domain in DOMAINS_FOR_EXAMPLES or f".{domain}".endswith(NAMES_FOR_EXAMPLES)


def check_spf(records: TextRecords, name: str) -> Finding:
    """Of the domain in the envelope (return path), which need not be the one people see."""

    def judge(subject: str, texts: list[str]) -> Finding:
        policies = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
        if not policies:
            return failure(subject, "there is no SPF record", SEE_DOCS)
        if len(policies) > 1:
            return failure(subject, "there is more than one SPF record", "keep one")
        if policies[0].rstrip().endswith("+all"):
            return warning(subject, "it lets everybody send", "end it with -all or ~all")
        return ok(subject, policies[0])

    return _look(records, f"SPF of {name}", name, judge)


def check_dkim(records: TextRecords, name: str) -> Finding:
    """`name` is `<selector>._domainkey.<domain>`."""

    def judge(subject: str, texts: list[str]) -> Finding:
        keys = [text for text in texts if _tag(text, "p") is not None]
        if not keys:
            return failure(subject, "there is no DKIM key", SEE_DOCS)
        if not _tag(keys[0], "p"):
            return failure(subject, "the DKIM key was revoked", "publish a new one")
        return ok(subject, "there is a key")

    return _look(records, f"DKIM at {name}", name, judge)


def check_dmarc(records: TextRecords, domain: str) -> Finding:
    """Of the domain people see, or of a domain above it."""

    def judge(subject: str, texts: list[str]) -> Finding:
        policies = [text for text in texts if text.startswith("v=DMARC1")]
        if not policies:
            return failure(subject, "there is no DMARC record", SEE_DOCS)
        if _tag(policies[0], "p") not in ("none", "quarantine", "reject"):
            return failure(subject, "it says no policy", "add p=none or better")
        return ok(subject, policies[0])

    labels = domain.split(".")
    names = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
    findings = (_look(records, f"DMARC of {domain}", f"_dmarc.{name}", judge) for name in names)
    first, *others = findings
    return next((finding for finding in (first, *others) if not finding.advice), first)


def check_alignment(records: TextRecords, domain: str, names: DnsNames) -> Finding:
    """Whether SPF or DKIM vouches for the domain people see (RFC 7489, section 3.1).

    SPF alone is lost when a mail is forwarded.
    """

    def judge(subject: str, texts: list[str]) -> Finding:
        policy = next((text for text in texts if text.startswith("v=DMARC1")), "")
        spf = _is_aligned(names.return_path, domain, strict=_tag(policy, "aspf") == "s")
        if names.dkim_key is None:
            if spf:
                return ok(subject, "SPF vouches for it; DKIM is the mail server's own affair")
            return failure(subject, "SPF vouches for another domain", SEE_DOCS)
        signer = names.dkim_key.partition("._domainkey.")[2]
        if not _is_aligned(signer, domain, strict=_tag(policy, "adkim") == "s"):
            return failure(subject, f"DKIM vouches for {signer}", SEE_DOCS)
        if not spf:
            return warning(subject, "DKIM vouches for it, SPF does not", "drop aspf=s from DMARC")
        return ok(subject, "SPF and DKIM vouch for it")

    return _look(records, f"alignment of {domain}", f"_dmarc.{domain}", judge)


def _is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """One may be below the other, unless the policy is strict."""
    if strict:
        return one == other
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _look(
    records: TextRecords, subject: str, name: str, judge: Callable[[str, list[str]], Finding]
) -> Finding:
    try:
        return judge(subject, records(name))
    except DnsTroubleError as error:
        return warning(subject, str(error), "look again later")


def _tag(text: str, name: str) -> str | None:
    """A value of `name=value; name=value`."""
    for part in text.split(";"):
        key, separator, value = part.partition("=")
        if separator and key.strip() == name:
            return value.strip()
    return None
