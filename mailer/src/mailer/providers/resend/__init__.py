"""Resend, by its HTTP API: https://resend.com/docs/api-reference/emails/send-batch-emails"""

from mailer.providers.resend.api import ResendApi
from mailer.providers.resend.provider import ResendProvider, ResendWebhook

__all__ = ["ResendApi", "ResendProvider", "ResendWebhook"]
