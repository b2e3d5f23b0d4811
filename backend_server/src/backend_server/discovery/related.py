"""Posts about the same thing as a post."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from service_contracts.heavy_computation.v1.heavy_computation_pb2 import RelatedRequest

from backend_server.discovery.degraded import in_turn
from backend_server.discovery.found_posts import FoundPosts, json_array
from backend_server.discovery.queries import newest_sharing_a_tag
from backend_server.errors import NotFound
from backend_server.grpc_errors import NotFoundCallError, TemporaryCallError
from backend_server.posts.queries import posts_by_id

if TYPE_CHECKING:
    from backend_server.database import Database
    from backend_server.grpc_clients import HeavyComputationClient


def related_posts(
    database: Database, heavy_computation: HeavyComputationClient, post_id: UUID, limit: int
) -> FoundPosts:
    """Best first. While heavy_computation cannot answer, the newest that share a tag with it.

    Raises `NotFound`, or `SearchBusy`.
    """
    try:
        ids = _ids_of_related(heavy_computation, post_id, limit)
    except TemporaryCallError:
        return _sharing_a_tag(database, post_id, limit)
    with database.reading() as connection:
        post_of_id = posts_by_id(connection, [post_id, *ids])
    if post_id not in post_of_id:
        raise NotFound
    return FoundPosts(json_array(post_of_id[each] for each in ids if each in post_of_id))


def _ids_of_related(
    heavy_computation: HeavyComputationClient, post_id: UUID, limit: int
) -> list[UUID]:
    request = RelatedRequest(post_id=str(post_id), limit=limit)
    try:
        return [UUID(each.post_id) for each in heavy_computation.related(request).posts]
    except NotFoundCallError:
        # Deleted, or so new that the index has yet to hear of it.
        return []


def _sharing_a_tag(database: Database, post_id: UUID, limit: int) -> FoundPosts:
    with in_turn(), database.reading() as connection:
        if post_id not in posts_by_id(connection, [post_id]):
            raise NotFound
        posts = newest_sharing_a_tag(connection, post_id, limit)
    return FoundPosts(json_array(posts.values()), is_degraded=True)
