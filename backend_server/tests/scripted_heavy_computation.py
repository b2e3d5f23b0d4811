"""Speaks heavy_computation's contract over real gRPC, and answers what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import grpc
from backend_fixtures import services_of
from flask_openapi.openapi import OpenAPI
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import HealthServicer
from service_contracts.heavy_computation.v1 import (
    heavy_computation_pb2_grpc,
)

from backend_server.app import create_app
from backend_server.config import Settings
from backend_server.environment import Address, Addresses


class ScriptedHeavyComputation(heavy_computation_pb2_grpc.HeavyComputationServiceServicer):
    """`answers` maps operations to a response, or to the status code to fail with."""

    def __init__(self) -> None:
        self.address = ""
        self.answers: dict[str, Any] = {}
        # What each operation was asked.
        self.requests: dict[str, list[Any]] = {}
        # Operations that do not answer until the test lets them.
        self.held: set[str] = set()
        self._released = threading.Event()

    def Search(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 (the contract's name)
        return self._answer("Search", request, context)

    def Suggest(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 (the contract's name)
        return self._answer("Suggest", request, context)

    def Related(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 (the contract's name)
        return self._answer("Related", request, context)

    def CheckDuplicate(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 (the contract's name)
        return self._answer("CheckDuplicate", request, context)

    def release(self) -> None:
        self.held.clear()
        self._released.set()

    def _answer(self, operation: str, request: Any, context: grpc.ServicerContext) -> Any:
        self.requests.setdefault(operation, []).append(request)
        if operation in self.held:
            self._released.wait()
        answer = self.answers.get(operation, grpc.StatusCode.UNIMPLEMENTED)
        if isinstance(answer, grpc.StatusCode):
            context.abort(answer, "as the test asks")
        return answer


@contextmanager
def running_scripted_heavy_computation() -> Iterator[ScriptedHeavyComputation]:
    service = ScriptedHeavyComputation()
    # Each caller watches the health with a call of its own.
    server = grpc.server(ThreadPoolExecutor(32))
    heavy_computation_pb2_grpc.add_HeavyComputationServiceServicer_to_server(service, server)
    health = HealthServicer()
    health.set("", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    service.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield service
    service.release()
    server.stop(grace=0).wait()


@contextmanager
def app_that_asks(service: ScriptedHeavyComputation, settings: Settings) -> Iterator[OpenAPI]:
    host, _, port = service.address.rpartition(":")
    address = Addresses((Address(host, int(port)),))
    app = create_app(replace(settings, heavy_computation_address=address))
    app.testing = True
    yield app
    services_of(app).close()
