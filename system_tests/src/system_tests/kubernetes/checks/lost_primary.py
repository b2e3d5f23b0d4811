"""The primary of Postgres is force-deleted while people write."""

from __future__ import annotations

import time
from collections import Counter
from typing import Final

from system_tests.kubernetes.cluster import NAMESPACE, get, kubectl, wait_in_cluster, web_url
from system_tests.kubernetes.report import Line
from system_tests.kubernetes.traffic import Traffic
from system_tests.visitor import Visitor

RATES: Final = {"posts": 4, "session": 1, "write": 10}
BEFORE_SECONDS: Final = 10.0
AFTER_SECONDS: Final = 30.0
NEW_PRIMARY_SECONDS: Final = 180.0
WHOLE_AGAIN_SECONDS: Final = 600.0


def check() -> list[Line]:
    old = _primary()
    with Traffic(web_url(), rates=RATES) as traffic:
        time.sleep(BEFORE_SECONDS)
        killed_at = time.monotonic()
        kubectl("delete", "pod", old, "--namespace", NAMESPACE, "--force", "--grace-period", "0")
        wait_in_cluster(lambda: _primary() != old, "a new primary", NEW_PRIMARY_SECONDS)
        promoted_after = time.monotonic() - killed_at
        time.sleep(AFTER_SECONDS)
    wait_in_cluster(_is_whole, "three instances again", WHOLE_AGAIN_SECONDS)
    whole_after = time.monotonic() - killed_at
    reads_after, writes_after = (
        traffic.recovered_after(killed_at, kind) for kind in ("posts", "write")
    )
    # By what was said and not one by one: seconds without a primary are hundreds of failures.
    said = Counter(str(each.status or each.problem) for each in traffic.failures(tuple(RATES)))
    print(f"  {dict(said)}")
    lost = _lost(traffic.acknowledged)
    return [
        Line(
            "Postgres primary force-deleted: recovery",
            "",
            f"new primary after {promoted_after:.1f} s, reads after {reads_after:.1f} s, "
            f"writes after {writes_after:.1f} s, "
            f"{len(traffic.failures(('write',)))} of {traffic.count(('write',))} refused, "
            f"whole after {whole_after:.0f} s",
            None,
        ),
        Line(
            "acknowledged writes lost",
            "0",
            f"{len(lost)} of {len(traffic.acknowledged)}",
            not lost and bool(traffic.acknowledged),
        ),
    ]


def _primary() -> str:
    return str(get("clusters.postgresql.cnpg.io", "postgres")["status"]["currentPrimary"])


def _is_whole() -> bool:
    cluster = get("clusters.postgresql.cnpg.io", "postgres")
    return bool(cluster["status"].get("readyInstances") == cluster["spec"]["instances"])


def _lost(ids: list[str]) -> list[str]:
    with Visitor(f"{web_url()}/api") as visitor:
        return [each for each in ids if visitor.get(f"/posts/{each}").status_code != 200]
