"""What a bot's tools may be declared as."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from control_api.bots.json_schemas import require_object_schema
from control_api.request.fields import NullIsAbsent, Text, Url
from store.tools import RESERVED_NAMES

MAX_TOOLS: Final = 16
MAX_HEADERS: Final = 16
MASK: Final = "***"
"""What a header's value is shown as; given back, it stands for the value that is kept."""
_OURS: Final = re.compile(
    r"(?i)(host|connection|transfer-encoding|user-agent|accept-encoding|content-.*"
    r"|webhook-.*|x-callmissed-.*)"
)


def _not_ours(name: str) -> str:
    if _OURS.fullmatch(name):
        raise PydanticCustomError("header_reserved", "Header is set by the service itself")
    return name


HeaderName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"), AfterValidator(_not_ours)
]
HeaderValue = Annotated[str, Field(pattern=r"^[!-~]([ -~]{0,1022}[!-~])?$")]


class FunctionTool(NullIsAbsent):
    """A function that the model may call; it is run by a POST to `url`."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]{0,63}$")]
    description: Annotated[Text, Field(min_length=1, max_length=1024)]
    parameters: dict[str, Any] = Field(
        default_factory=lambda: {"type": "object", "properties": {}},
        json_schema_extra={"required": ["type"], "properties": {"type": {"const": "object"}}},
    )
    url: Url
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, max_length=MAX_HEADERS)
    timeout_s: float = Field(default=8.0, ge=1, le=30)
    say_while_waiting: Annotated[Text, Field(max_length=200)] = ""

    @field_validator("name")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value in RESERVED_NAMES:
            raise PydanticCustomError("name_reserved", "Name is that of a built-in tool")
        return value

    @field_validator("headers")
    @classmethod
    def _each_once(cls, value: dict[str, str]) -> dict[str, str]:
        if len({name.casefold() for name in value}) < len(value):
            raise PydanticCustomError("header_repeated", "Headers must differ in more than case")
        return value

    @field_validator("parameters")
    @classmethod
    def _a_schema(cls, value: dict[str, Any]) -> dict[str, Any]:
        require_object_schema(value)
        return value


def unique_names(tools: Sequence[FunctionTool]) -> Sequence[FunctionTool]:
    """The tools. Raises `PydanticCustomError` when two have one name."""
    if len({tool.name for tool in tools}) < len(tools):
        raise PydanticCustomError("names_repeated", "Tools must have different names")
    return tools


Tools = Annotated[list[FunctionTool], Field(max_length=MAX_TOOLS), AfterValidator(unique_names)]
