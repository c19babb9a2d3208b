"""Who is above its limit is known for a moment."""

import asyncio

from control_api.access.spent import KEPT_S, Spent
from tests.virtual_time import run_virtual


def test_it_is_known_for_a_moment_and_no_longer_than_its_minute() -> None:
    async def look() -> None:
        spent: Spent[str, str] = Spent()
        spent.keep("long", "found", 40.0)
        spent.keep("short", "found", KEPT_S / 4)
        spent.keep("over", "found", 0.0)
        assert [spent.find(one) for one in ("long", "short", "over")] == ["found", "found", None]
        await asyncio.sleep(KEPT_S / 2)
        assert [spent.find(one) for one in ("long", "short")] == ["found", None]
        await asyncio.sleep(KEPT_S)
        assert spent.find("long") is None

    run_virtual(look())


def test_asking_on_does_not_make_it_known_for_longer() -> None:
    async def look() -> None:
        spent: Spent[str, str] = Spent()
        spent.keep("asha", "found", 40.0)
        await asyncio.sleep(KEPT_S / 2)
        spent.keep("asha", "found later", 40.0)
        assert spent.find("asha") == "found"
        await asyncio.sleep(KEPT_S / 2 + 0.1)
        assert spent.find("asha") is None

    run_virtual(look())
