"""Puts a letter into its envelope: sender and headers."""

from urllib.parse import urlsplit

from service_contracts.mailer.v1.mailer_pb2 import Recipient, SendMailRequest

from mailer.emails import write_letter
from mailer.emails.stationery import Stationery
from mailer.mail import Mail, Purpose, mail_id

# Kind of mail → what its list is called. What is not here is account mail.
LISTS = {"new_post": "posts", "digest": "digests", "mention": "mentions"}


class Composer:
    """Equal requests make equal mails: no clock, no chance."""

    def __init__(self, public_url: str, subscription_sender: str, account_sender: str) -> None:
        self._stationery = Stationery(public_url)
        self._host = urlsplit(public_url).hostname
        self._senders = {
            Purpose.SUBSCRIPTION: subscription_sender,
            Purpose.ACCOUNT: account_sender,
        }

    def compose(self, request: SendMailRequest, place: int) -> Mail:
        """For the recipient at `place`, who has an address. The request follows the rules."""
        kind = request.WhichOneof("mail") or ""
        purpose = Purpose.SUBSCRIPTION if kind in LISTS else Purpose.ACCOUNT
        recipient = request.recipients[place]
        letter = write_letter(request, place, self._stationery)
        return Mail(
            kind=kind,
            purpose=purpose,
            sender=self._senders[purpose],
            address=recipient.address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            headers=self._headers(kind, request.idempotency_key, recipient),
        )

    def _headers(self, kind: str, idempotency_key: str, recipient: Recipient) -> dict[str, str]:
        headers = {
            # RFC 3834: no automatic replies to this, please.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            # Keeps Gmail from joining mails of one subject into a conversation.
            "X-Entity-Ref-ID": mail_id(idempotency_key, recipient.address),
        }
        if kind in LISTS:
            headers |= {
                # RFC 2919.
                "List-Id": f"Decoupled {LISTS[kind]} <{LISTS[kind]}.{self._host}>",
                # RFC 8058: one POST by the mail program, no page, no question.
                "List-Unsubscribe": f"<{recipient.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        return headers
