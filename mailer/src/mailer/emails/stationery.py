"""Writes letters from templates: the words are in `<name>/<language>/`, the look in `layout/`."""

from collections.abc import Hashable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from service_contracts.mailer.v1.mailer_pb2 import Recipient

from mailer.emails import dates
from mailer.emails.form import SLOTS, Form, Letter
from mailer.emails.single_line import single_line

FOLDER = Path(__file__).parent
# Every email has this one.
FALLBACK_LANGUAGE = "en"
# Of the posts that are being told now, in each language.
FORMS_KEPT = 8


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
        self._kept_form = lru_cache(FORMS_KEPT)(self._form)

    def write(self, name: str, recipient: Recipient, **values: object) -> Letter:
        form = self._form(name, _language(name, recipient.language), tuple(values.items()))
        return self._filled_in(form, recipient)

    def write_alike(self, name: str, recipient: Recipient, **values: Hashable) -> Letter:
        """As `write`, for a letter to many: it is rendered once for all of them."""
        form = self._kept_form(name, _language(name, recipient.language), tuple(values.items()))
        return self._filled_in(form, recipient)

    def _form(self, name: str, language: str, values: tuple[tuple[str, object], ...]) -> Form:
        known = {**dict(values), **SLOTS, "language": language, "public_url": self._public_url}
        return Form(
            subject=self._render(f"{name}/{language}/subject.txt", known),
            text=self._render(f"{name}/{language}/body.txt", known),
            html=self._render(f"{name}/{language}/body.html", known),
        )

    def _filled_in(self, form: Form, recipient: Recipient) -> Letter:
        # Where people, rather than mail programs, stop these mails: the client's page.
        token = recipient.unsubscribe_url.rpartition("/")[2]
        return form.filled_in(
            username=single_line(recipient.username),
            unsubscribe_page=f"{self._public_url}/unsubscribe/{token}",
        )

    def _render(self, template: str, values: Mapping[str, object]) -> str:
        return self._templates.get_template(template).render(values)


def _language(name: str, tag: str) -> str:
    """`es-MX` is written in es."""
    language = tag.partition("-")[0].lower()
    return language if language in _languages(name) else FALLBACK_LANGUAGE


@cache
def _languages(name: str) -> frozenset[str]:
    return frozenset(folder.name for folder in (FOLDER / name).iterdir() if folder.is_dir())
