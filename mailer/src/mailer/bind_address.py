"""Where the mailer listens: all that a health check needs to know of its settings."""

from collections.abc import Mapping

from mailer import setting_values as values
from mailer.environment import Environment

DEFAULT_BIND = "127.0.0.1:50052"


def read_bind_address(variables: Mapping[str, str]) -> str:
    return Environment(variables).parsed("MAILER_BIND", values.host_and_port, DEFAULT_BIND)
