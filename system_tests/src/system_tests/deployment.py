"""Where a running Decoupled answers."""

from dataclasses import dataclass

# The client and the API share an origin; the proxy in front of them tells them apart by this.
API_PREFIX = "/api"


@dataclass(frozen=True)
class Deployment:
    """The addresses a black-box test needs, and all it knows of the system."""

    # Of the API, as the specification's examples use it: no slash at the end.
    url: str
    # Of the outbox page, whose JSON shows which mails were sent.
    inbox_url: str

    @property
    def web_url(self) -> str:
        """Of the client."""
        return self.url.removesuffix(API_PREFIX)
