"""Bots and what they know as the API shows them."""

import json
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from control_api.access.actors import Actor
from control_api.bots.tool_schemas import MASK
from control_api.request.fields import Duration, IdlePrompt, MaxDelay, MinDelay
from control_api.request.shown import AS_IT_IS, WHERE_ANY, Moment, Plain, Shown
from store.analysis_wish import AnalysisWish
from store.tools import ToolRecord


class KeptFunctionTool(Shown):
    """A function that the model may call; it is run by a POST to `url`."""

    name: str
    description: str
    parameters: dict[str, Any]
    url: str
    headers: dict[str, str]
    """Names, each with `***` for its value."""
    timeout_s: Plain
    say_while_waiting: str

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `ToolRecord`; of its headers the names."""
        return super().of(
            row,
            parameters=json.loads(row.parameters),
            headers=dict.fromkeys(row.header_names, MASK),
            say_while_waiting=row.wait_line,
            **own,
        )


class KeptAnalysis(Shown):
    """What is wanted of a session that is over; what is not wanted is not there."""

    summary: Annotated[bool, WHERE_ANY] = False
    sentiment: Annotated[bool, WHERE_ANY] = False
    dispositions: Annotated[list[str], WHERE_ANY] = Field(default_factory=list)
    goal: Annotated[str, WHERE_ANY] = ""
    fields_schema: Annotated[dict[str, Any] | None, WHERE_ANY] = Field(default=None, alias="schema")

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """An `AnalysisWish`."""
        return super().of(row, dispositions=list(row.dispositions), fields_schema=row.fields, **own)


class KeptBotConfig(Shown):
    """The fields that were given; sessions take them over where they say nothing themselves."""

    voice: str = ""
    language: str = ""
    llm_model: str = ""
    greeting: str = ""
    max_duration_seconds: Duration = 0
    variables: dict[str, str] = Field(default_factory=dict)
    tts_provider: Literal["sarvam"] = "sarvam"
    stt_model: str = ""
    tts_model: str = ""
    min_endpointing_delay: Annotated[MinDelay, AS_IT_IS] = 0
    max_endpointing_delay: Annotated[MaxDelay, AS_IT_IS] = 0
    tools: list[KeptFunctionTool] = Field(default_factory=list)
    """What the model may call beside `end_call`."""
    end_call: bool = True
    """Whether the agent may hang up."""
    idle_prompt_s: Annotated[IdlePrompt, AS_IT_IS] = 0
    """Seconds of silence before a caller is asked if they are there; 0: never."""
    store_transcript: bool = True
    """Whether what is said may be stored."""
    record: bool = False
    """Whether what is heard is recorded."""
    record_notice: bool = False
    """Whether callers whose call is recorded are told so before the greeting."""
    analysis: KeptAnalysis | None = None
    """What a model is asked of each session once it is over."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """What the kept config holds."""
        if "tools" in row:
            tools = [ToolRecord.of(kept) for kept in row["tools"]]
            own["tools"] = [KeptFunctionTool.of(tool) for tool in tools]
        if "analysis" in row:
            own["analysis"] = KeptAnalysis.of(AnalysisWish.of(row["analysis"]))
        return cls.of_kept(row, **own)


class Bot(Shown):
    """A prompt and a config that sessions can start from."""

    id: UUID
    name: str
    system_prompt: str | None
    config: KeptBotConfig
    is_active: bool
    created_at: Moment
    updated_at: Moment
    version: int = Field(ge=1)
    """The number of the version that serves."""
    has_unpublished_changes: bool
    """Whether prompt and config, which are the draft's, differ from what serves."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `BotRecord`."""
        return super().of(row, config=KeptBotConfig.of(row.config), **own)


class ListedBotVersion(Shown):
    """That a bot's draft was published."""

    number: int = Field(ge=1)
    changed_fields: list[str]
    """What differs from the version before: `system_prompt`, or `config.` and a field of it."""
    published_at: Moment
    published_by: Actor | None
    """Null for the first version of a bot from before there were any."""
    note: str | None
    """Why, as whoever published it put it; null where they did not say."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `ListedVersion`."""
        by = None if row.published_by is None else Actor.of(row.published_by)
        return super().of(row, published_by=by, **own)


class BotVersion(ListedBotVersion):
    """A bot's draft as it was published."""

    system_prompt: str | None
    config: KeptBotConfig

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `VersionRecord`."""
        return super().of(row, config=KeptBotConfig.of(row.config), **own)


class Document(Shown):
    """A text that a bot knows."""

    id: UUID
    name: str
    content: str
    created_at: Moment


class ListedDocument(Shown):
    """A document without its text, which reading it shows."""

    id: UUID
    name: str
    content_bytes: int
    """The length of the text in UTF-8."""
    created_at: Moment
