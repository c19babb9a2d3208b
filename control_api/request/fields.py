"""Kinds of fields that requests hold."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from core.catalog import Catalog

UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What no text in Postgres can hold."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,30}")
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
# No turn is older; beyond the other end dates cannot be reckoned with.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
MAX_URL_CHARACTERS: Final = 2048
MAX_PROMPT: Final = 4096
MAX_BOT_PROMPT: Final = 20_000
MAX_GREETING: Final = 500
DELAYS_UNORDERED: Final = "Input should be at least min_endpointing_delay"


def _storable(text: str) -> str:
    if UNSTORABLE.search(text):
        raise PydanticCustomError(
            "text_unstorable", "Text must not hold U+0000 or a lone surrogate"
        )
    return text


def _decimal(text: object) -> object:
    if isinstance(text, str) and not _INTEGER.fullmatch(text):
        raise PydanticCustomError("int_parsing", "Input should be a valid integer")
    return text


def _rfc_3339(text: object) -> object:
    if isinstance(text, str) and not _RFC_3339.fullmatch(text):
        raise PydanticCustomError("datetime_parsing", "Input should be an RFC 3339 time")
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
QueryInteger = Annotated[int, BeforeValidator(_decimal)]
Name = Annotated[Text, Field(min_length=1, max_length=255)]
# What a session's agent is to be: in a create, and in a bot's config. A limit comes before a
# validator: behind one it would be missing from the API's description.
VoiceName = Annotated[Text, Field(max_length=50)]
LanguageName = Annotated[Text, named_in("languages", 10)]
ModelName = Annotated[Text, named_in("models", 100)]
SttModelName = Annotated[Text, named_in("stt_models", 64)]
TtsModelName = Annotated[Text, named_in("tts_models", 64)]
Prompt = Annotated[Text, Field(max_length=MAX_PROMPT)]
BotPrompt = Annotated[Text, Field(max_length=MAX_BOT_PROMPT)]
Greeting = Annotated[Text, Field(max_length=MAX_GREETING)]
Duration = Annotated[int, Field(ge=30, le=3600), BeforeValidator(whole)]
IdlePrompt = Annotated[float, Field(ge=0, le=600)]
# Seconds of silence that end the caller's turn: after a complete sentence, after an open one.
MinDelay = Annotated[float, Field(ge=0.06, le=5)]
MaxDelay = Annotated[float, Field(ge=0.06, le=10)]
Moment = Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST), BeforeValidator(_rfc_3339)]


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


class NullIsAbsent(BaseModel):
    """An object in which a field that is null was not given."""

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: one for name, one in value.items() if one is not None}
        return value


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


def _catalog(info: ValidationInfo) -> Catalog:
    assert isinstance(info.context, Catalog)
    return info.context


def _not_one_of(kind: str, ids: Iterator[str]) -> PydanticCustomError:
    return PydanticCustomError(kind, "Input should be one of {ids}", {"ids": ", ".join(ids)})
