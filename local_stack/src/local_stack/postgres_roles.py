"""The roles and the database that the rest of the system expects of a Postgres server."""

from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
OWNER = "decoupled"
READER = "heavy_computation"
READER_GROUP = "published_reader"
DATABASE = "decoupled"


def ensure_roles_and_database(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Makes what is missing.

    Args:
        connection: the superuser's, in autocommit.
        passwords: of OWNER and READER.
    """
    if not _role_exists(connection, OWNER):
        # The owner may create roles, because its migrations create the group of readers.
        _create_login(connection, OWNER, passwords[OWNER], "createrole")
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))
    if not _role_exists(connection, READER_GROUP):
        connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(READER_GROUP)))
    if not _role_exists(connection, READER):
        _create_login(connection, READER, passwords[READER], "")
    connection.execute(
        sql.SQL("grant {} to {}").format(sql.Identifier(READER_GROUP), sql.Identifier(READER))
    )
    connection.execute("reset role")
    if not _exists(connection, "select from pg_database where datname = %s", DATABASE):
        connection.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )


def _role_exists(connection: psycopg.Connection, name: str) -> bool:
    return _exists(connection, "select from pg_roles where rolname = %s", name)


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    # A row without columns is an empty tuple, which is false.
    return connection.execute(query, [name]).fetchone() is not None


def _create_login(
    connection: psycopg.Connection, name: str, password: str, attributes: str
) -> None:
    # Encrypted here, so that the password itself reaches neither the server nor its log.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("create role {} login {} password {}").format(
            sql.Identifier(name), sql.SQL(attributes), sql.Literal(verifier.decode())
        )
    )
