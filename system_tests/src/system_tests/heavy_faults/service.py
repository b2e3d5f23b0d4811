"""heavy_computation as a process that breaks and is started again, in the same folder."""

import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc
from local_stack.child_processes import ChildProcess
from local_stack.ports import LOOPBACK, free_port
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_NEWEST,
    SearchRequest,
)
from service_contracts.heavy_computation.v1.heavy_computation_pb2_grpc import (
    HeavyComputationServiceStub,
)

from system_tests.heavy_load.paths import HEAVY_COMPUTATION

TOKEN = secrets.token_hex(16)
_METADATA = (("authorization", f"Bearer {TOKEN}"),)
_CALL_SECONDS = 5.0
_POLL_SECONDS = 0.005
_LARGEST_PAGE = 100
# How long it takes is measured, not judged: on a busy machine, much.
PATIENCE_SECONDS = 240.0
# A connection that failed is tried again at once: how soon a caller tries is not measured here.
_CHANNEL = [("grpc.initial_reconnect_backoff_ms", 20), ("grpc.max_reconnect_backoff_ms", 20)]


class Service:
    def __init__(
        self, published_database_url: str, folder: Path, environment: Mapping[str, str]
    ) -> None:
        """Not started; `environment` is what it gets besides its settings."""
        self.folder = folder
        self.address = f"{LOOPBACK}:{free_port()}"
        self._metrics = f"{LOOPBACK}:{free_port()}"
        self._environment = {
            "HEAVY_COMPUTATION_BIND": self.address,
            "HEAVY_COMPUTATION_METRICS_BIND": self._metrics,
            "PUBLISHED_DATABASE_URL": published_database_url,
            "INDEX_FOLDER": str(folder),
            "SERVICE_TOKEN": TOKEN,
            "LOG_LEVEL": "warning",
            **environment,
        }
        self._process: ChildProcess | None = None

    @property
    def process(self) -> ChildProcess:
        if self._process is None:
            raise RuntimeError("heavy_computation has not been started.")
        return self._process

    def start(self) -> None:
        """Returns at once."""
        self._process = ChildProcess(
            "heavy_computation", [HEAVY_COMPUTATION], environment=self._environment
        )
        self._process.start()

    def seconds_until_at(self, position: int, patience_seconds: float = PATIENCE_SECONDS) -> float:
        """How long it takes until it is serving, and has every change before the position.

        Raises ChildFailedError when it ends meanwhile, or is not there in time.
        """
        began = time.perf_counter()
        self.process.wait_until(lambda: self._shows(position), patience_seconds)
        return time.perf_counter() - began

    def kill(self) -> None:
        self.process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def is_serving(self) -> bool:
        with grpc.insecure_channel(self.address, options=_CHANNEL) as channel:
            # Its type stubs leave the methods of the stub out.
            check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
            try:
                answer = check(health_pb2.HealthCheckRequest(), timeout=_CALL_SECONDS)
            except grpc.RpcError:
                return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def find(self, query: str) -> list[str]:
        """The ids of all posts that match, newest first, page after page."""
        found: list[str] = []
        with grpc.insecure_channel(self.address, options=_CHANNEL) as channel:
            search = HeavyComputationServiceStub(channel).Search
            request = SearchRequest(query=query, limit=_LARGEST_PAGE, order=SEARCH_ORDER_NEWEST)
            while True:
                page = search(request, metadata=_METADATA, timeout=_CALL_SECONDS)
                found += (hit.post_id for hit in page.hits)
                if not page.next_page_token:
                    return found
                request.page_token = page.next_page_token

    def measured(self, series: str) -> float:
        """A value of its metrics."""
        text = httpx.get(f"http://{self._metrics}/metrics").text
        value = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
        if value is None:
            raise RuntimeError(f"There is no {series}.")
        return float(value[1])

    @property
    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def _shows(self, position: int) -> bool:
        request = SearchRequest(limit=1, min_position=position)
        with grpc.insecure_channel(self.address, options=_CHANNEL) as channel:
            search = HeavyComputationServiceStub(channel).Search
            try:
                search(request, metadata=_METADATA, timeout=_CALL_SECONDS)
            except grpc.RpcError:
                time.sleep(_POLL_SECONDS)
                return False
        return self.is_serving()
