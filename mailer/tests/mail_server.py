"""A mail server that keeps what it takes, and refuses on demand."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from free_ports import free_port


class MailServer:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        # Address → what it is refused with, each time.
        self.refusals: dict[str, str] = {}
        # What the next mails are answered with instead of being taken.
        self.next_answers: list[str] = []
        # It calls itself once to begin, so it must be told a port.
        self._controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True
        )
        self.url = f"smtp://127.0.0.1:{self._controller.port}"

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._controller.stop()

    # aiosmtpd's names.
    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: Mapping[str, str],  # noqa: ARG002
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        if self.next_answers:
            return self.next_answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        return "250 OK"
