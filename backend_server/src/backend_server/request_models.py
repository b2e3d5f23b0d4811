"""What every model of a request has in common."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


def _without_nul(text: str) -> str:
    if "\0" in text:
        # Postgres stores no NUL. Lone surrogates, which it refuses too, do not pass pydantic.
        raise PydanticCustomError("nul_character", "This contains a NUL character.")
    return text


WITHOUT_NUL: Final = AfterValidator(_without_nul)

# Text that Postgres can store. Lengths are in Unicode code points. A field with a length of its own
# names it before this check: Annotated[str, Field(max_length=…), WITHOUT_NUL].
Text = Annotated[str, WITHOUT_NUL]


class Body(BaseModel):
    """A JSON body: no other fields than these, and no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """A query string. Unknown parameters are ignored: proxies and mail programs add theirs."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    @cache
    def model_json_schema(  # type: ignore[override]  # the cache hides the signature
        cls, *arguments: Any, **options: Any
    ) -> dict[str, Any]:
        """Cached, because flask-openapi asks for it on each request."""
        return super().model_json_schema(*arguments, **options)


class Answer(BaseModel):
    """An answer, as it is described in the OpenAPI document."""

    model_config = ConfigDict(frozen=True)

    message: str
