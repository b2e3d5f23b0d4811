"""From a request to what became of each recipient's mail."""

from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from mailer import request_rules
from mailer.addresses import is_address
from mailer.composing import Composer
from mailer.mail import Outcome, Refused
from mailer.providers.port import MailProvider

NOT_AN_ADDRESS = Refused("not an email address")


class Delivery:
    def __init__(self, composer: Composer, provider: MailProvider) -> None:
        self._composer = composer
        self._provider = provider

    def deliver(self, request: SendMailRequest) -> list[Outcome]:
        """One outcome for each recipient, in order. Raises InvalidRequestError or ProviderError."""
        request_rules.check(request)
        # One address that is none does not stop the other 99.
        mails = [
            self._composer.compose(request, place)
            for place, to in enumerate(request.recipients)
            if is_address(to.address)
        ]
        sent = iter(self._provider.send(request.idempotency_key, mails) if mails else [])
        return [
            next(sent) if is_address(to.address) else NOT_AN_ADDRESS for to in request.recipients
        ]
