"""An operator sees what the system does: one trace, one request id, every figure of a rule."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
import pytest
from local_stack.ports import LOOPBACK, free_port
from system_tests.person import Person
from system_tests.stack import StackUnderTest, running_stack
from system_tests.trace_collector import Step, TraceCollector, running_trace_collector
from system_tests.waiting import wait_until

OBSERVABILITY = Path(__file__).parents[2] / "deploy" / "observability"
SERVICES = ("BACKEND", "WORKER", "HEAVY_COMPUTATION", "MAILER")
# Long enough to be looked at for copies.
CONTENT = "Written to be found, mailed and measured by whoever wants to know. " * 2
# What others than our services tell.
NOT_OURS = {"up", "traefik_service_requests_total", "ALERTS"}


class Observed(NamedTuple):
    stack: StackUnderTest
    traces: TraceCollector
    metrics_urls: dict[str, str]
    # Of a post that one reader is mailed about, and a search.
    request_id: str
    trace_id: str

    def metrics(self) -> str:
        """Of those that answer."""
        answers = []
        for url in self.metrics_urls.values():
            with suppress(httpx.TransportError):
                answers.append(httpx.get(url).text)
        return "\n".join(answers)

    def log_lines(self) -> list[tuple[str, dict[str, object]]]:
        """The part, and what it said, of every line about the request."""
        lines = self.stack.log.read_text().splitlines()
        parts = (line.split(" | ", 1) for line in lines if self.request_id in line)
        return [(part, json.loads(said)) for part, said in parts]


@pytest.fixture(scope="module")
def observed(show_log: Callable[[Path], None]) -> Iterator[Observed]:
    binds = {f"{service}_METRICS_BIND": f"{LOOPBACK}:{free_port()}" for service in SERVICES}
    with (
        running_trace_collector() as traces,
        running_stack(
            LOG_FORMAT="json",
            BACKEND_WORKERS="2",
            OTEL_EXPORTER_OTLP_ENDPOINT=traces.endpoint,
            OTEL_BSP_SCHEDULE_DELAY="100",
            **binds,
        ) as stack,
        Person.signed_in(stack.url, "author") as author,
        Person.signed_in(stack.url, "reader") as reader,
    ):
        show_log(stack.log)
        assert reader.send("PUT", f"/users/{author.member.username}/follow").is_success
        with psycopg.connect(stack.database_url) as connection:
            connection.execute("update users set email_confirmed_at = now()")
        request_id, trace_id = secrets.token_hex(8), secrets.token_hex(16)
        headers = {
            "X-Request-ID": request_id,
            "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
        }
        body = {"title": "Observed", "content": CONTENT}
        assert author.http.post("/posts", json=body, headers=headers).is_success
        assert reader.http.get("/search/posts", params={"q": "observed"}).is_success
        urls = {name: f"http://{bind}/metrics" for name, bind in binds.items()}
        yield Observed(stack, traces, urls, request_id, trace_id)


def chain(steps: list[Step], *path: tuple[str, str]) -> bool:
    """Whether there are steps of these services and names, each within the one before."""
    within = {step.parent_id for step in steps}
    for service, name in path:
        found = [
            step
            for step in steps
            if (step.service, step.name) == (service, name) and step.parent_id in within
        ]
        within = {step.id for step in found}
    return bool(within)


def test_one_trace_leads_from_the_request_to_the_mail(observed: Observed) -> None:
    def is_whole() -> bool:
        steps = observed.traces.of_trace(observed.trace_id)
        check = "heavy_computation.v1.HeavyComputationService/CheckDuplicate"
        send = "mailer.v1.MailerService/SendMail"
        request = ("backend_server", "POST /posts")
        return chain(
            steps, request, ("backend_server", check), ("heavy_computation", check)
        ) and chain(
            steps,
            request,
            ("worker", "notifications.fan_out_post"),
            ("worker", "notifications.deliver_chunk"),
            ("worker", send),
            ("mailer", send),
        )

    wait_until(is_whole, "the whole trace has been collected")


def test_one_request_id_is_in_the_log_of_every_service(observed: Observed) -> None:
    def is_mailed() -> bool:
        return any(part.strip() == "mailer" for part, _ in observed.log_lines())

    wait_until(is_mailed, "the mailer has logged the mail")
    lines = observed.log_lines()
    assert {part.strip() for part, _ in lines} == {
        "backend_server",
        "heavy_computation",
        "worker",
        "mailer",
    }
    for _, said in lines:
        assert said["request_id"] == observed.request_id
        assert said.keys() >= {"timestamp", "level", "event"}


def test_every_figure_that_a_rule_or_the_dashboard_asks_for_is_there(observed: Observed) -> None:
    asked = series_in(OBSERVABILITY / "rules.yaml")
    asked |= series_in(OBSERVABILITY / "grafana" / "dashboards" / "decoupled.json")

    def missing() -> set[str]:
        # Some figures are of a part that is down.
        httpx.get(f"{observed.stack.api_url}/search/posts", params={"q": "observed"})
        told = set(re.findall(r"^([a-z_]+)", before + observed.metrics(), re.MULTILINE))
        return asked - told - NOT_OURS

    before = observed.metrics()
    heavy_computation = observed.stack.process("heavy_computation")
    heavy_computation.kill()
    try:
        with suppress(TimeoutError):
            wait_until(lambda: not missing(), "every figure is there")
        assert missing() == set()
    finally:
        heavy_computation.start()


def series_in(file: Path) -> set[str]:
    """Names of series, by the ends that ours have."""
    found = re.findall(
        r"\b((?:http|grpc_server|heavy|jobs?|mails|sessions|degraded|circuits|process|traefik)_?[a-z_]*)"
        r"(?=\{|\[|\)| [<>=])",
        file.read_text(),
    )
    return {name for name in found if name not in {"job", "jobs"}} | {"sessions"}


def test_the_api_counts_in_all_its_processes_together(observed: Observed) -> None:
    def requests() -> float:
        text = httpx.get(observed.metrics_urls["BACKEND_METRICS_BIND"]).text
        pattern = r'^http_requests_total\{method="GET",route="/health/live",status="200"\} (\S+)$'
        found = re.search(pattern, text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    before = requests()
    with httpx.Client() as client:
        for _ in range(20):
            # A new connection each, so that both processes get some.
            client.get(f"{observed.stack.backend_url}/health/live", headers={"Connection": "close"})
    assert requests() == before + 20
