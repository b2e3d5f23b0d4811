"""Calls of the service at a fixed rate, whether or not earlier ones have been answered, or in turn.

Made by a program of its own, `heavy_computation/examples/call_at_rate.rs`: in Python a call takes
longer to make than the service takes to answer it.
"""

import json
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from grpc_health.v1.health_pb2 import HealthCheckRequest
from service_contracts.heavy_computation.v1 import heavy_computation_pb2

from system_tests.heavy_load.figures import times
from system_tests.heavy_load.instance import METADATA, Instance
from system_tests.heavy_load.paths import CALLER
from system_tests.heavy_load.report import Line

_SERVICE = heavy_computation_pb2.DESCRIPTOR.services_by_name["HeavyComputationService"].full_name
_HEALTH = "/grpc.health.v1.Health/Check"
# Beyond the seconds of calls at a rate; and all of those that are made in turn.
LONGEST_START_SECONDS = 60.0

# Makes a request of an item.
Make = Callable[[Any], Message]


@dataclass(frozen=True)
class Calls:
    """Milliseconds of each call, from when it was due."""

    until_sent: list[float]
    until_answered: list[float]


def milliseconds_at(
    rate: int, seconds: float, instance: Instance, method: str, make: Make, items: Sequence[Any]
) -> list[float]:
    """Of `rate` calls a second, each with the next item, from when each was due."""
    rated = {"calls_per_second": rate, "seconds": seconds}
    return _calls(instance, f"/{_SERVICE}/{method}", _messages(make, items), rated).until_answered


def milliseconds_in_turn(
    instance: Instance, method: str, make: Make, items: Sequence[Any]
) -> list[float]:
    """Of one call for each item, made when the one before is answered."""
    return _calls(instance, f"/{_SERVICE}/{method}", _messages(make, items), {}).until_answered


def share_of_the_caller(rate: int, seconds: float, instance: Instance) -> Line:
    """What is in every figure over gRPC: the same calls to a service that computes nothing."""
    rated = {"calls_per_second": rate, "seconds": seconds}
    calls = _calls(instance, _HEALTH, [HealthCheckRequest()], rated)
    return Line(
        "Load tool",
        f"(for comparison) an empty call over gRPC, {rate}/s, open loop",
        f"{times(calls.until_answered)} ms, sent {times(calls.until_sent)} ms after it was due",
        "",
        None,
    )


def _messages(make: Make, items: Sequence[Any]) -> list[Message]:
    return [make(item) for item in items]


def _calls(
    instance: Instance, path: str, requests: Sequence[Message], rated: dict[str, float]
) -> Calls:
    task = {
        "url": f"http://{instance.address}",
        "authorization": dict(METADATA)["authorization"],
        "path": path,
        **rated,
        "requests": [b64encode(each.SerializeToString()).decode() for each in requests],
    }
    with tempfile.TemporaryDirectory(prefix="bench-calls-") as folder:
        given = Path(folder, "task.json")
        given.write_text(json.dumps(task))
        finished = subprocess.run(
            [CALLER.absolute(), given],
            stdout=subprocess.PIPE,
            check=True,
            timeout=rated.get("seconds", 0.0) + LONGEST_START_SECONDS,
        )
    return Calls(**json.loads(finished.stdout))
