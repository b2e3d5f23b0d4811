"""What an operator sees in Grafana through the port that Traefik publishes, and cannot change."""

import json
import secrets
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from installed import REQUEST_SECONDS
from system_tests.members import new_member
from system_tests.waiting import wait_until
from watched import GRAFANA_PORT, SEEN_WITHIN_SECONDS, Watched

DASHBOARD = Path(__file__).parents[1] / "observability/grafana/dashboards/decoupled.json"
# Long enough to be looked at for copies.
CONTENT = "Written by the quay, to be found, mailed and traced by whoever wants to know. " * 2
# As far back, and as finely, as panels ask.
PAST_SECONDS, STEP_SECONDS = 900, 15
LOOKED_AT = "/api/dashboards/uid/decoupled"
SEND = "mailer.v1.MailerService/SendMail"
CHECK = "heavy_computation.v1.HeavyComputationService/CheckDuplicate"


class Step(NamedTuple):
    service: str
    name: str
    id: str
    parent_id: str


@pytest.fixture(scope="module")
def request_id(watched: Watched) -> str:
    """Of a post that one reader is mailed about."""
    author, reader = new_member("author"), new_member("reader")
    with watched.browser_of(author) as written_by, watched.browser_of(reader) as read_by:
        follow = f"/api/users/{author.username}/follow"
        assert read_by.put(follow, json={}).status_code == 200
        body, request_id = {"title": "Traced", "content": CONTENT}, secrets.token_hex(8)
        posting = written_by.post("/api/posts", json=body, headers={"X-Request-ID": request_id})
        assert posting.status_code == 201
        assert read_by.get("/api/search/posts", params={"q": "traced"}).status_code == 200
    return request_id


@pytest.fixture
def visitor(watched: Watched) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=watched.grafana_url, timeout=REQUEST_SECONDS) as visitor:
        yield visitor


def test_one_trace_leads_from_the_request_of_a_browser_to_the_mail(
    watched: Watched, request_id: str
) -> None:
    """Found by what the log names, in the one place where an operator looks."""

    def is_whole() -> bool:
        traces = traces_of(watched, request_id)
        steps = steps_of(watched, traces[0]) if len(traces) == 1 else []
        posting = ("backend_server", "POST /posts")
        jobs = [("worker", f"notifications.{job}") for job in ("fan_out_post", "deliver_chunk")]
        mailing = [("worker", SEND), ("mailer", SEND)]
        checking = [("backend_server", CHECK), ("heavy_computation", CHECK)]
        return leads(steps, posting, *jobs, *mailing) and leads(steps, posting, *checking)

    wait_until(is_whole, "Tempo has the whole trace", SEEN_WITHIN_SECONDS)


@pytest.mark.usefixtures("request_id")
def test_every_panel_of_the_dashboard_shows_something(watched: Watched) -> None:
    dashboard = watched.grafana(LOOKED_AT)["dashboard"]
    drawn = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    assert len(drawn) > 1
    for panel in drawn:
        shows_something = partial(answers, watched, panel)
        wait_until(shows_something, f"{panel['title']} shows something", SEEN_WITHIN_SECONDS)


def test_the_dashboard_is_the_one_of_this_release_and_met_first(watched: Watched) -> None:
    shown, meant = watched.grafana(LOOKED_AT), json.loads(DASHBOARD.read_text())
    assert shown["meta"]["provisioned"]
    assert queries(shown["dashboard"]) == queries(meant)
    assert queries(watched.grafana("/api/dashboards/home")["dashboard"]) == queries(meant)


def test_a_visitor_changes_neither_the_dashboard_nor_where_its_figures_come_from(
    watched: Watched, visitor: httpx.Client
) -> None:
    before = watched.grafana(LOOKED_AT)["dashboard"]
    changed = {"dashboard": {**before, "title": "Mine"}, "overwrite": True}
    source = {"name": "Mine", "type": "prometheus", "url": "http://mine", "access": "proxy"}
    refused = [
        visitor.post("/api/dashboards/db", json=changed),
        visitor.delete(LOOKED_AT),
        visitor.post("/api/datasources", json=source),
        visitor.delete("/api/datasources/name/Tempo"),
    ]
    assert [answer.status_code for answer in refused if not answer.is_client_error] == []
    assert watched.grafana(LOOKED_AT)["dashboard"] == before
    assert watched.data_sources().keys() == {"prometheus", "tempo"}


def test_the_password_that_everybody_knows_opens_nothing(visitor: httpx.Client) -> None:
    known = {"user": "admin", "password": "admin"}
    assert visitor.post("/login", json=known).is_client_error
    assert visitor.get("/api/datasources", auth=("admin", "admin")).status_code in (401, 403)


@pytest.mark.parametrize("path", ["/shutdown", "/flush", "/..%2fshutdown", "/%2e%2e/flush"])
def test_nobody_ends_tempo_through_grafana(
    watched: Watched, visitor: httpx.Client, path: str
) -> None:
    assert not visitor.get(f"{watched.data_sources()['tempo']}{path}").is_success


def test_grafana_is_shown_to_this_machine_and_under_its_name_only(
    watched: Watched, visitor: httpx.Client
) -> None:
    traefik = watched.installed.containers()["traefik"]
    [binding] = traefik["HostConfig"]["PortBindings"]["3000/tcp"]
    assert binding == {"HostIp": "127.0.0.1", "HostPort": str(GRAFANA_PORT)}
    assert visitor.get("/").status_code == 200
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 404


def traces_of(watched: Watched, request_id: str) -> list[str]:
    found = watched.asked("tempo", "/api/search", q=f'{{ span.request_id = "{request_id}" }}')
    return [each["traceID"] for each in found["traces"]]


def steps_of(watched: Watched, trace_id: str) -> list[Step]:
    trace = watched.asked("tempo", f"/api/v2/traces/{trace_id}")["trace"]
    return [
        Step(service_of(process), span["name"], span["spanId"], span.get("parentSpanId", ""))
        for process in trace["resourceSpans"]
        for scope in process["scopeSpans"]
        for span in scope["spans"]
    ]


def service_of(process: dict[str, Any]) -> str:
    [name] = [
        each["value"]["stringValue"]
        for each in process["resource"]["attributes"]
        if each["key"] == "service.name"
    ]
    return str(name)


def leads(steps: list[Step], *path: tuple[str, str]) -> bool:
    """Whether there are steps of these services and names, each within the one before."""
    within = {""}
    for place in path:
        within = {
            step.id
            for step in steps
            if (step.service, step.name) == place and step.parent_id in within
        }
    return bool(within)


def queries(dashboard: dict[str, Any]) -> dict[int, tuple[str, list[str]]]:
    """By the panel's number: its title, and what it asks for."""
    return {
        panel["id"]: (panel["title"], [each["expr"] for each in panel.get("targets", [])])
        for panel in dashboard["panels"]
    }


def answers(watched: Watched, panel: dict[str, Any]) -> bool:
    """Whether Prometheus, asked as the panel asks, has anything to show; refusals are raised."""
    now = time.time()
    period = {"start": str(now - PAST_SECONDS), "end": str(now), "step": str(STEP_SECONDS)}
    ask = partial(watched.asked, panel["datasource"]["uid"], "/api/v1/query_range", **period)
    found = [ask(query=target["expr"]) for target in panel["targets"]]
    assert [each for each in found if each["status"] != "success" or "warnings" in each] == []
    return any(each["data"]["result"] for each in found)
