"""What an answer was made with: whose model and voice served it, which passages it was given.

Whoever serves a reply puts it down at hand, whatever task they are in; the turn's record tells it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from pipeline.stored_json import Stored, storable

MAX_NAME_CHARS: Final = 255
MAX_PASSAGES: Final = 10
MAX_PASSAGE_CHARS: Final = 4500
"""More than all passages of an answer may hold."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a document: its `number`, counted from 1, among the document's."""

    document_id: str
    document: str
    number: int
    text: str

    @classmethod
    def read(cls, stored: Stored) -> Self:
        """What is missing is empty."""
        return cls(
            stored.text("document_id")[:MAX_NAME_CHARS],
            stored.text("document")[:MAX_NAME_CHARS],
            stored.whole("number"),
            stored.text("text")[:MAX_PASSAGE_CHARS],
        )


@dataclass(slots=True)
class Served:
    """Of one reply; what is not known, or did not take part, is None. `llm` is the model's host,
    `llm_model` what the model is called there, `speaker` who speaks in `tts_model`."""

    llm: str | None = None
    llm_model: str | None = None
    tts_model: str | None = None
    speaker: str | None = None
    passages: Sequence[Passage] = field(default=())

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Whatever serves inside, also in new tasks, is put down here."""
        token = _at_hand.set(self)
        try:
            yield
        finally:
            _at_hand.reset(token)

    def after(self, before: "Served") -> "Served":
        """All of a reply that another process has begun."""
        return Served(
            self.llm or before.llm,
            self.llm_model or before.llm_model,
            self.tts_model or before.tts_model,
            self.speaker or before.speaker,
            self.passages or before.passages,
        )

    @property
    def upstream(self) -> dict[str, str | None] | None:
        """Who served it, None where nobody did."""
        names = {name: value for name, value in asdict(self).items() if name != "passages"}
        return _storable(names) if any(names.values()) else None

    def passages_to_json(self) -> list[dict[str, Any]]:
        """The passages, of bounded size."""
        return [_storable(asdict(one)) for one in self.passages[:MAX_PASSAGES]]

    def to_json(self) -> dict[str, Any]:
        """All of it; `read` is the way back."""
        return {**(self.upstream or {}), "passages": self.passages_to_json()}

    @classmethod
    def read(cls, stored: Stored | None) -> Self:
        """Nothing where nothing is known."""
        if stored is None:
            return cls()
        kept = stored.values.get("passages")
        passages = kept[:MAX_PASSAGES] if isinstance(kept, list) else []
        return cls(
            stored.text("llm") or None,
            stored.text("llm_model") or None,
            stored.text("tts_model") or None,
            stored.text("speaker") or None,
            tuple(Passage.read(Stored.read(one)) for one in passages),
        )


_at_hand: ContextVar[Served | None] = ContextVar("served", default=None)


def served_at_hand() -> Served:
    """Where to put down who serves; outside of a reply, one that nobody reads."""
    return _at_hand.get() or Served()


def _storable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: storable(value, MAX_PASSAGE_CHARS) if isinstance(value, str) else value
        for name, value in values.items()
    }
