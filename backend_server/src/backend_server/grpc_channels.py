"""Connections to the other services: made late, kept alive, tried again within limits."""

from __future__ import annotations

import json
import os
import threading
from typing import Final

import grpc

# Tries of one call within its deadline, the first included.
MOST_TRIES: Final = 3
FIRST_RETRY_SECONDS: Final = 0.05
LONGEST_RETRY_SECONDS: Final = 0.5

KEEPALIVE_PING_MILLISECONDS: Final = 60_000
KEEPALIVE_ANSWER_MILLISECONDS: Final = 10_000
CONNECT_TIMEOUT_MILLISECONDS: Final = 2_000
# After the first failed connection; doubles up to the longest. Short, so that a service that comes
# back is found soon.
FIRST_RECONNECT_MILLISECONDS: Final = 200
LONGEST_RECONNECT_MILLISECONDS: Final = 2_000


class LazyChannel:
    """One channel per process, made at its first use: a channel does not survive a fork."""

    def __init__(self, address: str, service: str) -> None:
        self._address = address
        self._service = service
        self._lock = threading.Lock()
        self._of_process: tuple[int, grpc.Channel] | None = None

    def get(self) -> grpc.Channel:
        with self._lock:
            if self._of_process is None or self._of_process[0] != os.getpid():
                self._of_process = (os.getpid(), _open(self._address, self._service))
            return self._of_process[1]

    def close(self) -> None:
        with self._lock:
            if self._of_process is not None and self._of_process[0] == os.getpid():
                self._of_process[1].close()
            self._of_process = None


def _open(address: str, service: str) -> grpc.Channel:
    return grpc.insecure_channel(
        address,
        options=[
            ("grpc.service_config", _service_config(service)),
            ("grpc.keepalive_time_ms", KEEPALIVE_PING_MILLISECONDS),
            ("grpc.keepalive_timeout_ms", KEEPALIVE_ANSWER_MILLISECONDS),
            ("grpc.initial_reconnect_backoff_ms", FIRST_RECONNECT_MILLISECONDS),
            ("grpc.min_reconnect_backoff_ms", CONNECT_TIMEOUT_MILLISECONDS),
            ("grpc.max_reconnect_backoff_ms", LONGEST_RECONNECT_MILLISECONDS),
        ],
    )


def _service_config(service: str) -> str:
    """Retries as in gRFC A6: only UNAVAILABLE, and none while the service mostly fails."""
    retry_policy = {
        "maxAttempts": MOST_TRIES,
        "initialBackoff": f"{FIRST_RETRY_SECONDS}s",
        "maxBackoff": f"{LONGEST_RETRY_SECONDS}s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps(
        {
            "methodConfig": [{"name": [{"service": service}], "retryPolicy": retry_policy}],
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )
