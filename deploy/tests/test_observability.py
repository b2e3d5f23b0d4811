"""The alert rules are valid and raise what they are for: promtool feeds them each fault."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

OBSERVABILITY = Path(__file__).parents[1] / "observability"
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool, of Debian's package prometheus, is missing"
)


def promtool(*arguments: str) -> None:
    command = ["promtool", *arguments]
    run = subprocess.run(command, cwd=OBSERVABILITY, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@needs_promtool
@pytest.mark.parametrize("configuration", ["prometheus.yaml", "prometheus_in_a_cluster.yaml"])
def test_the_configuration_is_valid(configuration: str) -> None:
    promtool("check", "config", "--syntax-only", configuration)


@needs_promtool
def test_the_rules_are_valid() -> None:
    promtool("check", "rules", "rules.yaml")


@needs_promtool
def test_each_fault_raises_its_alert_and_a_healthy_system_none() -> None:
    promtool("test", "rules", "rules_test.yaml")


def test_every_alert_is_tested_and_says_what_to_do() -> None:
    rules = (OBSERVABILITY / "rules.yaml").read_text()
    tests = (OBSERVABILITY / "rules_test.yaml").read_text()
    alerts = re.findall(r"- alert: (\w+)", rules)
    tested = [alert for alert in alerts if f'alertname="{alert}", alertstate="firing"' in tests]
    assert tested == alerts
    assert rules.count("action: ") == rules.count("summary: ") == len(alerts)


def test_the_dashboard_is_one() -> None:
    dashboard = json.loads((OBSERVABILITY / "grafana/dashboards/decoupled.json").read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
