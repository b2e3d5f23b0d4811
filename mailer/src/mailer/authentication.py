"""Lets in only callers that carry the service token."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from typing import Any

import grpc

# Orchestrators probe it, and it tells nothing.
OPEN_SERVICE = "/grpc.health.v1.Health/"


class TokenInterceptor(grpc.ServerInterceptor):
    def __init__(self, service_tokens: Iterable[str]) -> None:
        self._expected = [f"Bearer {token}".encode() for token in service_tokens]

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        if handler_call_details.method.startswith(OPEN_SERVICE):
            return continuation(handler_call_details)
        given = dict(handler_call_details.invocation_metadata).get("authorization", "")
        # Each is compared, whichever was given.
        equals = [hmac.compare_digest(str(given).encode(), each) for each in self._expected]
        if any(equals):
            return continuation(handler_call_details)
        return grpc.unary_unary_rpc_method_handler(_refuse)


def _refuse(_request: object, context: grpc.ServicerContext) -> None:
    context.abort(grpc.StatusCode.UNAUTHENTICATED, "the service token is missing or wrong")
