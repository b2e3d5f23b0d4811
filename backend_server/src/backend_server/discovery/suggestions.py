"""Completes what is being typed into the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SUGGESTION_KIND_TAG,
    SUGGESTION_KIND_USERNAME,
    SUGGESTION_KIND_WORD,
    SuggestRequest,
)

from backend_server.errors import FieldErrors
from backend_server.grpc_errors import RefusedCallError, TemporaryCallError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_server.grpc_clients import HeavyComputationClient

Kind = Literal["word", "tag", "username"]

_KINDS: Final[Mapping[int, Kind]] = {
    SUGGESTION_KIND_WORD: "word",
    SUGGESTION_KIND_TAG: "tag",
    SUGGESTION_KIND_USERNAME: "username",
}


@dataclass(frozen=True, slots=True)
class Completion:
    kind: Kind
    text: str
    posts: int


def completions_of(
    heavy_computation: HeavyComputationClient, typed: str, limit: int
) -> list[Completion] | None:
    """Most likely first. None when there can be no answer: nobody is to be kept from typing.

    Raises `FieldErrors`.
    """
    try:
        response = heavy_computation.suggest(SuggestRequest(typed=typed, limit=limit))
    except RefusedCallError as error:
        _, _, reason = error.message.partition(":")
        raise FieldErrors(fields={"q": [reason.strip() or error.message]}) from error
    except TemporaryCallError:
        return None
    return [
        Completion(_KINDS[each.kind], each.text, each.posts)
        for each in response.suggestions
        if each.kind in _KINDS
    ]
