"""What the routes of the catalog take and give."""

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
from control_api.request.parsing import Page

_TAG: Final = "Catalog"


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/models",
        tag=_TAG,
        name="list_openai_models",
        summary="List chat models in OpenAI's shape",
        access=Access.ANYONE,
        answers=(json_answer(200, "All that can be asked for.", OpenAIModels),),
    ),
    Operation(
        method="GET",
        path="/api/v1/models",
        tag=_TAG,
        name="list_models",
        summary="List chat models with prices and plans",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogModel),),
    ),
    Operation(
        method="GET",
        path="/api/v1/models/{model_id}",
        tag=_TAG,
        name="get_model",
        summary="Read one chat model; an id may hold slashes",
        access=Access.OPEN,
        answers=(json_answer(200, "The model.", CatalogModel),),
    ),
    Operation(
        method="GET",
        path="/api/v1/voice/models",
        tag=_TAG,
        name="list_voice_models",
        summary="List chat models with a verdict from measured turns: fast enough to talk to?",
        access=Access.ANYONE,
        query=Page,
        answers=(list_answer("The page.", VoiceModel),),
    ),
    Operation(
        method="GET",
        path="/api/v1/voices",
        tag=_TAG,
        name="list_voices",
        summary="List voices",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogVoice),),
    ),
    Operation(
        method="GET",
        path="/api/v1/voices/{voice_id}/sample",
        tag=_TAG,
        name="get_voice_sample",
        summary="Hear a sentence in a voice",
        access=Access.ANYONE,
        query=SampleQuery,
        answers=(Answer(200, "The sound.", {"audio/wav": bytes}),),
        errors=frozenset({ErrorCode.PROVIDER_ERROR}),
    ),
    Operation(
        method="GET",
        path="/api/v1/languages",
        tag=_TAG,
        name="list_languages",
        summary="List languages",
        access=Access.OPEN,
        query=Page,
        answers=(list_answer("The page.", CatalogLanguage),),
    ),
)
