"""A call that was held against what the suite wants of it: pure, a line for each failure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cli.evals.outcome import Played, PlayedTurn, ToolCall
from cli.evals.suite import AnswerWanted, Case, Choice, ToolWanted

_SHOWN_CHARS: Final = 200


def failures_of(case: Case, played: Played) -> list[str]:
    """All that a model need not judge."""
    found = [] if played.problem is None else [f"the call broke off: {played.problem}"]
    for number, (said, exchange) in enumerate(
        zip(case.say, played.exchanges, strict=False), start=1
    ):
        turns = [played.turns[index] for index in exchange.turns if index in played.turns]
        found += [f"say {number}: {line}" for line in _of_answer(said.expect, turns)]
    n_unsaid = len(case.say) - len(played.exchanges)
    if n_unsaid > 0 and played.problem is None:
        found.append(f"the call was over before the last {n_unsaid} of what was to be said")
    everything = list(played.turns.values())
    wanted = case.expect
    found += _of_words(wanted.says, wanted.never_says, everything)
    found += _of_tools(wanted.tools, everything)
    if wanted.end_reason not in (None, played.session.end_reason):
        found.append(f"end_reason: {played.session.end_reason}, not {wanted.end_reason}")
    return found


def _of_answer(wanted: AnswerWanted, turns: Sequence[PlayedTurn]) -> Iterator[str]:
    if not turns:
        yield "not answered"
        return
    yield from _of_words(wanted.says, wanted.never_says, turns)
    yield from _of_tools(wanted.tools, turns)
    if wanted.no_tools and (called := _calls(turns)):
        yield f"no_tools: {', '.join(call.name for call in called)} was called"
    within = wanted.first_audio_within_ms
    for turn in turns:
        if within is not None and (turn.first_audio_ms is None or turn.first_audio_ms > within):
            yield f"first_audio_within_ms: {turn.first_audio_ms} ms, not {within}"
        if wanted.language not in (None, turn.language):
            yield f"language: {turn.language}, not {wanted.language}"


def _of_words(
    says: Iterable[Choice], never_says: Iterable[str], turns: Iterable[PlayedTurn]
) -> Iterator[str]:
    answer = " ".join(turn.agent_response for turn in turns)
    heard = _plain(answer)
    for choice in says:
        if not any(_plain(one) in heard for one in choice):
            yield f"says: {' or '.join(map(repr, choice))} is not in {_short(answer)!r}"
    for unwanted in never_says:
        if _plain(unwanted) in heard:
            yield f"never_says: {unwanted!r} is in {_short(answer)!r}"


def _of_tools(wanted: Iterable[ToolWanted], turns: Sequence[PlayedTurn]) -> Iterator[str]:
    called = _calls(turns)
    for tool in wanted:
        if not any(_is_call_of(call, tool) for call in called):
            made = ", ".join(f"{call.name} {call.arguments}" for call in called) or "none"
            yield f"tools: no call of {tool.name} {tool.arguments or ''}".rstrip() + f", but {made}"


def _calls(turns: Iterable[PlayedTurn]) -> list[ToolCall]:
    return [call for turn in turns for call in turn.tool_calls]


def _is_call_of(call: ToolCall, wanted: ToolWanted) -> bool:
    given: Mapping[str, Any] = call.arguments if isinstance(call.arguments, dict) else {}
    return call.name == wanted.name and all(
        name in given and given[name] == value for name, value in wanted.arguments.items()
    )


def _plain(text: str) -> str:
    """Words alone, a space before and after each, so that "nine" is not found in "nineteen"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Letters, digits and the signs that belong to a letter (Devanagari's are marks to `re`).
    kept = "".join(
        c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") else " " for c in folded
    )
    return f" {re.sub(' +', ' ', kept).strip()} "


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
