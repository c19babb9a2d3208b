"""What happens in a session → its room, whoever watches, the store."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agent.equipment.equipment import WorkerResources
from agent.holding.held import Held
from agent.records.journal import Journal, JournalFolder
from agent.records.live_events import LiveEvents
from agent.records.recorder import Listeners, Recorder
from agent.records.rows import Mandate, RowWriter
from agent.records.said import Said
from agent.records.till import Till
from agent.room.text import RoomText
from pipeline.events import Event, StateChanged, TurnEnded
from store.records import Substitution, TurnRecord


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of it: `on_news` of what must not wait to be left behind, `on_exhausted` when
    nothing is left to pay the next turn with, `on_replaced` when another holds the session."""

    on_news: Callable[[], None]
    on_exhausted: Callable[[], None]
    on_replaced: Callable[[], None]


class Telling:
    """Tells of one session that is this job's; use `opened`."""

    def __init__(self, text: RoomText, live: LiveEvents, told: Told, said: Said | None) -> None:
        self._said = said
        self._text = text
        self._live = live
        self._told = told
        self.recorder: Recorder

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, resources: WorkerResources, held: Held, till: Till, text: RoomText, told: Told
    ) -> AsyncIterator["Telling"]:
        """It outlives the talk and tells of its end; what is queued on leaving is written first,
        within bounds."""
        database = resources.database
        mandate = Mandate(held.claim.session.id, held.claim.epoch)
        keeps_words = held.claim.session.keeps_words
        journal = Journal(JournalFolder.named(resources.settings.agent), mandate)
        watched = LiveEvents.opened(
            database,
            mandate,
            told.on_replaced,
            n_ended=len(held.turns),
            keeps_words=keeps_words,
        )
        async with watched as live:
            telling = cls(text, live, told, None if keeps_words else Said(held.past))
            listeners = Listeners(telling._stored, told.on_exhausted, told.on_replaced)
            writer = RowWriter(database, mandate)
            async with Recorder.opened(
                writer, journal, till, listeners, keeps_words=keeps_words
            ) as recorder:
                telling.recorder = recorder
                recorder.charge(held.claim.unbilled)
                yield telling

    @property
    def said(self) -> Said | None:
        """What a successor will not find in the store, None where it finds all of it there."""
        return self._said

    def pass_on(self, event: Event) -> None:
        """Every event goes to the room and to who watches, a turn to the store as well."""
        if isinstance(event, StateChanged):
            self._told.on_news()
        if isinstance(event, TurnEnded):
            self.recorder.record(event)
            if self._said is not None:
                self._said.add(event)
        self._text.show(event)
        self._live.show(event)

    def show_back(self, n_recoveries: int) -> None:
        """Whoever watches sees that another agent is there."""
        self._live.show_back(n_recoveries)

    def substituted(self, entry: Substitution) -> None:
        """Something is served in another's place."""
        self.recorder.record_substitution(entry)

    def _stored(self, turn: TurnRecord) -> None:
        self._live.show_turn(turn)
        self._told.on_news()
