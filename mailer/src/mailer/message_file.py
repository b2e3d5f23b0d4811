"""A mail as the bytes of an .eml file, RFC 5322."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from mailer.mail import Mail

# Tells the inbox what the mail is; real mails go without it.
KIND_HEADER = "X-Mail-Kind"


def message_bytes(mail: Mail, written_at: datetime) -> bytes:
    # RFC 6532 is only for addresses that cannot be written otherwise.
    message = EmailMessage(SMTP if mail.address.isascii() else SMTPUTF8)
    message["Date"] = written_at
    message["From"] = mail.sender
    message["To"] = mail.address
    message["Subject"] = mail.subject
    for name, value in mail.headers.items():
        message[name] = value
    message[KIND_HEADER] = mail.kind
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message.as_bytes()
