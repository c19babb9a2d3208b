"""Pages of lists: what a query may ask for, and the answer with the cursor that leads on."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

from control_api.request.cursors import CURSORS, UnknownCursor
from control_api.request.errors import ApiError, invalid_field
from control_api.request.fields import QueryInteger, Text
from control_api.request.json_text import json_response
from store.pages import Listed, Part
from store.records import TenantId

MOST_PASSED_OVER: Final = 100_000
"""What an offset passes over is read all the same."""
_LONGEST_CURSOR: Final = 512


class Page(BaseModel):
    """Which part of a list is wanted: behind a page's `cursor`, or behind the first `offset`."""

    limit: QueryInteger = Field(default=50, ge=1, le=200)
    offset: QueryInteger = Field(default=0, ge=0, json_schema_extra={"maximum": MOST_PASSED_OVER})
    cursor: Annotated[Text, Field(min_length=1, max_length=_LONGEST_CURSOR)] | None = None

    @field_validator("offset")
    @classmethod
    def _near(cls, value: int) -> int:
        if value > MOST_PASSED_OVER:
            message = "Input should be at most {most}; go further by cursor"
            raise PydanticCustomError("offset_too_large", message, {"most": MOST_PASSED_OVER})
        return value


def part_of(request: web.Request, page: Page, tenant_id: TenantId | None = None) -> Part:
    """What is wanted of the list at the request's path, the tenant's or, without one, everybody's.

    Raises `ApiError` (422).
    """
    if page.cursor is None:
        return Part(page.limit, page.offset)
    if "offset" in page.model_fields_set:
        raise _bad_cursor("Input should come without offset", "cursor_with_offset")
    try:
        place = request.app[CURSORS].read(page.cursor, about=_about(request, tenant_id))
    except UnknownCursor:
        message = "Input should be an X-Next-Cursor of this list"
        raise _bad_cursor(message, "cursor_unknown") from None
    return Part(page.limit, after=place)


def page_response(
    request: web.Request,
    shown: Sequence[Any],
    listed: Listed[Any],
    tenant_id: TenantId | None = None,
) -> web.Response:
    """The part of the list, as it is `shown`."""
    headers = {"X-Total-Count": str(listed.total.n)}
    if listed.total.is_least:
        headers["X-Total-Count-Relation"] = "gte"
    if listed.end is not None:
        about = _about(request, tenant_id)
        headers["X-Next-Cursor"] = request.app[CURSORS].write(listed.end, about=about)
    return json_response(shown, headers=headers)


def _about(request: web.Request, tenant_id: TenantId | None) -> str:
    return f"{tenant_id} {request.path.lower()}"


def _bad_cursor(message: str, kind: str) -> ApiError:
    return invalid_field("cursor", message, kind, where="query")
