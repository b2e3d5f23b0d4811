"""Moments in the words of a language, always in UTC: the mailer knows nobody's time zone."""

from datetime import UTC, datetime

from jinja2 import pass_context
from jinja2.runtime import Context

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto"
    " septiembre octubre noviembre diciembre",
}
DAY = {"en": "{day} {month} {year}", "es": "{day} de {month} de {year}"}


@pass_context
def moment(context: Context, seconds: int) -> str:
    """Such as `23 November 2026, 08:12 UTC`."""
    at = datetime.fromtimestamp(seconds, UTC)
    day = DAY[context["language"]].format(day=at.day, month=_month(context, at), year=at.year)
    return f"{day}, {at:%H:%M} UTC"


@pass_context
def postmark_day(context: Context, seconds: int) -> str:
    """Such as `23 NOV`."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.day} {_month(context, at)[:3].upper()}"


def postmark_time(seconds: int) -> str:
    """Such as `08:12`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%H:%M}"


def _month(context: Context, at: datetime) -> str:
    return MONTHS[context["language"]].split()[at.month - 1]
