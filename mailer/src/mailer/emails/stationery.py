"""Writes letters from templates: the words are in `<name>/<language>/`, the look in `layout/`."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from service_contracts.mailer.v1.mailer_pb2 import Recipient

from mailer.emails import dates
from mailer.emails.single_line import single_line

FOLDER = Path(__file__).parent
# Every email has this one.
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


class Stationery:
    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters |= {
            "moment": dates.moment,
            "postmark_day": dates.postmark_day,
            "postmark_time": dates.postmark_time,
        }

    def write(self, name: str, recipient: Recipient, **values: object) -> Letter:
        language = _language(name, recipient.language)
        values |= {
            "language": language,
            "username": single_line(recipient.username),
            "public_url": self._public_url,
        }
        subject = single_line(self._render(f"{name}/{language}/subject.txt", values))
        values["subject"] = subject
        return Letter(
            subject=subject,
            text=self._render(f"{name}/{language}/body.txt", values),
            html=self._render(f"{name}/{language}/body.html", values),
        )

    def unsubscribe_page(self, recipient: Recipient) -> str:
        """Where people, rather than mail programs, stop these mails: the client's page."""
        token = recipient.unsubscribe_url.rpartition("/")[2]
        return f"{self._public_url}/unsubscribe/{token}"

    def _render(self, template: str, values: dict[str, object]) -> str:
        return self._templates.get_template(template).render(values)


def _language(name: str, tag: str) -> str:
    """`es-MX` is written in es."""
    language = tag.partition("-")[0].lower()
    known = {folder.name for folder in (FOLDER / name).iterdir() if folder.is_dir()}
    return language if language in known else FALLBACK_LANGUAGE
