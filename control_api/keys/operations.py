"""What the routes of API keys take and give."""

from typing import Final

from control_api.keys.answers import CreatedKey, Key
from control_api.keys.requests import ChangeKey, CreateKey
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.parsing import Page

_TAG: Final = "API keys"
_PATH: Final = "/api/v1/keys"
_KEY: Final = f"{_PATH}/{{key_id}}"


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
