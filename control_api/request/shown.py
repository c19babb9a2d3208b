"""The base of every body that the API answers with."""

import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from control_api.request.json_values import amount, moment, plain, seconds

Moment = Annotated[datetime, PlainSerializer(moment)]
Seconds = Annotated[float, PlainSerializer(seconds)]
Amount = Annotated[float, PlainSerializer(amount)]
Plain = Annotated[float, PlainSerializer(plain)]
AS_IT_IS: Final = PlainSerializer(lambda kept: kept)
"""Of a number that is shown as it was given: 3 is not 3.0."""
WHERE_ANY: Final[Any] = Field(exclude_if=operator.not_)
"""Of a key that is there only where there is something to show."""


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Shown(BaseModel):
    """An object with these keys in this order, and no others.

    A key with a default may be missing; then nothing stands for it.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        json_schema_extra=_without_defaults,
    )

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """The row as it is shown: `own`, and what the row has of the other fields' names.

        What is ours is not checked: an old row is shown as it is.
        """
        fields = cls.__pydantic_fields__
        return cls._of({name: own[name] if name in own else getattr(row, name) for name in fields})

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any], **own: Any) -> Self:
        """An object of a kept config as it is shown: what it has of the fields, and `own`."""
        given = {**kept, **own} if own else kept
        return cls._of({name: given[name] for name in cls.__pydantic_fields__ if name in given})

    @classmethod
    def _of(cls, shown: dict[str, Any]) -> Self:
        """`model_construct`, without its looks for aliases and defaults: those take longer than
        all else that is done for a list."""
        made = cls.__new__(cls)
        set_on = object.__setattr__
        set_on(made, "__dict__", shown)
        set_on(made, "__pydantic_fields_set__", set(shown))
        set_on(made, "__pydantic_extra__", None)
        set_on(made, "__pydantic_private__", None)
        return made
