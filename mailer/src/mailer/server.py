"""Puts the parts together and runs them: gRPC always, the inbox when mail stays here."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import structlog
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckResponse
from service_contracts.mailer.v1 import mailer_pb2_grpc

from mailer.authentication import TokenInterceptor
from mailer.calls_in_flight import CallsInFlight
from mailer.composing import Composer
from mailer.config import OutboxSettings, ResendSettings, Settings, SmtpSettings
from mailer.delivery import Delivery
from mailer.environment import SettingError
from mailer.inbox.server import InboxServer
from mailer.outbox_folder import OutboxFolder
from mailer.providers.outbox import OutboxProvider
from mailer.providers.pace import Pace
from mailer.providers.port import MailProvider
from mailer.providers.resend import ResendApi, ResendProvider, ResendWebhook
from mailer.providers.resend.rate import FIRST_CALLS_PER_SECOND
from mailer.providers.shared_turns import SharedTurns
from mailer.providers.smtp import Journal, SmtpProvider
from mailer.providers.turns import OwnTurns, Turns
from mailer.service import SERVICE_NAME, MailerService
from mailer.setup.check import SetupCheck
from mailer.setup.dns_lookup import Dns

log = structlog.get_logger(__name__)

# Calls mostly wait: for their turn (`pace.py`) or for the provider.
THREADS = 64
DRAIN_SECONDS = 25.0
# Where the API takes Resend's calls.
WEBHOOK_PATH = "/api/webhooks/resend"
# For the last answers to leave the socket.
LAST_BYTES_SECONDS = 0.5


class MailerServer:
    def __init__(self, settings: Settings) -> None:
        """Binds the ports; raises SettingError when one is taken."""
        self._calls_in_flight = CallsInFlight()
        self._health = HealthServicer()
        self._turns = SharedTurns(settings.redis_url) if settings.redis_url else OwnTurns()
        self._provider, self._inbox = _provider_and_inbox(settings, self._turns)
        composer = Composer(
            settings.public_url, settings.subscription_sender, settings.account_sender
        )
        senders = [settings.subscription_sender, settings.account_sender]
        service = MailerService(
            Delivery(composer, self._provider),
            self._provider,
            SetupCheck(self._provider, senders, Dns(settings.dns_server).text_records),
            self._calls_in_flight,
        )
        self._grpc = grpc.server(
            ThreadPoolExecutor(THREADS, thread_name_prefix="call"),
            interceptors=[TokenInterceptor(settings.service_tokens)],
            # Two mailers on one port would share its calls unnoticed.
            options=[("grpc.so_reuseport", 0)],
        )
        mailer_pb2_grpc.add_MailerServiceServicer_to_server(service, self._grpc)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        self.port = _bind(self._grpc, settings.bind)

    def start(self) -> None:
        self._grpc.start()
        if self._inbox:
            self._inbox.start()
        for name in ("", SERVICE_NAME):
            self._health.set(name, HealthCheckResponse.SERVING)

    def stop(self) -> None:
        """Lets running calls finish, for 25 seconds at most."""
        self._health.enter_graceful_shutdown()
        # The first wait lets calls that have only just arrived be counted. The second is not for
        # gRPC itself to be empty, because a health watcher never finishes.
        self._grpc.stop(DRAIN_SECONDS).wait(LAST_BYTES_SECONDS)
        self._calls_in_flight.wait_until_none(DRAIN_SECONDS)
        self._grpc.stop(LAST_BYTES_SECONDS).wait()
        if self._inbox:
            self._inbox.stop()
        self._provider.close()
        self._turns.close()


def _provider_and_inbox(
    settings: Settings, turns: Turns
) -> tuple[MailProvider, InboxServer | None]:
    match settings.provider:
        case ResendSettings() as resend:
            return _resend(resend, settings.public_url, turns), None
        case SmtpSettings() as smtp:
            pace = Pace(turns, smtp.mails_per_second)
            return SmtpProvider(smtp.server, Journal(smtp.journal), pace), None
        case OutboxSettings() as outbox:
            folder = OutboxFolder(outbox.folder)
            return OutboxProvider(folder), InboxServer(folder, outbox.inbox_bind)


def _resend(settings: ResendSettings, public_url: str, turns: Turns) -> ResendProvider:
    webhook = ResendWebhook(f"{public_url}{WEBHOOK_PATH}", settings.webhook_key)
    api = ResendApi(settings.api_url, settings.api_key)
    pace = Pace(turns, settings.calls_per_second or FIRST_CALLS_PER_SECOND)
    return ResendProvider(api, pace, webhook, settings.calls_per_second)


def _bind(server: grpc.Server, address: str) -> int:
    try:
        return server.add_insecure_port(address)
    except RuntimeError as error:
        raise SettingError("MAILER_BIND", f"cannot be listened on: {address}") from error
