"""Serves until SIGTERM or SIGINT."""

import os
import signal
import sys
import threading

import structlog

from mailer import metrics, tracing
from mailer.config import read_settings
from mailer.environment import SettingError
from mailer.logs import configure_logs
from mailer.server import MailerServer

# EX_CONFIG of sysexits.h.
WRONG_SETTINGS = 78


def run() -> int:
    """The exit code."""
    try:
        settings = read_settings(os.environ)
        configure_logs(settings.log_format, settings.log_level)
        tracing.start()
        if settings.metrics_bind:
            metrics.serve(settings.metrics_bind)
        server = MailerServer(settings)
    except SettingError as error:
        print(f"mailer: {error}", file=sys.stderr)  # noqa: T201 - there may be no log yet
        return WRONG_SETTINGS
    log = structlog.get_logger("mailer")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    provider = type(settings.provider).__name__.removesuffix("Settings").lower()
    log.info("mailer started", port=server.port, provider=provider)
    stop.wait()
    log.info("mailer stopping")
    server.stop()
    log.info("mailer stopped")
    return 0
