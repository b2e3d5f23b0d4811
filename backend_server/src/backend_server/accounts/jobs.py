"""Account mail, sent by the worker to members who wait for it. Each job may run more than once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from procrastinate import JobContext
from service_contracts.mailer.v1 import mailer_pb2

from backend_server.accounts import (
    derived_tokens,
    email_confirmations,
    members,
    password_resets,
)
from backend_server.accounts.known_browsers import SEND_NEW_SIGN_IN
from backend_server.accounts.members import Recipient
from backend_server.accounts.model import CONFIRMATION_LIFETIME, RESET_CODE_LIFETIME
from backend_server.database import psycopg_connection
from backend_server.jobs import ACCOUNT_MAIL, app, services_of
from backend_server.retries import RetryWhatMaySucceed
from backend_server.services import Services

# Some twenty minutes; by then who waits for the code has given up or asked again.
MOST_RETRIES_OF_A_RESET_CODE: Final = 8
# Of the client, where sessions are listed and ended.
SESSIONS_PAGE: Final = "/settings/browsers"


@app.task(
    name="accounts.send_reset_code",
    queue=ACCOUNT_MAIL,
    retry=RetryWhatMaySucceed(MOST_RETRIES_OF_A_RESET_CODE),
    pass_context=True,
)
def send_reset_code(context: JobContext, *, email: str) -> None:
    """Sends nothing when nobody has this address, or a newer code has been asked for."""
    services = services_of(context)
    with services.database.transaction() as session:
        connection = psycopg_connection(session)
        member = members.find_recipient_by_email(connection, email)
        if member is None:
            return
        reset_id = password_resets.issue(connection, member.id, _id_of(context))
        session.commit()
    if reset_id is not None:
        mail = mailer_pb2.ResetCodeMail(
            code=derived_tokens.reset_code(services.settings.reset_code_key.newest, reset_id),
            minutes_valid=int(RESET_CODE_LIFETIME.total_seconds() // 60),
        )
        _send(services, f"reset_code/{reset_id}", member, reset_code=mail)


@app.task(
    name="accounts.send_password_changed",
    queue=ACCOUNT_MAIL,
    retry=RetryWhatMaySucceed(),
    pass_context=True,
)
def send_password_changed(context: JobContext, *, user_id: str, changed_at: int) -> None:
    """`changed_at` is Unix time, in seconds."""
    services = services_of(context)
    with services.database.reading() as connection:
        member = members.find_recipient(connection, UUID(user_id))
    if member is not None:
        mail = mailer_pb2.PasswordChangedMail(changed_at=changed_at)
        _send(services, f"password_changed/{_id_of(context)}", member, password_changed=mail)


@app.task(
    name="accounts.send_confirmation",
    queue=ACCOUNT_MAIL,
    retry=RetryWhatMaySucceed(),
    pass_context=True,
)
def send_confirmation(context: JobContext, *, confirmation_id: str) -> None:
    """Sends nothing when the confirmation is used, too old or gone with its member."""
    services = services_of(context)
    with services.database.reading() as connection:
        asked = email_confirmations.find_open(connection, UUID(confirmation_id))
        member = members.find_recipient(connection, asked.user_id) if asked else None
    if asked and member:
        member = replace(member, email=asked.email)
        token = derived_tokens.confirmation_token(
            services.settings.link_key.newest, UUID(confirmation_id)
        )
        mail = mailer_pb2.ConfirmEmailMail(
            confirm_url=f"{services.settings.public_url}/confirm-email?token={token}",
            hours_valid=int(CONFIRMATION_LIFETIME.total_seconds() // 3600),
        )
        _send(services, f"confirm_email/{confirmation_id}", member, confirm_email=mail)


@app.task(
    name="accounts.send_email_changed",
    queue=ACCOUNT_MAIL,
    retry=RetryWhatMaySucceed(),
    pass_context=True,
)
def send_email_changed(
    context: JobContext, *, user_id: str, old_email: str, changed_at: int
) -> None:
    """To the old address. `changed_at` is Unix time, in seconds."""
    services = services_of(context)
    with services.database.reading() as connection:
        member = members.find_recipient(connection, UUID(user_id))
    if member is not None:
        member = replace(member, email=old_email)
        mail = mailer_pb2.EmailChangedMail(changed_at=changed_at)
        _send(services, f"email_changed/{_id_of(context)}", member, email_changed=mail)


@app.task(
    name=SEND_NEW_SIGN_IN,
    queue=ACCOUNT_MAIL,
    retry=RetryWhatMaySucceed(),
    pass_context=True,
)
def send_new_sign_in(context: JobContext, *, user_id: str, browser: str, signed_in_at: int) -> None:
    """Not to an address that may be somebody else's. `signed_in_at` is Unix time, in seconds."""
    services = services_of(context)
    with services.database.reading() as connection:
        member = members.find_recipient(connection, UUID(user_id))
    if member is not None and member.email_confirmed:
        mail = mailer_pb2.NewSignInMail(
            signed_in_at=signed_in_at,
            browser=browser,
            sessions_url=f"{services.settings.public_url}{SESSIONS_PAGE}",
        )
        _send(services, f"new_sign_in/{_id_of(context)}", member, new_sign_in=mail)


def _id_of(context: JobContext) -> int:
    job_id = context.job.id
    if job_id is None:
        raise ValueError("a job that runs has an id")
    return job_id


def _send(
    services: Services,
    idempotency_key: str,
    member: Recipient,
    *,
    reset_code: mailer_pb2.ResetCodeMail | None = None,
    password_changed: mailer_pb2.PasswordChangedMail | None = None,
    confirm_email: mailer_pb2.ConfirmEmailMail | None = None,
    email_changed: mailer_pb2.EmailChangedMail | None = None,
    new_sign_in: mailer_pb2.NewSignInMail | None = None,
) -> None:
    recipient = mailer_pb2.Recipient(
        address=member.email, username=member.username, language=member.language
    )
    services.mailer.send_mail(
        mailer_pb2.SendMailRequest(
            idempotency_key=idempotency_key,
            recipients=[recipient],
            reset_code=reset_code,
            password_changed=password_changed,
            confirm_email=confirm_email,
            email_changed=email_changed,
            new_sign_in=new_sign_in,
        )
    )
