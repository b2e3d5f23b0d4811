"""From a request to what became of each recipient's mail."""

from service_contracts.mailer.v1.mailer_pb2 import SendMailRequest

from mailer import request_rules
from mailer.addresses import is_address
from mailer.composing import Composer
from mailer.mail import Outcome, Refused
from mailer.providers.port import MailProvider
from mailer.setup.sender_records import domain_of, is_for_examples

NOT_AN_ADDRESS = Refused("not an email address")
# Providers refuse these domains, and where one would not, a trial to it shows nothing.
FOR_EXAMPLES = Refused("its domain is for examples only: nobody reads mail there")


class Delivery:
    def __init__(self, composer: Composer, provider: MailProvider) -> None:
        self._composer = composer
        self._provider = provider

    def deliver(self, request: SendMailRequest) -> list[Outcome]:
        """One outcome for each recipient, in order. Raises InvalidRequestError or ProviderError."""
        request_rules.check(request)
        # One address that is none does not stop the other 99.
        refusals = [_refusal_of(request, to.address) for to in request.recipients]
        mails = [
            self._composer.compose(request, place)
            for place, refusal in enumerate(refusals)
            if refusal is None
        ]
        sent = iter(self._provider.send(request.idempotency_key, mails) if mails else [])
        return [refusal or next(sent) for refusal in refusals]


def _refusal_of(request: SendMailRequest, address: str) -> Refused | None:
    """Before the provider is asked."""
    if not is_address(address):
        return NOT_AN_ADDRESS
    if request.WhichOneof("mail") == "trial" and is_for_examples(domain_of(address)):
        return FOR_EXAMPLES
    return None
