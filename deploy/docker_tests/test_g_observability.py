"""Prometheus reads every part, and traces leave the collector. Last, since it changes a setting."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from installed import Installed
from system_tests.members import new_member
from system_tests.waiting import wait_until

DASHBOARD = Path(__file__).parents[1] / "observability/grafana/dashboards/decoupled.json"
# What is left when these are gone, in this order, are metrics.
LABELS = re.compile(r"\bby \([^)]*\)|\{[^}]*\}|\[[^]]*\]")
FUNCTIONS = re.compile(r"\w+\s*\(")
# Counted from the first time on, which no test waits for.
RARE = {"circuits_opened_total", "degraded_answers_total", "mails_total"}

# Of the profile, without what only draws.
WATCHING = ("prometheus", "collector", "tempo")
PARTS = {"backend_server", "worker", "heavy_computation", "mailer", "traefik", "collector"}
SPANS = ("sent", "send_failed")
# Two rounds of Prometheus, and what the services and the collector gather before they send.
SEEN_WITHIN_SECONDS = 90


@pytest.fixture(scope="module")
def watched(installed: Installed) -> Iterator[Installed]:
    installed.change_settings({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"})
    compose_watching(installed, "up", "--detach", "--wait", *WATCHING)
    yield installed
    compose_watching(installed, "rm", "--stop", "--force", *WATCHING)
    installed.change_settings({"OTEL_EXPORTER_OTLP_ENDPOINT": ""})


def test_prometheus_reads_every_part(watched: Installed) -> None:
    wait_until(
        lambda: {job for job, up in asked(watched, "up").items() if up == 1} == PARTS,
        "every part is read",
        SEEN_WITHIN_SECONDS,
    )


def test_what_a_request_causes_is_traced_and_handed_on(watched: Installed) -> None:
    with watched.visitor() as visitor:
        answer = visitor.get("/api/search/posts", params={"q": "harbour"})
    assert answer.status_code == 200
    sent, failed = (f"sum(otelcol_exporter_{what}_spans_total) or vector(0)" for what in SPANS)
    wait_until(lambda: asked(watched, sent)[""] > 0, "spans go on", SEEN_WITHIN_SECONDS)
    assert asked(watched, failed)[""] == 0


def test_the_dashboard_asks_for_nothing_that_nobody_counts(watched: Installed) -> None:
    member = new_member("watched")
    account = {name: getattr(member, name) for name in ("username", "email", "password")}
    with watched.visitor() as visitor:
        assert visitor.post("/api/auth/register", json=account).status_code == 201
    asked_for = metrics_of_dashboard()
    assert len(asked_for) > len(RARE)
    wait_until(
        lambda: asked_for - RARE <= names_of_metrics(watched),
        f"all of {sorted(asked_for - RARE)} is counted",
        SEEN_WITHIN_SECONDS,
    )


def test_no_alert_is_raised_while_all_is_well(watched: Installed) -> None:
    # Nor is one about to be: most are raised after minutes only, for which no test waits.
    alerts = "count(ALERTS) or vector(0)"
    wait_until(lambda: asked(watched, alerts)[""] == 0, "no alert is pending", SEEN_WITHIN_SECONDS)


def metrics_of_dashboard() -> set[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    bare = [FUNCTIONS.sub("", LABELS.sub("", query)) for query in queries]
    return {name for query in bare for name in re.findall(r"[a-z]\w+", query)}


def names_of_metrics(installed: Installed) -> set[str]:
    names = ("promtool", "query", "labels", "http://localhost:9090", "__name__")
    return {*compose_watching(installed, "exec", "-T", "prometheus", *names).split()}


def compose_watching(installed: Installed, *arguments: str) -> str:
    return installed.compose("--profile", "observability", *arguments)


def asked(installed: Installed, query: str) -> dict[str, float]:
    """Values by job, from Prometheus."""
    instant = ("promtool", "query", "instant", "--format", "json", "http://localhost:9090", query)
    found = json.loads(compose_watching(installed, "exec", "-T", "prometheus", *instant))
    return {each["metric"].get("job", ""): float(each["value"][1]) for each in found}
