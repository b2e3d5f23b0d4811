"""Any mail server that takes mail to pass on: SMTP submission, RFC 6409."""

from mailer.providers.smtp.journal import Journal
from mailer.providers.smtp.provider import SmtpProvider
from mailer.providers.smtp.submission import SubmissionServer

__all__ = ["Journal", "SmtpProvider", "SubmissionServer"]
