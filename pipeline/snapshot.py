"""What of a conversation lives only in memory: enough that another process can go on with it.

    Conversation ──snapshot──▶ JSON ──▶ store …… store ──▶ JSON ──▶ ResumePoint ──▶ Conversation

Moments are milliseconds since the session became active: the clock of a process that is gone says
nothing to its successor.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final, Self

from pipeline.events import Ending
from pipeline.faults import FaultsJson, faults_from_json
from pipeline.metering import Usage
from pipeline.rounds import RoundsJson, rounds_from_json, rounds_to_json
from pipeline.served import Served
from pipeline.spending import Spent
from pipeline.stored_json import LARGEST, Stored, storable

VERSION: Final = 1
MAX_TEXT_CHARS: Final = 2500
"""Of each text: more than can be said in a turn or a reply."""

LEAD_MS: Final = 200
"""Sound before the first that was noticed: no more than the silence that ended the turn before."""


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """What the caller is saying, its words so far: maybe none yet."""

    id: str
    text: str
    started_at_ms: int
    caller_audio_s: float

    @classmethod
    def read(cls, stored: Stored | None) -> Self | None:
        """None unless it has an id."""
        if stored is None or (turn_id := stored.uuid("id")) is None:
            return None
        return cls(
            id=turn_id,
            text=stored.text("text"),
            started_at_ms=stored.whole("started_at_ms"),
            caller_audio_s=stored.number("caller_audio_s"),
        )


@dataclass(frozen=True, slots=True)
class AtHand:
    """The exchange whose reply has the floor.

    `heard` of the reply was heard in `played_s` seconds, `rest` was not; `is_whole` says that there
    is no more of it to come. `before_calls` is what the rest begins with, whatever the model makes
    of the calls' results. `leads_to` is set where it is a farewell. With `is_owed` it answers the
    last words that are recorded. `marks` are its timeline's, `served` who served it so far.
    """

    id: str
    caller_text: str
    started_at_ms: int
    caller_audio_s: float = 0.0
    n_discarded: int = 0
    used: Spent = field(default_factory=Spent)
    discarded: Spent = field(default_factory=Spent)
    is_announced: bool = False
    heard: str = ""
    played_s: float = 0.0
    rest: str = ""
    before_calls: str = ""
    is_whole: bool = False
    leads_to: Ending | None = None
    is_owed: bool = False
    rounds: RoundsJson = field(default_factory=list)
    tools_s: float = 0.0
    marks: Mapping[str, int] = field(default_factory=dict)
    served: Served = field(default_factory=Served)

    @classmethod
    def read(cls, stored: Stored | None) -> Self | None:
        """None unless it has an id."""
        if stored is None or (exchange_id := stored.uuid("id")) is None:
            return None
        return cls(
            id=exchange_id,
            caller_text=stored.text("caller_text"),
            started_at_ms=stored.whole("started_at_ms"),
            caller_audio_s=stored.number("caller_audio_s"),
            n_discarded=stored.whole("n_discarded"),
            used=Spent.read(stored.part("used")),
            discarded=Spent.read(stored.part("discarded")),
            is_announced=stored.flag("is_announced"),
            heard=stored.text("heard"),
            played_s=stored.number("played_s"),
            rest=stored.text("rest"),
            before_calls=stored.text("before_calls"),
            is_whole=stored.flag("is_whole"),
            leads_to=_ending(stored, "leads_to"),
            is_owed=stored.flag("is_owed"),
            rounds=rounds_to_json(rounds_from_json(stored.values.get("rounds"))),
            tools_s=stored.number("tools_s"),
            marks=_marks(stored.part("marks")),
            served=Served.read(stored.part("served")),
        )


@dataclass(frozen=True, slots=True)
class Unheard:
    """What a caller whose connection was lost waits for: a reply that is recorded, and of which
    they heard nothing. It is `line`, else an answer to the last words that are recorded."""

    line: str = ""
    leads_to: Ending | None = None

    @classmethod
    def read(cls, stored: Stored | None) -> Self | None:
        """None where nothing is waited for."""
        if stored is None:
            return None
        return cls(stored.text("line"), _ending(stored, "leads_to"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A conversation at the moment `taken_at_ms`; without arguments, one that nothing is known of.

    `parting` is set once a farewell was heard and the caller's sound decides whether it holds,
    `winding_down` when a last line is owed. `n_overruns` turns followed each other that did not
    end, `n_wordless_overruns` of them without words. `unbilled` is what was used and not charged
    yet, `faults` what went wrong since the last exchange that ended.
    """

    taken_at_ms: int = 0
    next_index: int = 0
    at_hand: AtHand | None = None
    open_turn: OpenTurn | None = None
    unheard: Unheard | None = None
    n_failed: int = 0
    n_idle_prompts: int = 0
    n_overruns: int = 0
    n_wordless_overruns: int = 0
    has_spoken: bool = False
    parting: Ending | None = None
    winding_down: Ending | None = None
    unbilled: Usage = field(default_factory=Usage)
    faults: FaultsJson = field(default_factory=list)

    @property
    def unheard_from_ms(self) -> int:
        """From when on the caller's sound, with a moment of silence before it, belongs to no turn
        that was decided: who replays it to a successor begins there."""
        begins_at_ms = self.open_turn.started_at_ms if self.open_turn else self.taken_at_ms
        return max(0, begins_at_ms - LEAD_MS)

    def to_json(self) -> dict[str, Any]:
        """What JSON can hold, of bounded size."""
        return {"version": VERSION, **_storable(asdict(self))}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """What can be understood of `data`; nothing is raised."""
        stored = Stored.read(data)
        return cls(
            taken_at_ms=stored.whole("taken_at_ms"),
            next_index=stored.whole("next_index"),
            at_hand=AtHand.read(stored.part("at_hand")),
            open_turn=OpenTurn.read(stored.part("open_turn")),
            unheard=Unheard.read(stored.part("unheard")),
            n_failed=stored.whole("n_failed"),
            n_idle_prompts=stored.whole("n_idle_prompts"),
            n_overruns=stored.whole("n_overruns"),
            n_wordless_overruns=stored.whole("n_wordless_overruns"),
            has_spoken=stored.flag("has_spoken"),
            parting=_ending(stored, "parting"),
            winding_down=_ending(stored, "winding_down"),
            unbilled=_usage(stored.part("unbilled")),
            faults=faults_from_json(stored.values.get("faults")),
        )


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    """All texts cut, decimals as JSON's numbers; rounds have bounds of their own."""
    made = dict(values)
    for key, value in values.items():
        if isinstance(value, str):
            made[key] = storable(value, MAX_TEXT_CHARS)
        elif isinstance(value, dict):
            made[key] = _storable(value)
        elif isinstance(value, Decimal):
            made[key] = float(value)
    return made


def _ending(stored: Stored, key: str) -> Ending | None:
    """An ending that this version knows."""
    name = stored.text(key)
    return Ending(name) if name in set(Ending) else None


def _marks(stored: Stored | None) -> dict[str, int]:
    values = stored.values if stored is not None else {}
    return {str(name): at for name, at in values.items() if type(at) is int and abs(at) <= LARGEST}


def _usage(stored: Stored | None) -> Usage:
    if stored is None:
        return Usage()
    return Usage(
        input_tokens=stored.whole("input_tokens"),
        output_tokens=stored.whole("output_tokens"),
        characters=stored.whole("characters"),
        audio_s=stored.number("audio_s"),
        told_input_tokens=stored.whole("told_input_tokens"),
        told_output_tokens=stored.whole("told_output_tokens"),
        told_micro_usd=Decimal(str(stored.number("told_micro_usd"))),
    )
