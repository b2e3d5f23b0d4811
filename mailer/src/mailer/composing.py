"""Puts a letter into its envelope: sender and headers."""

from urllib.parse import urlsplit

from service_contracts.mailer.v1.mailer_pb2 import Recipient, SendMailRequest

from mailer.emails import write_letter
from mailer.emails.stationery import Stationery
from mailer.mail import Mail, Purpose, mail_id


class Composer:
    """Equal requests make equal mails: no clock, no chance."""

    def __init__(self, public_url: str, subscription_sender: str, account_sender: str) -> None:
        self._stationery = Stationery(public_url)
        self._list_id = f"Decoupled posts <posts.{urlsplit(public_url).hostname}>"
        self._senders = {
            Purpose.SUBSCRIPTION: subscription_sender,
            Purpose.ACCOUNT: account_sender,
        }

    def compose(self, request: SendMailRequest, recipient: Recipient) -> Mail:
        """The request follows the rules, and the recipient has an address."""
        purpose = Purpose.SUBSCRIPTION if request.HasField("new_post") else Purpose.ACCOUNT
        letter = write_letter(request, recipient, self._stationery)
        return Mail(
            kind=request.WhichOneof("mail") or "",
            purpose=purpose,
            sender=self._senders[purpose],
            address=recipient.address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            headers=self._headers(request.idempotency_key, recipient),
        )

    def _headers(self, idempotency_key: str, recipient: Recipient) -> dict[str, str]:
        headers = {
            # RFC 3834: no automatic replies to this, please.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            # Keeps Gmail from joining mails of one subject into a conversation.
            "X-Entity-Ref-ID": mail_id(idempotency_key, recipient.address),
        }
        if recipient.unsubscribe_url:
            headers |= {
                "List-Id": self._list_id,
                # RFC 8058: one POST by the mail program, no page, no question.
                "List-Unsubscribe": f"<{recipient.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        return headers
