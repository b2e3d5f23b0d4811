"""The picture in the README and compose.yaml say the same."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- deployment diagram -->\s*```mermaid\n(.*?)```", re.DOTALL)
CALLS = re.compile(r"(?P<callers>.+?) -->\|(?P<network>\w+)\| (?P<called>.+)")
WAITS = re.compile(r"(?P<waiting>.+?) -\.-> (?P<ended>.+)")
# Drawn with rounded ends: what is outside the system.
OUTSIDE = re.compile(r"(\w+)\(\[.*?\]\)")

Services = dict[str, dict[str, Any]]


class Call(NamedTuple):
    caller: str
    network: str
    called: str


class Diagram(NamedTuple):
    calls: set[Call]
    # Who waits for which one-shot service to end.
    waits: set[tuple[str, str]]
    outside: set[str]

    @property
    def services(self) -> set[str]:
        ends = {end for call in self.calls for end in (call.caller, call.called)}
        return (ends | {end for wait in self.waits for end in wait}) - self.outside


@pytest.fixture(scope="session")
def diagram() -> Diagram:
    block = BLOCK.search((ROOT / "README.md").read_text())
    assert block, "README.md has no deployment diagram"
    return parsed(block.group(1))


def test_every_service_is_drawn(diagram: Diagram, services: Services) -> None:
    drawn_not = {name for name, service in services.items() if "profiles" in service}
    assert diagram.services == services.keys() - drawn_not


def test_a_network_joins_exactly_those_who_call_over_it(
    diagram: Diagram, services: Services
) -> None:
    drawn = {
        (end, call.network)
        for call in diagram.calls
        for end in (call.caller, call.called)
        if end not in diagram.outside
    }
    joined = {
        (name, network)
        for name, service in services.items()
        if "profiles" not in service
        for network in service.get("networks", [])
    }
    assert drawn == joined


def test_every_service_waits_as_it_is_drawn(diagram: Diagram, services: Services) -> None:
    waiting = {
        (name, dependency)
        for name, service in services.items()
        for dependency in service.get("depends_on", {})
    }
    calls = {(call.caller, call.called) for call in diagram.calls}
    assert waiting - calls == diagram.waits


def parsed(mermaid: str) -> Diagram:
    """Understands `a & b -->|network| c` and `a & b -.-> c`, and refuses any other line."""
    calls: set[Call] = set()
    waits: set[tuple[str, str]] = set()
    outside = set(OUTSIDE.findall(mermaid))
    for line in OUTSIDE.sub(r"\1", mermaid).splitlines():
        text = line.strip()
        if call := CALLS.fullmatch(text):
            calls |= {
                Call(caller, call["network"], called)
                for caller in call["callers"].split(" & ")
                for called in call["called"].split(" & ")
            }
        elif wait := WAITS.fullmatch(text):
            waits |= {
                (waiting, ended)
                for waiting in wait["waiting"].split(" & ")
                for ended in wait["ended"].split(" & ")
            }
        else:
            assert text == "" or text.startswith("flowchart "), f"not understood: {text}"
    return Diagram(calls, waits, outside)
