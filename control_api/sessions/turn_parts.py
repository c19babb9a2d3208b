"""What happened in a turn, as the API shows it.

It comes from JSON columns that another release, or nobody, may have written: what cannot be
understood is left out.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, Self

from pydantic import Field
from pydantic_core import PydanticCustomError

from control_api.request.errors import ApiError
from control_api.request.fields import storable_texts
from control_api.request.json_text import parse_json
from control_api.request.shown import Shown

Outcome = Literal["succeeded", "failed", "timed_out", "refused", "unknown_tool"]
_MAX_DEPTH: Final = 32
"""Of arguments that are shown as an object."""
_OUTCOMES: Final = frozenset(Outcome.__args__)  # type: ignore[attr-defined]


class TurnToolCall(Shown):
    """A tool that the model called."""

    name: str
    """Empty where no tool has the name that the model wrote and nothing that was said is kept."""
    arguments: dict[str, Any] | str | None
    """As the model wrote them, an object where they are one; null where words are not kept."""
    result: str | None
    """What the model was told of it; null while, and for ever if, nothing came of the call."""
    outcome: Outcome | None
    """Null where it was cut off, or is from before this was recorded. A call that was `refused` was
    not made."""
    began_at_ms: int | None = Field(ge=0)
    """From the session's start."""
    duration_ms: int | None = Field(ge=0)
    is_cut: bool
    """Whether arguments or result were longer than is kept: arguments are left out then, a result
    is shortened."""

    @classmethod
    def of_call(cls, kept: dict[str, Any]) -> Self:
        """A call as the agent keeps it."""
        outcome, result = kept.get("outcome"), kept.get("result")
        return cls._of(
            {
                "name": _text(kept.get("name")),
                "arguments": _arguments(kept.get("arguments")),
                "result": result if isinstance(result, str) else None,
                "outcome": outcome if outcome in _OUTCOMES else None,
                "began_at_ms": _whole(kept.get("began_at_ms")),
                "duration_ms": _whole(kept.get("duration_ms")),
                "is_cut": kept.get("is_cut") is True,
            }
        )


class TurnPassage(Shown):
    """Part of a document that the model was given beside the caller's words."""

    document_id: str
    document: str
    """The document's name."""
    number: int = Field(ge=0)
    """Which of the document's passages it is, counted from 1."""
    text: str


class TurnUpstream(Shown):
    """Who served an answer; null for what took no part in it."""

    llm: str | None
    """The model's host."""
    llm_model: str | None
    """What the model is called there."""
    tts_model: str | None
    speaker: str | None


class TurnFault(Shown):
    """Something that went wrong, or was out of the ordinary."""

    kind: str
    """What it was: `model_failed`, `model_late`, `answer_broken`, `answer_held`, `voice_lost`,
    `recognition_lost`, `passages_missed`, `caller_away`, `worker_lost`, `worker_changed`, or `more`
    where there were more than are kept."""
    at_ms: int = Field(ge=0)
    """When it began, from the session's start."""
    duration_ms: int | None = Field(ge=0)
    """How long until it was over, or given up."""
    provider: str | None
    reason: str | None


def tool_calls_of(rounds: object) -> list[TurnToolCall]:
    """The calls of all rounds in their order."""
    return [TurnToolCall.of_call(one) for made in _items(rounds) for one in _objects(made)]


def passages_of(kept: object) -> list[TurnPassage]:
    """The passages, the best first."""
    return [
        TurnPassage._of(
            {
                "document_id": _text(one.get("document_id")),
                "document": _text(one.get("document")),
                "number": _whole(one.get("number")) or 0,
                "text": _text(one.get("text")),
            }
        )
        for one in _objects(kept)
    ]


def upstream_of(kept: object) -> TurnUpstream | None:
    """Who served, where anybody did."""
    if not isinstance(kept, dict):
        return None
    return TurnUpstream._of(
        {name: _text(kept.get(name)) or None for name in TurnUpstream.__pydantic_fields__}
    )


def faults_of(kept: object) -> list[TurnFault]:
    """The faults in the order in which they began."""
    return [
        TurnFault._of(
            {
                "kind": _text(one.get("kind")),
                "at_ms": _whole(one.get("at_ms")) or 0,
                "duration_ms": _whole(one.get("duration_ms")),
                "provider": _text(one.get("provider")) or None,
                "reason": _text(one.get("reason")) or None,
            }
        )
        for one in _objects(kept)
    ]


def _arguments(kept: object) -> dict[str, Any] | str | None:
    if not isinstance(kept, str):
        return None
    try:
        read = parse_json(kept.encode(), max_depth=_MAX_DEPTH)
        storable_texts(read)
    except (ApiError, PydanticCustomError, ValueError):
        return kept
    return read if isinstance(read, dict) else kept


def _items(kept: object) -> list[Any]:
    return kept if isinstance(kept, list) else []


def _objects(kept: object) -> Iterator[dict[str, Any]]:
    return (one for one in _items(kept) if isinstance(one, dict))


def _text(kept: object) -> str:
    return kept if isinstance(kept, str) else ""


def _whole(kept: object) -> int | None:
    return kept if type(kept) is int and kept >= 0 else None
