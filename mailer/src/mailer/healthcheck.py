"""Asks the mailer of this machine whether it serves; for containers."""

import os
from collections.abc import Mapping

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mailer.bind_address import read_bind_address

PATIENCE_SECONDS = 4


def run() -> int:
    """The exit code."""
    return 0 if is_serving(os.environ) else 1


def is_serving(variables: Mapping[str, str]) -> bool:
    """False as well when nothing answers in time."""
    # Who listens everywhere also listens at this machine's own address.
    address = read_bind_address(variables).replace("0.0.0.0:", "127.0.0.1:")
    with grpc.insecure_channel(address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        try:
            check = health.Check  # type: ignore[attr-defined]  # missing in its stubs
            answer = check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
