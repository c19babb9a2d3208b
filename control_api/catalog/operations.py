"""What the routes of the catalog take and give."""

from functools import partial
from typing import Final

from control_api.catalog.answers import (
    CatalogLanguage,
    CatalogModel,
    CatalogVoice,
    OpenAIModels,
    VoiceModel,
)
from control_api.catalog.samples import SampleQuery
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.errors import ErrorCode
from control_api.request.pages import Page

_operation: Final = partial(Operation, tag="Catalog", access=Access.ANYONE)

OPERATIONS: Final = (
    _operation(
        method="GET",
        path="/v1/models",
        name="list_openai_models",
        summary="List chat models in OpenAI's shape",
        answers=(json_answer(200, "All that can be asked for.", OpenAIModels),),
    ),
    _operation(
        method="GET",
        path="/api/v1/models",
        name="list_models",
        summary="List chat models with prices and plans",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogModel),),
    ),
    _operation(
        method="GET",
        path="/api/v1/models/{model_id}",
        name="get_model",
        summary="Read one chat model; an id may hold slashes",
        access=Access.OPEN,
        answers=(json_answer(200, "The model.", CatalogModel),),
    ),
    _operation(
        method="GET",
        path="/api/v1/voice/models",
        name="list_voice_models",
        summary="List chat models with a verdict from measured turns: fast enough to talk to?",
        query=Page,
        answers=(list_answer("The page.", VoiceModel),),
    ),
    _operation(
        method="GET",
        path="/api/v1/voices",
        name="list_voices",
        summary="List voices",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogVoice),),
    ),
    _operation(
        method="GET",
        path="/api/v1/voices/{voice_id}/sample",
        name="get_voice_sample",
        summary="Hear a sentence in a voice",
        query=SampleQuery,
        answers=(Answer(200, "The sound.", {"audio/wav": bytes}),),
        errors=frozenset({ErrorCode.PROVIDER_ERROR}),
    ),
    _operation(
        method="GET",
        path="/api/v1/languages",
        name="list_languages",
        summary="List languages",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogLanguage),),
    ),
)
