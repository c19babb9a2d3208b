"""Which live events are written, in which order, while the database comes and goes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from agent.records.live_events import LAST_EVENTS_S, MANY_NOTED, MAX_NOTED, LiveEvents
from agent.records.rows import Mandate
from core.errors import StaleError, StoreUnavailable
from pipeline.events import (
    AgentState,
    AgentTranscribed,
    CallerTranscribed,
    Event,
    StateChanged,
    TurnEnded,
)
from pipeline.timeline import Latencies, Moments
from store.events import EventRepository, NewEvent
from store.records import SessionId

UNMEASURED = Latencies(None, None, None, None, None, None)
NOWHEN = Moments(None, None, None)
MANDATE = Mandate(SessionId(UUID(int=7)), epoch=3)


@dataclass
class Feed:
    """Stands for database and repository: what was written, and whether it can be."""

    is_away: bool = False
    takes_s: float = 0.0
    fails: list[Exception] = field(default_factory=list)
    n_stale: int = 0
    writes: list[list[NewEvent]] = field(default_factory=list)
    write_ids: list[UUID] = field(default_factory=list)
    agent_left: bool = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Feed"]:
        yield self

    async def tell(
        self,
        session_id: SessionId,
        events: Sequence[NewEvent],
        *,
        write_id: UUID,
        agent_left: bool = False,
        epoch: int = 0,
    ) -> None:
        assert (session_id, epoch) == (MANDATE.session_id, MANDATE.epoch)
        self.write_ids.append(write_id)
        await asyncio.sleep(self.takes_s)
        if self.fails:
            raise self.fails.pop(0)
        if self.is_away:
            raise StoreUnavailable("away")
        self.writes.append(list(events))
        self.agent_left = agent_left

    def told(self) -> list[Any]:
        return [event.data for batch in self.writes for event in batch]

    def texts(self) -> list[str]:
        return [data["text"] for data in self.told() if "text" in data]


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Feed:
    found = Feed()

    async def tell(repository: EventRepository, *args: Any, **options: Any) -> None:
        await found.tell(*args, **options)

    monkeypatch.setattr(EventRepository, "tell", tell)
    return found


def heard(text: str, *, final: bool = False, turn: str = "a") -> CallerTranscribed:
    return CallerTranscribed(f"{turn}-caller", text, is_final=final)


def spoken(text: str, *, final: bool = False, turn: str = "a") -> AgentTranscribed:
    return AgentTranscribed(f"{turn}-agent", text, is_final=final)


def ended(index: int, turn: str) -> TurnEnded:
    return TurnEnded(turn, index, "", "", False, UNMEASURED, NOWHEN, "en-IN", 0, 0, 0.0, 0.0)


@asynccontextmanager
async def opened(feed: Feed, **options: Any) -> AsyncIterator[LiveEvents]:
    def count() -> None:
        feed.n_stale += 1

    async with LiveEvents.opened(feed, MANDATE, count, **options) as live:  # type: ignore[arg-type]
        yield live


async def told(feed: Feed, *events: Event, apart_s: float = 0.0) -> None:
    async with opened(feed) as live:
        for event in events:
            live.show(event)
            await asyncio.sleep(apart_s)


async def test_states_and_transcripts_are_told_in_order(feed: Feed) -> None:
    await told(feed, StateChanged(AgentState.SPEAKING), spoken("Hello.", final=True))

    assert feed.told() == [
        {"status": "active", "agent_state": "speaking"},
        {"role": "agent", "text": "Hello.", "final": True, "turn_index": 0},
    ]
    assert feed.agent_left


async def test_a_partial_that_a_newer_one_replaced_is_not_written(feed: Feed) -> None:
    feed.takes_s = 1.0
    async with opened(feed) as live:
        live.show(heard("I"))
        await asyncio.sleep(0.5)
        for text in ("I would", "I would like", "I would like tea"):
            live.show(heard(text))
        await asyncio.sleep(5)
        live.show(heard("I would like tea."))
        live.show(heard("I would like tea.", final=True))

    assert feed.texts() == ["I", "I would like tea", "I would like tea."]


async def test_of_a_session_that_keeps_no_words_it_is_told_when_there_were_any(feed: Feed) -> None:
    async with opened(feed, keeps_words=False) as live:
        for event in (heard("I would"), heard("I would like tea.", final=True), spoken("Gladly")):
            live.show(event)

    assert feed.told() == [{"role": "user", "text": "", "final": True, "turn_index": 0}]


async def test_words_belong_to_the_turn_that_they_will_be_part_of(feed: Feed) -> None:
    await told(
        feed,
        spoken("Hello.", turn="greeting", final=True),
        heard("Tea", turn="a", final=False),
        ended(0, "greeting"),
        heard("Tea please", turn="a", final=True),
        spoken("Sure", turn="a"),
        heard("and", turn="b"),
        spoken("Sure.", turn="a", final=True),
        ended(1, "a"),
        heard("and milk", turn="b", final=True),
        apart_s=1.0,
    )

    shown = [(data["text"], data["turn_index"]) for data in feed.told()]
    assert shown == [
        ("Hello.", 0),
        ("Tea", 1),
        ("Tea please", 1),
        ("Sure", 1),
        ("and", 2),
        ("Sure.", 1),
        ("and milk", 2),
    ]


async def test_a_write_that_fails_is_repeated_as_the_same_write(feed: Feed) -> None:
    feed.is_away = True
    async with opened(feed) as live:
        live.show(heard("Tea.", final=True))
        await asyncio.sleep(2.5)
        feed.is_away = False
        await asyncio.sleep(2.5)

    assert feed.texts() == ["Tea."]
    assert len(set(feed.write_ids[:-1])) == 1
    assert len(feed.write_ids) > 3


async def test_partials_are_dropped_first_then_what_is_oldest(feed: Feed) -> None:
    feed.is_away = True
    async with opened(feed) as live:
        live.show(heard("first", final=True, turn="first"))
        await asyncio.sleep(0.5)
        for n in range(MANY_NOTED + 50):
            live.show(heard("partial", turn=f"p{n}"))
        for n in range(MAX_NOTED):
            live.show(heard("final", final=True, turn=f"f{n}"))
        feed.is_away = False
        await asyncio.sleep(60)

    texts = feed.texts()
    assert texts.count("partial") == 0
    assert texts.count("final") == MAX_NOTED


async def test_a_closing_session_waits_for_the_database_within_bounds(feed: Feed) -> None:
    feed.is_away = True
    started = asyncio.get_running_loop().time()
    await told(feed, heard("Tea.", final=True))

    assert asyncio.get_running_loop().time() - started == pytest.approx(LAST_EVENTS_S)


async def test_text_that_postgres_cannot_hold_is_told_without_it(feed: Feed) -> None:
    await told(feed, heard("a\0b\ud800", final=True))

    assert feed.texts() == ["ab?"]


async def test_nothing_is_told_once_another_holds_the_session(feed: Feed) -> None:
    feed.fails = [StaleError("another epoch")]
    await told(feed, spoken("Hello.", final=True), spoken("Again.", final=True), apart_s=1.0)

    assert feed.writes == []
    assert len(feed.write_ids) == feed.n_stale == 1


async def test_an_error_that_nobody_expected_costs_one_batch(feed: Feed) -> None:
    feed.fails = [RuntimeError("no such codec")]
    await told(feed, spoken("Hello.", final=True), spoken("Again.", final=True), apart_s=1.0)

    assert feed.texts() == ["Again."]
    assert feed.agent_left


async def test_the_last_events_are_told_if_the_database_answers_in_time(feed: Feed) -> None:
    feed.is_away = True

    async def come_back() -> None:
        await asyncio.sleep(5 + LAST_EVENTS_S - 0.3)
        feed.is_away = False

    coming_back = asyncio.create_task(come_back())
    await told(feed, spoken("Goodbye.", final=True), apart_s=5)
    await coming_back

    assert feed.texts() == ["Goodbye."]
    assert feed.agent_left
