"""What queries about usage may hold."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from control_api.request.fields import Moment, QueryInteger, Text
from control_api.request.pages import Page
from store.usage import Grouping, Stage, TurnFilter

_DEFAULT_SPAN: Final = timedelta(days=1)


class SummaryQuery(BaseModel):
    """The query of the usage summary."""

    days: QueryInteger = Field(default=30, ge=1, le=366)


class TurnsQuery(Page):
    """Which turns: of the last day unless it says otherwise, and all that have what it names."""

    since: Moment | None = Field(default=None, alias="from")
    until: Moment | None = Field(default=None, alias="to")
    llm_model: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    voice: Annotated[Text, Field(min_length=1, max_length=50)] | None = None
    language: Annotated[Text, Field(min_length=1, max_length=10)] | None = None

    @field_validator("until")
    @classmethod
    def _after_since(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        since = info.data.get("since")
        if value is not None and since is not None and value <= since:
            raise PydanticCustomError("span_empty", "`from` should be before `to`")
        return value

    def turns(self) -> TurnFilter:
        """The same for the store."""
        until = self.until or datetime.now(UTC)
        return TurnFilter(
            since=self.since or until - _DEFAULT_SPAN,
            until=until,
            llm_model=self.llm_model,
            voice=self.voice,
            language=self.language,
        )


class LatencyQuery(TurnsQuery):
    """The query of latencies."""

    group_by: Grouping = Grouping.MODEL


class SlowestQuery(TurnsQuery):
    """The query of the slowest turns."""

    stage: Stage = Stage.FIRST_AUDIO
