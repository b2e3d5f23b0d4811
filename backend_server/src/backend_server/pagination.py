"""Lists go from newest to oldest; the next page starts after the last item seen."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from pydantic import Field

from backend_server.request_models import Query

DEFAULT_LIMIT: Final = 50
GREATEST_LIMIT: Final = 100


class PageQuery(Query):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=GREATEST_LIMIT, description="How many to return.")
    before: UUID | None = Field(None, description="Id of the last item seen.")


def next_page_link(**changed_parameters: str) -> dict[str, str]:
    """The `Link` header (RFC 8288) to the same list with some query parameters changed.

    The target is relative, so that it holds under whatever prefix a proxy has taken off.
    """
    parameters = {**request.args.to_dict(), **changed_parameters}
    return {"Link": f'<?{urlencode(parameters)}>; rel="next"'}
