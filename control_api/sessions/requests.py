"""What requests about one session may hold."""

import json
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, PlainValidator, field_validator
from pydantic_core import PydanticCustomError

from control_api.request.fields import (
    CatalogChecked,
    Duration,
    Greeting,
    LanguageName,
    MaxDelay,
    MinDelay,
    ModelName,
    Prompt,
    QueryInteger,
    SttModelName,
    Text,
    TtsModelName,
    Url,
    VoiceName,
    storable_texts,
    whole,
)
from store.bot_versions import DRAFT

_MAX_METADATA_BYTES: Final = 16 * 1024
_LAST_VERSION: Final = 999_999_999


def _a_version(value: object) -> int | Literal["draft"]:
    number = whole(value)
    if value == DRAFT:
        return DRAFT
    if type(number) is int and 1 <= number <= _LAST_VERSION:
        return number
    raise PydanticCustomError("version_malformed", "Input should be a version's number or 'draft'")


VersionName = Annotated[
    int | Literal["draft"],
    PlainValidator(
        _a_version,
        json_schema_input_type=Annotated[int, Field(ge=1, le=_LAST_VERSION)] | Literal["draft"],
    ),
]


class CreateSession(CatalogChecked):
    """The body of a create. Lengths count code points."""

    bot_id: Annotated[UUID, Field(strict=False)] | None = None
    system_prompt: Prompt | None = None
    voice: VoiceName | None = None
    language: LanguageName | None = None
    llm_model: ModelName | None = None
    tts_provider: Literal["sarvam"] = "sarvam"
    max_duration_seconds: Duration = 300
    webhook_url: Url | None = None
    metadata: dict[str, Any] | None = None
    greeting: Greeting | None = None
    stt_model: SttModelName | None = None
    tts_model: TtsModelName | None = None
    variables: dict[Text, Text] = Field(default={})
    min_endpointing_delay: MinDelay | None = None
    max_endpointing_delay: MaxDelay | None = None
    store_transcript: bool | None = None
    record: bool | None = None
    bot_version: VersionName | None = None

    @field_validator("metadata")
    @classmethod
    def _small_metadata(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        storable_texts(value)
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if len(compact.encode("utf-8")) > _MAX_METADATA_BYTES:
            raise PydanticCustomError("metadata_too_large", "Metadata must be at most 16 KiB")
        return value


class SoundQuery(BaseModel):
    """The query of a link to a recording."""

    expires: QueryInteger
    signature: Text


class TranscriptQuery(BaseModel):
    """The query of a transcript."""

    format: Literal["json", "txt", "srt"] = "json"
