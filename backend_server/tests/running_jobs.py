"""Does what is queued, as a worker would, and returns when nothing is left that is due."""

from __future__ import annotations

import asyncio

from procrastinate import PsycopgConnector

from backend_server import jobs
from backend_server.origin import under_its_origin
from backend_server.services import Services


def do_queued_jobs(services: Services) -> None:
    asyncio.run(_do_queued_jobs(services))


async def _do_queued_jobs(services: Services) -> None:
    connector = PsycopgConnector(conninfo=services.settings.database_url.reveal())
    with jobs.app.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                additional_context={jobs.SERVICES_KEY: services},
                worker_middleware=[under_its_origin],
            )
