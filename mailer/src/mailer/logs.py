"""One line for each event on standard output, ours and the libraries' alike."""

import json
import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logs(log_format: str, log_level: str) -> None:
    """`log_format` is text, for people, or json."""
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                *_last_steps(log_format),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=log_level.upper(), force=True)
    # httpx writes a line for each call, which repeats our own.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _last_steps(log_format: str) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [_as_text]


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
