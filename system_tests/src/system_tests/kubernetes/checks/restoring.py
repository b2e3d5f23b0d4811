"""A backup becomes a new cluster of Postgres, with all that was written before it was asked for."""

from __future__ import annotations

import time
from typing import Final

from system_tests.kubernetes.cluster import (
    NAMESPACE,
    Object,
    apply,
    get,
    kubectl,
    wait_in_cluster,
    web_url,
)
from system_tests.kubernetes.report import Line
from system_tests.person import Person

BACKUP_SECONDS: Final = 600.0
RESTORE_SECONDS: Final = 900.0
RESTORED: Final = "restored"
PLUGIN: Final = "barman-cloud.cloudnative-pg.io"
# Of every table that people write to, as many rows with the same content.
CONTENT: Final = """
    select (select count(*) from users), (select count(*) from posts),
           (select count(*) from follows),
           (select md5(string_agg(p::text, '' order by id)) from posts p)
"""


def check() -> list[Line]:
    started_at = time.monotonic()
    _back_up()
    backed_up_after = time.monotonic() - started_at
    _write()
    written = _psql(_primary("postgres"), CONTENT)
    ended = _psql(_primary("postgres"), "select pg_walfile_name(pg_switch_wal())")
    wait_in_cluster(lambda: _is_archived(ended), "the log is archived", BACKUP_SECONDS)
    started_at = time.monotonic()
    try:
        apply(_new_cluster())
        wait_in_cluster(_is_there, "the restored cluster answers", RESTORE_SECONDS)
        restored_after = time.monotonic() - started_at
        restored = _psql(_primary(RESTORED), CONTENT)
    finally:
        kubectl("delete", "clusters.postgresql.cnpg.io", RESTORED, "--namespace", NAMESPACE)
    users, posts, follows, _ = written.split("|")
    return [
        Line(
            "backup restored into a new cluster",
            "the same rows",
            f"{users} members, {posts} posts, {follows} follows "
            f"{'the same' if restored == written else 'DIFFER'}; backup {backed_up_after:.0f} s, "
            f"restore {restored_after:.0f} s",
            restored == written,
        )
    ]


def _back_up() -> None:
    name = f"by-hand-{time.time():.0f}"
    apply(
        {
            "apiVersion": "postgresql.cnpg.io/v1",
            "kind": "Backup",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {
                "cluster": {"name": "postgres"},
                "method": "plugin",
                "pluginConfiguration": {"name": PLUGIN},
            },
        }
    )

    def is_completed() -> bool:
        status = get("backups.postgresql.cnpg.io", name).get("status", {})
        if status.get("phase") == "failed":
            raise RuntimeError(f"the backup failed: {status.get('error')}")
        return bool(status.get("phase") == "completed")

    wait_in_cluster(is_completed, "the backup is completed", BACKUP_SECONDS)


def _write() -> None:
    """A row of each kind after the backup: these come from the archived log."""
    url = f"{web_url()}/api"
    with Person.signed_in(url, "author") as author, Person.signed_in(url, "reader") as reader:
        author.post_message("After the backup").raise_for_status()
        path = f"/users/{author.member.username}/follow"
        reader.send("PUT", path, {"mail": "immediate"}).raise_for_status()


def _new_cluster() -> Object:
    """As the one it is restored from, but for where it begins."""
    source = get("clusters.postgresql.cnpg.io", "postgres")["spec"]
    same = ("imageName", "storage", "resources", "affinity", "postgresql")
    spec = {field: source[field] for field in same if field in source}
    spec["postgresql"] = {"parameters": spec["postgresql"].get("parameters", {})}
    parameters = {"barmanObjectName": "backups", "serverName": "postgres"}
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": RESTORED, "namespace": NAMESPACE},
        "spec": {
            **spec,
            "instances": 1,
            "bootstrap": {
                "recovery": {"source": "backups", "database": "decoupled", "owner": "decoupled"}
            },
            "externalClusters": [
                {"name": "backups", "plugin": {"name": PLUGIN, "parameters": parameters}}
            ],
        },
    }


def _is_there() -> bool:
    status = get("clusters.postgresql.cnpg.io", RESTORED).get("status", {})
    return bool(status.get("readyInstances") == 1)


def _is_archived(file: str) -> bool:
    statement = f"select last_archived_wal >= '{file}' from pg_stat_archiver"
    return _psql(_primary("postgres"), statement) == "t"


def _primary(cluster: str) -> str:
    return str(get("clusters.postgresql.cnpg.io", cluster)["status"]["currentPrimary"])


def _psql(pod: str, statement: str) -> str:
    return kubectl(
        *("exec", pod, "--namespace", NAMESPACE, "--container", "postgres", "--"),
        *("psql", "--tuples-only", "--no-align", "--dbname", "decoupled", "--command", statement),
    ).strip()
