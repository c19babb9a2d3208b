"""Cursors as text."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import SecretStr

from control_api.request.cursors import Cursors, UnknownCursor

OLD, NEW = SecretStr("the key of last year " * 2), SecretStr("the key of this year " * 2)
PLACE = (datetime(2026, 11, 30, 2, 35, 25, 7, tzinfo=UTC), UUID(int=7), -42)


def test_a_place_comes_back_as_it_was() -> None:
    cursors = Cursors([NEW])

    assert cursors.read(cursors.write(PLACE, about="keys"), about="keys") == PLACE


def test_a_cursor_tells_nothing() -> None:
    cursor = Cursors([NEW]).write(PLACE, about="keys")

    assert "2026" not in cursor
    assert str(PLACE[1]) not in cursor
    assert cursor == Cursors([NEW]).write(PLACE, about="keys")


def test_one_from_before_a_rotation_still_leads_on() -> None:
    cursor = Cursors([OLD]).write(PLACE, about="keys")

    assert Cursors([NEW, OLD]).read(cursor, about="keys") == PLACE


@pytest.mark.parametrize("given", ["", "=", "é", "AAAA", "A" * 512, "a b", "n1", "../keys"])
def test_what_is_no_cursor_is_none(given: str) -> None:
    with pytest.raises(UnknownCursor):
        Cursors([NEW]).read(given, about="keys")


def test_a_cursor_of_another_list_or_key_is_none() -> None:
    cursor = Cursors([NEW]).write(PLACE, about="keys")

    for cursors, about in ((Cursors([NEW]), "bots"), (Cursors([OLD]), "keys")):
        with pytest.raises(UnknownCursor):
            cursors.read(cursor, about=about)
