"""What the routes of bots take and give."""

from typing import Final

from control_api.bots.answers import Bot, Document
from control_api.bots.requests import ChangeBot, CreateBot, CreateDocument
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.parsing import Page

_TAG: Final = "Bots"
_PATH: Final = "/api/v1/bots"
_BOT: Final = f"{_PATH}/{{bot_id}}"
_KNOWLEDGE: Final = f"{_BOT}/knowledge"
_DOCUMENT: Final = f"{_KNOWLEDGE}/{{document_id}}"


OPERATIONS: Final = (
    Operation(
        method="POST",
        path=_PATH,
        tag=_TAG,
        name="create_bot",
        summary="Make a bot",
        access=Access.ANYONE,
        body=CreateBot,
        example={
            "name": "Front desk",
            "system_prompt": "You answer for {{shop}}.",
            "config": {
                "voice": "shubh",
                "language": "en-IN",
                "variables": {"shop": "Asha's"},
                "tools": [
                    {
                        "name": "find_order",
                        "description": "Where an order is, by its number.",
                        "parameters": {
                            "type": "object",
                            "properties": {"number": {"type": "string"}},
                            "required": ["number"],
                        },
                        "url": "https://shop.example.com/tools/find-order",
                    }
                ],
            },
        },
        answers=(json_answer(201, "Made.", Bot),),
    ),
    Operation(
        method="GET",
        path=_PATH,
        tag=_TAG,
        name="list_bots",
        summary="List bots, newest first",
        access=Access.ANYONE,
        query=Page,
        answers=(list_answer("The page.", Bot),),
    ),
    Operation(
        method="GET",
        path=_BOT,
        tag=_TAG,
        name="get_bot",
        summary="Read a bot",
        access=Access.ANYONE,
        answers=(json_answer(200, "The bot.", Bot),),
    ),
    Operation(
        method="PATCH",
        path=_BOT,
        tag=_TAG,
        name="change_bot",
        summary="Change a bot: the fields that the body names, of its config too",
        access=Access.ANYONE,
        body=ChangeBot,
        example={"config": {"language": "hi-IN"}},
        answers=(json_answer(200, "Changed.", Bot),),
    ),
    Operation(
        method="DELETE",
        path=_BOT,
        tag=_TAG,
        name="delete_bot",
        summary="Delete a bot and what it knows; its sessions keep their copy",
        access=Access.ANYONE,
        answers=(Answer(204, "Deleted."),),
    ),
    Operation(
        method="POST",
        path=_KNOWLEDGE,
        tag=_TAG,
        name="create_document",
        summary="Give a bot a document; it is searched from the next turn on",
        access=Access.ANYONE,
        body=CreateDocument,
        example={"name": "Opening hours", "content": "We are open from nine to five."},
        answers=(json_answer(201, "Added.", Document),),
    ),
    Operation(
        method="GET",
        path=_KNOWLEDGE,
        tag=_TAG,
        name="list_documents",
        summary="List a bot's documents, newest first",
        access=Access.ANYONE,
        query=Page,
        answers=(list_answer("The page.", Document),),
    ),
    Operation(
        method="GET",
        path=_DOCUMENT,
        tag=_TAG,
        name="get_document",
        summary="Read a document",
        access=Access.ANYONE,
        answers=(json_answer(200, "The document.", Document),),
    ),
    Operation(
        method="DELETE",
        path=_DOCUMENT,
        tag=_TAG,
        name="delete_document",
        summary="Delete a document",
        access=Access.ANYONE,
        answers=(Answer(204, "Deleted."),),
    ),
)
