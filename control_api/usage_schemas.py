"""What queries about usage may hold."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from control_api.schemas import Page, QueryInteger
from store.usage import Grouping

_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
# No turn is older; beyond the other end dates cannot be reckoned with.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_DEFAULT_SPAN: Final = timedelta(days=1)


def _rfc_3339(text: object) -> object:
    if isinstance(text, str) and not _RFC_3339.fullmatch(text):
        raise PydanticCustomError("datetime_parsing", "Input should be an RFC 3339 time")
    return text


Moment = Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST), BeforeValidator(_rfc_3339)]


class SummaryQuery(BaseModel):
    """The query of the usage summary."""

    days: QueryInteger = Field(default=30, ge=1, le=366)


class LatencyQuery(Page):
    """The query of latencies: the last day unless it says otherwise."""

    since: Moment | None = Field(default=None, alias="from")
    until: Moment | None = Field(default=None, alias="to")
    group_by: Grouping = Grouping.MODEL

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise PydanticCustomError("span_empty", "`from` should be before `to`")
        return self

    def span(self) -> tuple[datetime, datetime]:
        """From when, and up to before when."""
        until = self.until or datetime.now(UTC)
        return self.since or until - _DEFAULT_SPAN, until
