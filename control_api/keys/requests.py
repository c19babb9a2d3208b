"""What requests about API keys may hold."""

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from control_api.request.fields import (
    Name,
    Text,
    whole,
)
from core.rights import Permission, Scope

_DOMAIN: Final = re.compile(
    r"(https?://)?(\*\.)?[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"
)
_MODEL: Final = re.compile(r"[A-Za-z0-9._:/-]{1,100}")
_DATE_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})"
)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LARGEST_INTEGER: Final = 2**31 - 1
_MAX_CSV: Final = 4096


def _entries(csv: str) -> list[str]:
    """The csv's entries, each once, without the blanks around them."""
    return list(dict.fromkeys(one.strip() for one in csv.split(",") if one.strip()))


def _permissions(csv: str) -> str:
    return _listed(csv, tuple(Permission), may_be_all=True)


def _scopes(csv: str) -> str:
    return _listed(csv, tuple(Scope), may_be_all=False)


def _listed(csv: str, known: Collection[str], *, may_be_all: bool) -> str:
    entries = _entries(csv)
    if may_be_all and entries == ["*"]:
        return "*"
    if not set(entries) <= set(known):
        ids = ", ".join(known)
        raise PydanticCustomError("csv_unknown", "Input should be a csv of {ids}", {"ids": ids})
    return ",".join(entries)


def _domains(csv: str) -> str:
    return _shaped(csv, _DOMAIN, "hosts or origins")


def _models(csv: str) -> str:
    return _shaped(csv, _MODEL, "model ids")


def _shaped(csv: str, shape: re.Pattern[str], what: str) -> str:
    entries = _entries(csv)
    if not entries or not all(one == "*" or shape.fullmatch(one) for one in entries):
        message = "Input should be * or a csv of {what}"
        raise PydanticCustomError("csv_malformed", message, {"what": what})
    return ",".join(entries)


def _exact(value: object) -> object:
    """A JSON number as it was written, so far as a double tells."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(f"{value:.15g}") if is_number else value


def _moment_text(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE_TIME.fullmatch(value)):
        return value
    raise PydanticCustomError("datetime_parsing", "Input should be an RFC 3339 date and time")


def _utc(value: datetime) -> datetime:
    """To the millisecond, as it is shown. The very first and last moments that there are would be
    infinity in the database, and what comes back as that is in no time zone."""
    with suppress(OverflowError):
        moment = value.astimezone(UTC)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        if moment > _FIRST:
            return moment
    raise PydanticCustomError("datetime_range", "The moment is out of range")


def _described(pattern: str) -> Any:
    """How the API's description shows a csv; blanks and empty entries are let pass, too."""
    return Field(max_length=_MAX_CSV, json_schema_extra={"pattern": f"^{pattern}$"})


def _csv_of(entry: str) -> str:
    return f"({entry})(,({entry}))*"


Permissions = Annotated[
    Text, AfterValidator(_permissions), _described(rf"(\*|{_csv_of('|'.join(Permission))})?")
]
Scopes = Annotated[Text, AfterValidator(_scopes), _described(f"({_csv_of('|'.join(Scope))})?")]
Domains = Annotated[Text, AfterValidator(_domains), _described(_csv_of(rf"\*|{_DOMAIN.pattern}"))]
Models = Annotated[Text, AfterValidator(_models), _described(_csv_of(rf"\*|{_MODEL.pattern}"))]
Credits = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(ge=0, max_digits=18, decimal_places=6),
    WithJsonSchema(
        {"type": "number", "minimum": 0, "maximum": 999_999_999_999, "multipleOf": 0.000001}
    ),
]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_moment_text), AfterValidator(_utc), Field(strict=False)
]
# The limits come first: behind a validator they would be missing from the API's description.
RequestsPerMinute = Annotated[int, Field(ge=1, le=_LARGEST_INTEGER), BeforeValidator(whole)]


class CreateKey(BaseModel):
    """The body that makes a key. The four lists are csv; `*` is everything."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name
    permissions: Permissions = "*"
    scopes: Scopes = ""
    allowed_domains: Domains = "*"
    allowed_models: Models = "*"
    rate_limit_rpm: RequestsPerMinute | None = None
    budget_limit: Credits | None = None
    expires_at: Moment | None = None


class ChangeKey(BaseModel):
    """The body that changes a key: what it names. A null clears one of the three limits."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name | None = None
    permissions: Permissions | None = None
    scopes: Scopes | None = None
    allowed_domains: Domains | None = None
    allowed_models: Models | None = None
    rate_limit_rpm: RequestsPerMinute | None = None
    budget_limit: Credits | None = None
    expires_at: Moment | None = None
    is_active: bool | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


CLEARABLE: Final = frozenset({"rate_limit_rpm", "budget_limit", "expires_at"})
