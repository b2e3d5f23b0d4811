"""Prometheus reads every part, and traces leave the collector. Last, since it changes a setting."""

import json
import re
from pathlib import Path

from system_tests.members import new_member
from system_tests.waiting import wait_until
from watched import SEEN_WITHIN_SECONDS, Watched

DASHBOARD = Path(__file__).parents[1] / "observability/grafana/dashboards/decoupled.json"
# What is left when these are gone, in this order, are metrics.
LABELS = re.compile(r"\bby \([^)]*\)|\{[^}]*\}|\[[^]]*\]")
FUNCTIONS = re.compile(r"\w+\s*\(|\bor\b")
# Counted from the first time on, which no test waits for.
RARE = {"circuits_opened_total", "degraded_answers_total", "mails_total"}

PARTS = {"backend_server", "worker", "heavy_computation", "mailer", "traefik"}
PARTS |= {"collector", "tempo"}
SPANS = ("sent", "send_failed")


def test_prometheus_reads_every_part_once(watched: Watched) -> None:
    everybody = dict.fromkeys(PARTS, 1.0)
    wait_until(
        lambda: watched.prometheus("sum by (job) (up)") == everybody,
        "every part is read",
        SEEN_WITHIN_SECONDS,
    )
    assert watched.prometheus("count by (job) (up)") == everybody


def test_what_a_request_causes_is_traced_and_handed_on(watched: Watched) -> None:
    with watched.installed.visitor() as visitor:
        answer = visitor.get("/api/search/posts", params={"q": "harbour"})
    assert answer.status_code == 200
    sent, failed = (f"sum(otelcol_exporter_{what}_spans_total) or vector(0)" for what in SPANS)
    wait_until(lambda: watched.prometheus(sent)[""] > 0, "spans go on", SEEN_WITHIN_SECONDS)
    assert watched.prometheus(failed)[""] == 0


def test_the_dashboard_asks_for_nothing_that_nobody_counts(watched: Watched) -> None:
    asked_for = metrics_of_dashboard()
    assert len(asked_for) > len(RARE)
    with watched.browser_of(new_member("watched")):
        wait_until(
            lambda: asked_for - RARE <= names_of_metrics(watched),
            f"all of {sorted(asked_for - RARE)} is counted",
            SEEN_WITHIN_SECONDS,
        )


def test_no_alert_is_raised_while_all_is_well(watched: Watched) -> None:
    # Nor is one about to be: most are raised after minutes only, for which no test waits.
    alerts = "count(ALERTS) or vector(0)"
    nothing = "no alert is pending"
    wait_until(lambda: watched.prometheus(alerts)[""] == 0, nothing, SEEN_WITHIN_SECONDS)


def metrics_of_dashboard() -> set[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    bare = [FUNCTIONS.sub("", LABELS.sub("", query)) for query in queries]
    return {name for query in bare for name in re.findall(r"[a-z]\w+", query)}


def names_of_metrics(watched: Watched) -> set[str]:
    names = ("promtool", "query", "labels", "http://localhost:9090", "__name__")
    return {*watched.compose("exec", "-T", "prometheus", *names).split()}
