"""One line an event on standard output, for people or as JSON; also what libraries log."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog

from backend_server import request_id

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

    from backend_server.config import LogSettings

# Their news of every job, connection or retry are not ours.
QUIET_LOGGERS: Final = ("procrastinate", "sqlalchemy", "psycopg", "alembic.runtime.plugins")


def configure(settings: LogSettings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render = _as_json if settings.log_format == "json" else _as_text
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    current = request_id.current()
    return event if current == request_id.NONE else {**event, "request_id": current}


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=repr).decode()


def _as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """`time level event key=value …`; only a traceback takes lines of its own."""
    traceback = event.pop("exception", "")
    first = f"{event.pop('timestamp')} {event.pop('level'):<7} {event.pop('event')}"
    rest = (f"{key}={_on_one_line(value)}" for key, value in event.items())
    return " ".join([first, *rest]) + (f"\n{traceback}" if traceback else "")


def _on_one_line(value: Any) -> str:
    """Quoted where it would not be one word, so that nobody writes log lines through a request."""
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text)
