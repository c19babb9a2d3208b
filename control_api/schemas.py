"""What requests may hold, checked field by field."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from control_api.errors import ApiError, ErrorCode
from core.catalog import Catalog

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_INTEGER: Final = re.compile(r"-?[0-9]{1,30}")
_MAX_METADATA_BYTES: Final = 16 * 1024
MAX_URL_CHARACTERS: Final = 2048
DELAYS_UNORDERED: Final = "Input should be at least min_endpointing_delay"
_LARGEST_BIGINT: Final = 2**63 - 1
# A body of one megabyte can hold more mistakes than anyone reads.
_MAX_DETAILS: Final = 100

ModelT = TypeVar("ModelT", bound=BaseModel)


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise PydanticCustomError(
            "text_unstorable", "Text must not hold U+0000 or a lone surrogate"
        )
    return text


def _decimal(text: object) -> object:
    if isinstance(text, str) and not _INTEGER.fullmatch(text):
        raise PydanticCustomError("int_parsing", "Input should be a valid integer")
    return text


def whole(value: object) -> object:
    """JSON has one kind of number: 300.0 is 300."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def named_in(part: str, max_length: int) -> Any:
    """The field holds an id of the catalog's `part`; the API's description lists them."""
    return Field(max_length=max_length, json_schema_extra={"x-catalog": part})


Text = Annotated[
    str, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})
]
# The address guard has the last word: what a name resolves to is in no schema.
Url = Annotated[
    Text,
    Field(max_length=MAX_URL_CHARACTERS, json_schema_extra={"pattern": r"^https?://[!-~]+$"}),
]
Integer = Annotated[int, BeforeValidator(whole)]
QueryInteger = Annotated[int, BeforeValidator(_decimal)]
# Seconds of silence that end the caller's turn: after a complete sentence, after an open one.
MinDelay = Annotated[float, Field(ge=0.06, le=5)]
MaxDelay = Annotated[float, Field(ge=0.06, le=10)]


class CatalogChecked(BaseModel):
    """Fields that name something in the catalog, which comes as the validation's context."""

    model_config = ConfigDict(strict=True, frozen=True)

    @field_validator("language", check_fields=False)
    @classmethod
    def _known_language(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        catalog = _catalog(info)
        language = catalog.language(value)
        if language is None:
            raise _not_one_of("language_unknown", (one.id for one in catalog.languages))
        return language.id

    @field_validator("stt_model", check_fields=False)
    @classmethod
    def _known_stt_model(cls, value: str | None, info: ValidationInfo) -> str | None:
        catalog = _catalog(info)
        if value is not None and catalog.stt_model(value) is None:
            raise _not_one_of("model_unknown", (one.id for one in catalog.stt_models))
        return value

    @field_validator("max_endpointing_delay", check_fields=False)
    @classmethod
    def _not_below_min(cls, value: float | None, info: ValidationInfo) -> float | None:
        shortest = info.data.get("min_endpointing_delay")
        if value is not None and shortest is not None and value < shortest:
            raise PydanticCustomError("delays_unordered", DELAYS_UNORDERED)
        return value

    @field_validator("tts_model", check_fields=False)
    @classmethod
    def _known_tts_model(cls, value: str | None, info: ValidationInfo) -> str | None:
        catalog = _catalog(info)
        if value is not None and catalog.tts_model(value) is None:
            raise _not_one_of("model_unknown", (one.id for one in catalog.tts_models))
        return value


class CreateSession(CatalogChecked):
    """The body of a create. Lengths count code points."""

    bot_id: Annotated[UUID, Field(strict=False)] | None = None
    system_prompt: Annotated[Text, Field(max_length=4096)] | None = None
    voice: Annotated[Text, Field(max_length=50)] | None = None
    language: Annotated[Text, named_in("languages", 10)] | None = None
    llm_model: Annotated[Text, named_in("models", 100)] | None = None
    tts_provider: Literal["sarvam"] = "sarvam"
    max_duration_seconds: Integer = Field(default=300, ge=30, le=3600)
    webhook_url: Url | None = None
    metadata: dict[str, Any] | None = None
    greeting: Annotated[Text, Field(max_length=500)] | None = None
    stt_model: Annotated[Text, named_in("stt_models", 64)] | None = None
    tts_model: Annotated[Text, named_in("tts_models", 64)] | None = None
    variables: dict[Text, Text] = {}
    min_endpointing_delay: MinDelay | None = None
    max_endpointing_delay: MaxDelay | None = None

    @field_validator("metadata")
    @classmethod
    def _small_metadata(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        storable_texts(value)
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if len(compact.encode("utf-8")) > _MAX_METADATA_BYTES:
            raise PydanticCustomError("metadata_too_large", "Metadata must be at most 16 KiB")
        return value


class Page(BaseModel):
    """Which part of a list is wanted."""

    limit: QueryInteger = Field(default=50, ge=1, le=200)
    offset: QueryInteger = Field(default=0, ge=0, le=_LARGEST_BIGINT)


class SampleQuery(CatalogChecked):
    """The query of a voice's sample; the catalog's default language unless it says otherwise."""

    language: Annotated[Text, named_in("languages", 10)] | None = None


class TranscriptQuery(BaseModel):
    """The query of a transcript."""

    format: Literal["json", "txt", "srt"] = "json"


def parse_body(model: type[ModelT], body: Any, catalog: Catalog) -> ModelT:
    """`body` as `model`; an explicit null is the same as absent. Raises `ApiError` (422)."""
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if value is not None}
    return _parse(model, body, where="body", catalog=catalog)


def parse_query(
    model: type[ModelT], query: Mapping[str, str], catalog: Catalog | None = None
) -> ModelT:
    """The query's known parameters as `model`. Raises `ApiError` (422)."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    known = {name: query[name] for name in names if name in query}
    return _parse(model, known, where="query", catalog=catalog)


def _parse(
    model: type[ModelT], value: Any, *, where: str, catalog: Catalog | None = None
) -> ModelT:
    try:
        return model.model_validate(value, context=catalog)
    except ValidationError as exc:
        raise _refusal(exc, where) from None


def _refusal(exc: ValidationError, where: str) -> ApiError:
    problems = exc.errors(include_url=False, include_context=False, include_input=False)
    detail = [
        {"loc": [where, *one["loc"]], "msg": one["msg"], "type": one["type"]}
        for one in problems[:_MAX_DETAILS]
    ]
    first = problems[0]
    param = ".".join(map(str, first["loc"])) or where
    return ApiError(
        ErrorCode.VALIDATION_ERROR, f"{param}: {first['msg']}", param=param, detail=detail
    )


def _catalog(info: ValidationInfo) -> Catalog:
    assert isinstance(info.context, Catalog)
    return info.context


def _not_one_of(kind: str, ids: Iterator[str]) -> PydanticCustomError:
    return PydanticCustomError(kind, "Input should be one of {ids}", {"ids": ", ".join(ids)})


def storable_texts(value: Any) -> None:
    """Raises `PydanticCustomError` for a text in a JSON value that the database cannot hold."""
    for text in _texts(value):
        _storable(text)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys too; the value's depth was bounded when it was read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
