"""Connections to the other services: made late, kept alive, tried again within limits."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from typing import Any, Final

import grpc

# Tries of one call within its deadline, the first included.
MOST_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """How a channel finds out that the other end is gone, and how soon it tries again."""

    first_retry_seconds: float
    longest_retry_seconds: float
    # A failed try takes one token, a good one gives `token_ratio`; below half of them, none is
    # tried again (gRFC A6).
    most_tokens: int
    token_ratio: float
    keepalive_ping_milliseconds: int
    keepalive_answer_milliseconds: int
    connect_timeout_milliseconds: int
    # After the first failed connection; doubles up to the longest. Short, so that a service that
    # comes back is found soon.
    first_reconnect_milliseconds: int = 200
    longest_reconnect_milliseconds: int = 2_000
    # Whether calls go in turns to all replicas that say they are serving (gRFC A17).
    balances: bool = False


ONE_SERVER: Final = ChannelPolicy(
    first_retry_seconds=0.05,
    longest_retry_seconds=0.5,
    most_tokens=10,
    token_ratio=0.1,
    keepalive_ping_milliseconds=60_000,
    keepalive_answer_milliseconds=10_000,
    connect_timeout_milliseconds=2_000,
)
# A replica that hangs or vanished is left out after two seconds. Whatever was under way when one
# died is asked of another: more tokens than calls at once.
REPLICAS: Final = ChannelPolicy(
    first_retry_seconds=0.01,
    longest_retry_seconds=0.1,
    most_tokens=200,
    token_ratio=0.5,
    keepalive_ping_milliseconds=1_000,
    keepalive_answer_milliseconds=1_000,
    connect_timeout_milliseconds=1_000,
    longest_reconnect_milliseconds=1_000,
    balances=True,
)


class LazyChannel:
    """One channel per process, made at its first use: a channel does not survive a fork."""

    def __init__(self, target: str, service: str, policy: ChannelPolicy = ONE_SERVER) -> None:
        self._target = target
        self._service = service
        self._policy = policy
        self._lock = threading.Lock()
        self._of_process: tuple[int, grpc.Channel] | None = None

    def get(self) -> grpc.Channel:
        with self._lock:
            if self._of_process is None or self._of_process[0] != os.getpid():
                channel = grpc.insecure_channel(
                    self._target, options=_options(self._service, self._policy)
                )
                self._of_process = (os.getpid(), channel)
            return self._of_process[1]

    def close(self) -> None:
        with self._lock:
            if self._of_process is not None and self._of_process[0] == os.getpid():
                self._of_process[1].close()
            self._of_process = None


def _options(service: str, policy: ChannelPolicy) -> list[tuple[str, Any]]:
    return [
        # A list of addresses, which gRPC would send, is none that a server accepts.
        ("grpc.default_authority", service.lower()),
        ("grpc.service_config", json.dumps(_service_config(service, policy))),
        ("grpc.keepalive_time_ms", policy.keepalive_ping_milliseconds),
        ("grpc.keepalive_timeout_ms", policy.keepalive_answer_milliseconds),
        # The pings that measure bandwidth stand in for the others; their own limit is 60 s.
        ("grpc.http2.ping_timeout_ms", policy.keepalive_answer_milliseconds),
        # Pings go on however long nothing else is sent.
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", policy.first_reconnect_milliseconds),
        ("grpc.min_reconnect_backoff_ms", policy.connect_timeout_milliseconds),
        ("grpc.max_reconnect_backoff_ms", policy.longest_reconnect_milliseconds),
    ]


def _service_config(service: str, policy: ChannelPolicy) -> dict[str, Any]:
    """Retries as in gRFC A6: only UNAVAILABLE, and none while the service mostly fails."""
    retry_policy = {
        "maxAttempts": MOST_TRIES,
        "initialBackoff": f"{policy.first_retry_seconds}s",
        "maxBackoff": f"{policy.longest_retry_seconds}s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config: dict[str, Any] = {
        "methodConfig": [{"name": [{"service": service}], "retryPolicy": retry_policy}],
        "retryThrottling": {"maxTokens": policy.most_tokens, "tokenRatio": policy.token_ratio},
    }
    if policy.balances:
        config["loadBalancingConfig"] = [{"round_robin": {}}]
        config["healthCheckConfig"] = {"serviceName": ""}
    return config
