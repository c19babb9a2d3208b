"""What a bot may want to know of its sessions once they are over."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from control_api.bots.json_schemas import require_object_schema
from control_api.request.fields import NullIsAbsent, Text
from store.analysis_wish import AnalysisWish

MAX_DISPOSITIONS: Final = 32
_COSTLY: Final = frozenset(
    "$ref $dynamicRef pattern patternProperties unevaluatedProperties unevaluatedItems".split()
)
"""What makes a check take as long as whoever wrote the schema likes."""
_NAMING: Final = frozenset(("properties", "$defs", "definitions", "dependentSchemas"))
_DATA: Final = frozenset(("enum", "const", "default", "examples"))


def _unique(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise PydanticCustomError("dispositions_repeated", "Dispositions must be different")
    return values


Disposition = Annotated[Text, Field(min_length=1, max_length=64)]


class Analysis(NullIsAbsent):
    """What is wanted; what is absent is not. `schema` describes an object: the fields that are to
    be found in what was said."""

    model_config = ConfigDict(strict=True, frozen=True)

    summary: bool = False
    sentiment: bool = False
    dispositions: Annotated[
        list[Disposition], Field(max_length=MAX_DISPOSITIONS), AfterValidator(_unique)
    ] = Field(default_factory=list)
    goal: Annotated[Text, Field(max_length=500)] = ""
    fields_schema: dict[str, Any] | None = Field(
        default=None,
        alias="schema",
        json_schema_extra={"required": ["type"], "properties": {"type": {"const": "object"}}},
    )

    @field_validator("fields_schema")
    @classmethod
    def _a_schema(cls, value: dict[str, Any]) -> dict[str, Any]:
        require_object_schema(value)
        if found := sorted(_COSTLY.intersection(_keywords(value))):
            raise PydanticCustomError(
                "schema_keyword_refused",
                "{keyword} is not allowed in it",
                {"keyword": found[0]},
            )
        return value

    @model_validator(mode="after")
    def _wants_something(self) -> "Analysis":
        if self.kept() == AnalysisWish():
            raise PydanticCustomError("analysis_empty", "Nothing is wanted of the analysis")
        return self

    def kept(self) -> AnalysisWish:
        """As it is kept."""
        schema = self.fields_schema
        return AnalysisWish(
            self.summary,
            self.sentiment,
            tuple(self.dispositions),
            self.goal.strip(),
            "" if schema is None else json.dumps(schema, ensure_ascii=False),
        )


def _keywords(schema: dict[str, Any]) -> Iterator[str]:
    """The keywords in it: no names of properties, and nothing that is given as data."""
    for key, value in schema.items():
        yield key
        if key in _DATA:
            continue
        inner = value.values() if isinstance(value, dict) and key in _NAMING else [value]
        for one in inner:
            for part in one if isinstance(one, list) else [one]:
                if isinstance(part, dict):
                    yield from _keywords(part)
