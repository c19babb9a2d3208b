"""What the routes of bots take and give."""

from functools import partial
from typing import Final

from control_api.bots.answers import (
    Bot,
    BotVersion,
    Document,
    ListedBotVersion,
    ListedDocument,
)
from control_api.bots.requests import ChangeBot, CreateBot, CreateDocument, PublishBot
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.pages import Page

_PATH: Final = "/api/v1/bots"
_BOT: Final = f"{_PATH}/{{bot_id}}"
_KNOWLEDGE: Final = f"{_BOT}/knowledge"
_DOCUMENT: Final = f"{_KNOWLEDGE}/{{document_id}}"
_VERSIONS: Final = f"{_BOT}/versions"
_VERSION: Final = f"{_VERSIONS}/{{number}}"
_operation: Final = partial(Operation, tag="Bots", access=Access.ANYONE)

OPERATIONS: Final = (
    _operation(
        method="POST",
        path=_PATH,
        name="create_bot",
        summary="Make a bot",
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
    _operation(
        method="GET",
        path=_PATH,
        name="list_bots",
        summary="List bots, newest first",
        query=Page,
        answers=(list_answer("The page.", Bot),),
    ),
    _operation(
        method="GET",
        path=_BOT,
        name="get_bot",
        summary="Read a bot",
        answers=(json_answer(200, "The bot.", Bot),),
    ),
    _operation(
        method="PATCH",
        path=_BOT,
        name="change_bot",
        summary="Change a bot's draft: the fields that the body names, of its config too",
        body=ChangeBot,
        example={"config": {"language": "hi-IN"}},
        answers=(json_answer(200, "Changed.", Bot),),
    ),
    _operation(
        method="DELETE",
        path=_BOT,
        name="delete_bot",
        summary="Delete a bot and what it knows; its sessions keep their copy",
        answers=(Answer(204, "Deleted."),),
    ),
    _operation(
        method="POST",
        path=f"{_BOT}/publish",
        name="publish_bot",
        summary="Publish a bot's draft: sessions created from now on start from it",
        body=PublishBot,
        body_is_optional=True,
        example={"note": "Opening hours of the new shop"},
        answers=(
            json_answer(200, "What serves: a new version if the draft differed.", BotVersion),
        ),
    ),
    _operation(
        method="GET",
        path=_VERSIONS,
        name="list_bot_versions",
        summary="List a bot's versions without what they say, newest first",
        query=Page,
        answers=(list_answer("The page.", ListedBotVersion),),
    ),
    _operation(
        method="GET",
        path=_VERSION,
        name="get_bot_version",
        summary="Read a version of a bot",
        answers=(json_answer(200, "The version.", BotVersion),),
    ),
    _operation(
        method="POST",
        path=f"{_VERSION}/restore",
        name="restore_bot_version",
        summary="Make a version the bot's draft; what serves stays until that is published",
        answers=(json_answer(200, "The bot with that draft.", Bot),),
    ),
    _operation(
        method="POST",
        path=_KNOWLEDGE,
        name="create_document",
        summary="Give a bot a document; it is searched from the next turn on",
        body=CreateDocument,
        example={"name": "Opening hours", "content": "We are open from nine to five."},
        answers=(json_answer(201, "Added.", Document),),
    ),
    _operation(
        method="GET",
        path=_KNOWLEDGE,
        name="list_documents",
        summary="List a bot's documents without their texts, newest first",
        query=Page,
        answers=(list_answer("The page.", ListedDocument),),
    ),
    _operation(
        method="GET",
        path=_DOCUMENT,
        name="get_document",
        summary="Read a document with its text",
        answers=(json_answer(200, "The document.", Document),),
    ),
    _operation(
        method="DELETE",
        path=_DOCUMENT,
        name="delete_document",
        summary="Delete a document",
        answers=(Answer(204, "Deleted."),),
    ),
)
