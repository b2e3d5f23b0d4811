import asyncio

import psycopg

from backend_server.repeating import repeat_forever

PATIENCE_SECONDS = 10.0
LONG_SECONDS = 3600.0


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
    assert done


def test_what_is_repeated_ends_even_when_its_cancellation_is_lost_on_the_way() -> None:
    async def act() -> None:
        begun = asyncio.Event()

        async def lose_cancellation() -> None:
            begun.set()
            try:
                await asyncio.sleep(LONG_SECONDS)
            except asyncio.CancelledError:
                return

        repeated = repeat_forever(
            lose_cancellation, every_seconds=LONG_SECONDS, event_when_put_off="put_off"
        )
        task = asyncio.create_task(repeated)
        await begun.wait()
        await end(task)

    asyncio.run(act())


def test_what_is_repeated_waits_for_postgres() -> None:
    async def act() -> None:
        tries = asyncio.Queue[int]()

        async def fail() -> None:
            tries.put_nowait(1)
            raise psycopg.OperationalError("away")

        repeated = repeat_forever(fail, every_seconds=0, event_when_put_off="put_off")
        task = asyncio.create_task(repeated)
        assert [await tries.get() for _ in range(3)] == [1, 1, 1]
        await end(task)

    asyncio.run(act())
