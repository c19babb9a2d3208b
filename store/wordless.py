"""Tool rounds without what was said in them, as the trigger on turns would leave them."""

from typing import Any, Final

_OUTCOMES: Final = frozenset({"succeeded", "failed", "timed_out", "refused", "unknown_tool"})


def wordless_rounds(rounds: list[Any] | None) -> list[Any] | None:
    """What was called, when, and what became of it. A name is a word of the model's unless a tool
    has it."""
    if not rounds:
        return None
    return [
        [_without_words(one) for one in made if isinstance(one, dict)]
        for made in rounds
        if isinstance(made, list)
    ]


def _without_words(called: dict[str, Any]) -> dict[str, Any]:
    outcome, began_at_ms = called.get("outcome"), called.get("began_at_ms")
    is_tools = isinstance(began_at_ms, int) and outcome != "unknown_tool"
    return {
        "name": called.get("name") if is_tools else "",
        "outcome": outcome if outcome in _OUTCOMES else None,
        "began_at_ms": began_at_ms,
        "duration_ms": called.get("duration_ms"),
    }
