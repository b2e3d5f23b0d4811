"""The deployment under test with its profile `observability`, as its operator looks at it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from installed import REQUEST_SECONDS, Installed
from system_tests.members import Member

GRAFANA_PORT = 8730
# Two rounds of Prometheus, and what the services and the collector gather before they send.
SEEN_WITHIN_SECONDS = 90
PROFILE = ("prometheus", "collector", "tempo", "grafana")


@dataclass(frozen=True)
class Watched:
    installed: Installed

    grafana_url = f"http://localhost:{GRAFANA_PORT}"

    def compose(self, *arguments: str) -> str:
        return self.installed.compose("--profile", "observability", *arguments)

    def start(self) -> None:
        to_the_collector = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}
        self.installed.change_settings({**to_the_collector, "GRAFANA_PORT": str(GRAFANA_PORT)})
        self.compose("up", "--detach", "--wait", *PROFILE)

    def stop(self) -> None:
        self.compose("rm", "--stop", "--force", *PROFILE)
        self.installed.change_settings({"OTEL_EXPORTER_OTLP_ENDPOINT": ""})

    def prometheus(self, query: str) -> dict[str, float]:
        """Values by job."""
        instant = ("promtool", "query", "instant", "--format", "json")
        asking = ("exec", "-T", "prometheus", *instant, "http://localhost:9090", query)
        found = json.loads(self.compose(*asking))
        return {each["metric"].get("job", ""): float(each["value"][1]) for each in found}

    def grafana(self, path: str, **query: str) -> Any:
        """What Grafana answers to a visitor without an account."""
        answer = httpx.get(f"{self.grafana_url}{path}", params=query, timeout=REQUEST_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def data_sources(self) -> dict[str, str]:
        """Of each that a visitor can tell by its uid: the path under which Grafana hands it on."""
        known = self.grafana("/api/frontend/settings")["datasources"].values()
        return {each["uid"]: each["url"] for each in known if each.get("url")}

    def asked(self, data_source: str, path: str, **query: str) -> Any:
        """What Grafana hands on from one of its sources, as panels and Explore get it."""
        return self.grafana(f"{self.data_sources()[data_source]}{path}", **query)

    @contextmanager
    def browser_of(self, member: Member) -> Iterator[httpx.Client]:
        """Of somebody new, whose address is taken as confirmed."""
        account = {"username": member.username, "password": member.password}
        with self.installed.visitor() as http:
            registering = http.post("/api/auth/register", json={**account, "email": member.email})
            assert registering.status_code == 201
            confirm = ("python", "-m", "backend_server", "member", "confirm", member.username)
            self.compose("exec", "-T", "backend_server", *confirm)
            assert http.post("/api/auth/login", json=account).status_code == 200
            yield http
