"""What a query for sessions may hold."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from control_api.request.fields import Moment, Text
from control_api.request.pages import Page
from core.catalog import Catalog
from store.records import BotId, EndReason, SessionStatus
from store.session_filter import SessionFilter


class ListSessions(Page):
    """The query of the session list; what it names, all of the sessions have."""

    status: SessionStatus | None = None
    language: Annotated[Text, Field(min_length=1, max_length=10)] | None = None
    llm_model: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    voice: Annotated[Text, Field(min_length=1, max_length=50)] | None = None
    bot_id: UUID | None = None
    bot_version: Annotated[str, Field(pattern=r"^(draft|[1-9][0-9]{0,8})$")] | None = None
    end_reason: EndReason | None = None
    disposition: Annotated[Text, Field(min_length=1, max_length=64)] | None = None
    sentiment: Literal["positive", "neutral", "negative"] | None = None
    goal_met: Literal["true", "false"] | None = None
    created_from: Moment | None = None
    created_to: Moment | None = None
    q: Annotated[Text, Field(min_length=1, max_length=200)] | None = None

    @field_validator("bot_version")
    @classmethod
    def _with_its_bot(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("bot_id") is None:
            raise PydanticCustomError("bot_missing", "Input should come with bot_id")
        return value

    @field_validator("created_to")
    @classmethod
    def _after_from(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        since = info.data.get("created_from")
        if value is not None and since is not None and value <= since:
            raise PydanticCustomError("span_empty", "Input should be after created_from")
        return value

    def filter(self, catalog: Catalog) -> SessionFilter:
        """What is wanted of the store; ids of the catalog are known in any case."""
        language = None if self.language is None else catalog.language(self.language)
        voice = None if self.voice is None else catalog.voice(self.voice)
        return SessionFilter(
            status=self.status,
            language=self.language if language is None else language.id,
            llm_model=self.llm_model,
            voice=self.voice if voice is None else voice.id,
            bot_id=None if self.bot_id is None else BotId(self.bot_id),
            bot_version=self.bot_version,
            end_reason=self.end_reason,
            disposition=self.disposition,
            sentiment=self.sentiment,
            goal_met=None if self.goal_met is None else self.goal_met == "true",
            created_from=self.created_from,
            created_to=self.created_to,
            words=self.q,
        )
