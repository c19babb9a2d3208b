"""What requests about bots and what they know may hold."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from control_api.bots.analysis_schemas import Analysis
from control_api.bots.tool_schemas import Tools
from control_api.request.fields import (
    BotPrompt,
    CatalogChecked,
    Duration,
    Greeting,
    IdlePrompt,
    LanguageName,
    MaxDelay,
    MinDelay,
    ModelName,
    Name,
    NullIsAbsent,
    SttModelName,
    Text,
    TtsModelName,
    VoiceName,
)
from core.catalog import Catalog

MAX_VARIABLES: Final = 64
MAX_VARIABLE_BYTES: Final = 4 * 1024


def _short(value: str) -> str:
    if len(value.encode()) > MAX_VARIABLE_BYTES:
        raise PydanticCustomError("variable_too_long", "Text should be at most 4 KiB in UTF-8")
    return value


VariableName = Annotated[Text, Field(max_length=255)]
VariableValue = Annotated[Text, Field(max_length=MAX_VARIABLE_BYTES), AfterValidator(_short)]


class BotConfig(NullIsAbsent, CatalogChecked):
    """What sessions take over from a bot, in the fields of a create."""

    voice: VoiceName | None = None
    language: LanguageName | None = None
    llm_model: ModelName | None = None
    greeting: Greeting | None = None
    max_duration_seconds: Duration = 300
    variables: dict[VariableName, VariableValue] = Field(
        default_factory=dict, max_length=MAX_VARIABLES
    )
    tts_provider: Literal["sarvam"] = "sarvam"
    stt_model: SttModelName | None = None
    tts_model: TtsModelName | None = None
    min_endpointing_delay: MinDelay | None = None
    max_endpointing_delay: MaxDelay | None = None
    tools: Tools | None = None
    end_call: bool = True
    idle_prompt_s: IdlePrompt | None = None
    store_transcript: bool | None = None
    record: bool | None = None
    record_notice: bool = False
    analysis: Analysis | None = None

    @field_validator("analysis")
    @classmethod
    def _has_words(cls, value: Analysis | None, info: ValidationInfo) -> Analysis | None:
        if value is not None and info.data.get("store_transcript") is False:
            raise PydanticCustomError(
                "analysis_without_words",
                "analysis needs what store_transcript: false does not keep",
            )
        return value

    @field_validator("llm_model")
    @classmethod
    def _known_model(cls, value: str | None, info: ValidationInfo) -> str | None:
        assert isinstance(info.context, Catalog)
        if value is not None and info.context.model(value) is None:
            raise PydanticCustomError("model_unknown", "Input should be a model of the catalog")
        return value

    def given(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


class CreateBot(BaseModel):
    """The body that makes a bot."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name
    system_prompt: BotPrompt | None = None
    config: BotConfig = BotConfig()
    is_active: bool = True


class ChangeBot(BaseModel):
    """The body that changes a bot: what it names. A null in `config` takes a field away."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name | None = None
    system_prompt: BotPrompt | None = None
    config: BotConfig = BotConfig()
    is_active: bool | None = None


class PublishBot(BaseModel):
    """The body that publishes a bot's draft, where there is one: why, in a line."""

    model_config = ConfigDict(strict=True, frozen=True)

    note: (
        Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
        | None
    ) = None


class CreateDocument(BaseModel):
    """The body that gives a bot a document."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name
    content: Annotated[
        Text,
        Field(max_length=100_000, json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"}),
    ]

    @field_validator("content")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("Text must not be blank")
        return value


def removed_fields(body: Mapping[str, Any]) -> dict[str, None]:
    """The fields of a bot's config that the body of a change takes away."""
    config = body.get("config") or {}
    return {
        name: None for name in BotConfig.model_fields if name in config and config[name] is None
    }
