"""The catalog: shapes and routes."""

from typing import Final, Literal

from pydantic import Field

from control_api.catalog.samples import SampleQuery
from control_api.catalog.verdicts import Verdict
from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.openapi.shown import Shown
from control_api.request.errors import ErrorCode
from control_api.request.parsing import Page
from core.catalog import Plan

_TAG: Final = "Catalog"


class Pricing(Shown):
    """Credits per million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class CatalogModel(Shown):
    """A chat model."""

    id: str
    name: str
    owned_by: str
    status: Literal["available", "maintenance", "retired"]
    successor: str = ""
    """The model to use instead; there only when one is named."""
    context_window: int
    pricing: Pricing
    plans: list[Plan]
    """The plans that may use it."""


class FirstToken(Shown):
    """From the request to the first token, milliseconds, of the tenant's last seven days."""

    p50: int | None = Field(ge=0)
    p95: int | None = Field(ge=0)
    n: int = Field(ge=0)
    """Measured turns; the others are null where it is 0."""


class VoiceModel(Shown):
    """A chat model, and whether it is fast enough to be talked to."""

    id: str
    status: Literal["available", "maintenance", "retired"]
    verdict: Verdict
    """`unmeasured` below five turns; `unsupported`: nothing here can serve it."""
    first_token_ms: FirstToken
    budget_ms: int = Field(ge=1)
    """What half of the turns have to keep to."""


class OpenAIModel(Shown):
    """A chat model as OpenAI's clients read it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class OpenAIModels(Shown):
    """OpenAI's list."""

    object: Literal["list"]
    data: list[OpenAIModel]


class CatalogVoice(Shown):
    """A voice and the languages that it speaks."""

    id: str
    gender: Literal["female", "male"]
    languages: list[str]


class CatalogLanguage(Shown):
    """A language that is both heard and spoken."""

    id: str
    name: str
    stt: bool
    tts: bool


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
