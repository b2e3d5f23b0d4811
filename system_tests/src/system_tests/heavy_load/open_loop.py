"""Calls at a fixed rate, whether or not earlier ones have been answered."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
from service_contracts.heavy_computation.v1.heavy_computation_pb2_grpc import (
    HeavyComputationServiceStub,
)

from system_tests.heavy_load.instance import METADATA, Instance

DEADLINE_SECONDS = 5.0
WARM_UP_CALLS = 100
CONNECTIONS = 2

# Makes a request of an item.
Make = Callable[[Any], Any]


def milliseconds_at(
    rate: int, seconds: float, instance: Instance, method: str, make: Make, items: Sequence[Any]
) -> list[float]:
    """Latencies of `rate` calls a second, each with the next item, from when each was due."""
    return asyncio.run(_at_rate(rate, seconds, instance.address, method, make, items))


def calls_per_second(
    seconds: float, instance: Instance, method: str, make: Make, items: Sequence[Any]
) -> float:
    """Of `CONNECTIONS` callers, each with one call after the other."""
    return asyncio.run(_in_turn(seconds, instance.address, method, make, items))


async def _at_rate(
    rate: int, seconds: float, address: str, method: str, make: Make, items: Sequence[Any]
) -> list[float]:
    async with grpc.aio.insecure_channel(address) as channel:
        call = getattr(HeavyComputationServiceStub(channel), method)

        async def one(item: Any) -> None:
            await call(make(item), metadata=METADATA, timeout=DEADLINE_SECONDS)

        return await latencies(rate, seconds, one, items)


async def latencies(
    rate: int, seconds: float, ask: Callable[[Any], Awaitable[None]], items: Sequence[Any]
) -> list[float]:
    """Milliseconds from when each call was due; the first ones, one by one, do not count."""
    rotated = itertools.cycle(items)
    for _ in range(WARM_UP_CALLS):
        await ask(next(rotated))
    taken: list[float] = []

    async def one(item: Any, due: float) -> None:
        await ask(item)
        taken.append((time.perf_counter() - due) * 1000)

    began = time.perf_counter()
    calls = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        calls.append(asyncio.create_task(one(next(rotated), due)))
    await asyncio.gather(*calls)
    return taken


async def _in_turn(
    seconds: float, address: str, method: str, make: Make, items: Sequence[Any]
) -> float:
    async with grpc.aio.insecure_channel(address) as channel:
        call = getattr(HeavyComputationServiceStub(channel), method)
        rotated = itertools.cycle(items)
        began = time.perf_counter()

        async def caller() -> int:
            done = 0
            while time.perf_counter() - began < seconds:
                await call(make(next(rotated)), metadata=METADATA, timeout=DEADLINE_SECONDS)
                done += 1
            return done

        return sum(await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))) / seconds
