"""What the routes of API keys take and give."""

from functools import partial
from typing import Final

from control_api.keys.answers import CreatedKey, Key
from control_api.keys.requests import ChangeKey, CreateKey
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.pages import Page

_PATH: Final = "/api/v1/keys"
_KEY: Final = f"{_PATH}/{{key_id}}"
_operation: Final = partial(Operation, tag="API keys", access=Access.PERSON)

OPERATIONS: Final = (
    _operation(
        method="POST",
        path=_PATH,
        name="create_key",
        summary="Make a key; the answer holds its plaintext, once",
        body=CreateKey,
        example={"name": "Shop", "permissions": "stt,tts,llm", "scopes": "usage:read"},
        answers=(json_answer(201, "Made.", CreatedKey),),
    ),
    _operation(
        method="GET",
        path=_PATH,
        name="list_keys",
        summary="List keys, newest first",
        query=Page,
        answers=(list_answer("The page.", Key),),
    ),
    _operation(
        method="GET",
        path=_KEY,
        name="get_key",
        summary="Read a key",
        answers=(json_answer(200, "The key.", Key),),
    ),
    _operation(
        method="PATCH",
        path=_KEY,
        name="change_key",
        summary="Change a key: the fields that the body names",
        body=ChangeKey,
        example={"allowed_domains": "shop.example"},
        answers=(json_answer(200, "Changed.", Key),),
    ),
    _operation(
        method="DELETE",
        path=_KEY,
        name="revoke_key",
        summary="Revoke a key",
        answers=(Answer(204, "Revoked."),),
    ),
    _operation(
        method="POST",
        path=f"{_KEY}/rotate",
        name="rotate_key",
        summary="Make a new plaintext, told once; the old one ends at once",
        answers=(json_answer(200, "The key with its new plaintext.", CreatedKey),),
    ),
)
