"""Answers: the row's attributes in the order of the type, nothing of what was not given."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from control_api.request.json_text import compact
from control_api.request.shown import AS_IT_IS, WHERE_ANY, Amount, Moment, Shown


@dataclass(frozen=True)
class Row:
    made_at: datetime
    price: Decimal
    secret: str = "sealed"
    n: int = 0


class Thing(Shown):
    price: Amount
    made_at: Moment
    name: str
    n: Annotated[int, WHERE_ANY] = 0


class Config(Shown):
    voice: str = ""
    delay_s: Annotated[float, AS_IT_IS] = 0


def written(value: Any) -> Any:
    return json.loads(compact(value))


def test_a_row_is_shown_by_the_names_of_the_type_and_in_its_order() -> None:
    row = Row(datetime(2026, 4, 19, 12, tzinfo=UTC), Decimal("2.000000"))

    shown = written(Thing.of(row, name="kettle"))

    assert list(shown) == ["price", "made_at", "name"]
    assert shown == {"price": 2, "made_at": "2026-04-19T12:00:00.000Z", "name": "kettle"}


def test_a_key_that_is_there_only_sometimes_is_there_then() -> None:
    row = Row(datetime(2026, 4, 19, 12, tzinfo=UTC), Decimal(2), n=1)

    assert written(Thing.of(row, name="kettle"))["n"] == 1


def test_of_a_kept_config_what_was_given_is_shown_and_a_number_as_it_was() -> None:
    shown = compact(Config.of_kept({"delay_s": 3, "forgotten": True}))

    assert shown == b'{"delay_s":3}'


def test_a_row_of_old_that_fits_no_more_is_shown_as_it_is() -> None:
    assert written(Config.of_kept({"voice": None})) == {"voice": None}


def test_what_is_shown_is_a_model_like_any_other() -> None:
    shown = Config.of_kept({"voice": "shubh", "delay_s": 3.0})

    assert shown == Config(voice="shubh", delay_s=3.0)
    assert shown.model_copy(update={"voice": "priya"}).voice == "priya"
