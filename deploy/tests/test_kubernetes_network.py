"""In a cluster, who reaches whom is who shares a network under Compose."""

from typing import Any, NamedTuple

import pytest
from kubernetes_objects import objects_of, of_kind
from system_tests.kubernetes.rendering import Object

Services = dict[str, dict[str, Any]]

# Joined under Compose by a network of the same name. Those that lead out are looked at apart.
NETWORKS = ("web", "database", "sessions", "search", "mail")
# What Compose calls it → what it is called in the cluster.
OTHER_NAMES = {"redis": "valkey"}
PORTS = {"database": 5432, "sessions": 6379, "search": 50051, "mail": 50052}
WHO_OBSERVES = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}


class Allowed(NamedTuple):
    callers: set[str]
    called: set[str]
    ports: set[int | str]


@pytest.fixture(scope="module")
def policies() -> dict[str, Object]:
    return policies_of("overlays/production")


def test_nobody_calls_anybody_unless_a_policy_says_so(policies: dict[str, Object]) -> None:
    assert policies["closed"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_what_is_beside_traefik_has_none_of_its_rights() -> None:
    policies = policies_of("traefik")
    assert policies["closed"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert names_in(policies["traefik"]["podSelector"]) == {"traefik"}
    assert len(policies) == 2


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_joins_the_same_as_under_compose(
    network: str, policies: dict[str, Object], services: Services
) -> None:
    joined = {
        OTHER_NAMES.get(name, name.replace("_", "-"))
        for name, service in services.items()
        # What a profile adds is no part of every deployment.
        if network in service.get("networks", []) and "profiles" not in service
    }
    ends = [ends_of(spec) for name, spec in policies.items() if is_of(name, network)]
    assert set[str]().union(*ends) == joined


@pytest.mark.parametrize("network", PORTS)
def test_both_ends_allow_the_same(network: str, policies: dict[str, Object]) -> None:
    sent, taken = policies[f"{network}-callers"], policies[network]
    assert allowed(sent["podSelector"], sent["egress"][0], "to") == (
        allowed_the_other_way(taken["podSelector"], taken["ingress"][0])
    )
    assert allowed(sent["podSelector"], sent["egress"][0], "to").ports == {PORTS[network]}


def test_only_the_mailer_reaches_beyond_the_cluster(policies: dict[str, Object]) -> None:
    beyond = {
        name
        for name, spec in policies.items()
        for rule in spec.get("egress", [])
        if any("ipBlock" in peer for peer in rule.get("to", []))
    }
    assert beyond == {"internet"}
    assert names_in(policies["internet"]["podSelector"]) == {"mailer"}


def test_metrics_are_for_the_namespace_that_observes_alone(policies: dict[str, Object]) -> None:
    read = {"from": [WHO_OBSERVES], "ports": [{"port": "metrics", "protocol": "TCP"}]}
    assert policies["metrics"]["podSelector"] == {}
    assert policies["metrics"]["ingress"] == [read]
    assert read in policies_of("traefik")["traefik"]["ingress"]


def test_only_the_services_tell_the_namespace_that_observes_of_traces(
    policies: dict[str, Object],
) -> None:
    services = {"backend-server", "worker", "heavy-computation", "mailer"}
    told = {
        name
        for name, spec in policies.items()
        for rule in spec.get("egress", [])
        if WHO_OBSERVES in rule.get("to", [])
    }
    assert told == {"traces"}
    assert names_in(policies["traces"]["podSelector"]) == services


def test_only_postgres_reaches_whatever_listens_as_the_clusters_api_does(
    policies: dict[str, Object],
) -> None:
    anywhere = {
        name
        for name, spec in policies.items()
        for rule in spec.get("egress", [])
        if "to" not in rule
    }
    assert anywhere == {"postgres-instances"}


def policies_of(installation: str) -> dict[str, Object]:
    found = of_kind(objects_of(installation), "NetworkPolicy")
    return {each["metadata"]["name"]: each["spec"] for each in found}


def is_of(name: str, network: str) -> bool:
    return name == network or name.startswith(f"{network}-")


def ends_of(spec: Object) -> set[str]:
    rules = [*spec.get("ingress", []), *spec.get("egress", [])]
    peers = [peer for rule in rules for peer in [*rule.get("from", []), *rule.get("to", [])]]
    selectors = [spec["podSelector"], *(peer["podSelector"] for peer in peers)]
    return set[str]().union(*map(names_in, selectors))


def allowed(subject: Object, rule: Object, direction: str) -> Allowed:
    peers = [names_in(peer["podSelector"]) for peer in rule[direction]]
    ports = {port["port"] for port in rule["ports"]}
    return Allowed(names_in(subject), set[str]().union(*peers), ports)


def allowed_the_other_way(subject: Object, rule: Object) -> Allowed:
    called, callers, ports = allowed(subject, rule, "from")
    return Allowed(callers, called, ports)


def names_in(selector: Object) -> set[str]:
    """Whom it selects: one by its name, several, or any cluster of Postgres."""
    if "matchLabels" in selector:
        return {selector["matchLabels"]["app.kubernetes.io/name"]}
    (expression,) = selector["matchExpressions"]
    if expression["key"] == "cnpg.io/cluster":
        return {"postgres"}
    return set(expression["values"])
