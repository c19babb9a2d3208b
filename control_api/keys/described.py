"""API keys: shapes and routes."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from control_api.keys.schemas import ChangeKey, CreateKey
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.openapi.shown import Shown
from control_api.request.parsing import Page

_TAG: Final = "API keys"
_PATH: Final = "/api/v1/keys"
_KEY: Final = f"{_PATH}/{{key_id}}"


class Key(Shown):
    """An API key. The four lists are csv; `*` is everything."""

    id: UUID
    name: str
    prefix: str
    permissions: str
    scopes: str
    allowed_domains: str
    allowed_models: str
    rate_limit_rpm: int | None = Field(ge=1)
    budget_limit: float | None = Field(ge=0)
    """In credits; null: none."""
    budget_used: float = Field(ge=0)
    is_active: bool
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class CreatedKey(Key):
    """A key with its plaintext, told this once."""

    key: str = Field(pattern="^cm_live_[A-Za-z0-9_-]{43}$")


OPERATIONS: Final = (
    Operation(
        method="POST",
        path=_PATH,
        tag=_TAG,
        name="create_key",
        summary="Make a key; the answer holds its plaintext, once",
        access=Access.PERSON,
        body=CreateKey,
        example={"name": "Shop", "permissions": "stt,tts,llm", "scopes": "usage:read"},
        answers=(json_answer(201, "Made.", CreatedKey),),
    ),
    Operation(
        method="GET",
        path=_PATH,
        tag=_TAG,
        name="list_keys",
        summary="List keys, newest first",
        access=Access.PERSON,
        query=Page,
        answers=(list_answer("The page.", Key),),
    ),
    Operation(
        method="GET",
        path=_KEY,
        tag=_TAG,
        name="get_key",
        summary="Read a key",
        access=Access.PERSON,
        answers=(json_answer(200, "The key.", Key),),
    ),
    Operation(
        method="PATCH",
        path=_KEY,
        tag=_TAG,
        name="change_key",
        summary="Change a key: the fields that the body names",
        access=Access.PERSON,
        body=ChangeKey,
        example={"allowed_domains": "shop.example"},
        answers=(json_answer(200, "Changed.", Key),),
    ),
    Operation(
        method="DELETE",
        path=_KEY,
        tag=_TAG,
        name="revoke_key",
        summary="Revoke a key",
        access=Access.PERSON,
        answers=(Answer(204, "Revoked."),),
    ),
    Operation(
        method="POST",
        path=f"{_KEY}/rotate",
        tag=_TAG,
        name="rotate_key",
        summary="Make a new plaintext, told once; the old one ends at once",
        access=Access.PERSON,
        answers=(json_answer(200, "The key with its new plaintext.", CreatedKey),),
    ),
)
