"""A conversation that was held, as a case of `vaarta eval`.

What the caller said, and what to expect of the agent: that is what happened, and may be edited.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from control_api.sessions.toml_text import comment, inline, pair
from control_api.sessions.turn_parts import tool_calls_of
from store.records import EndReason, SessionRecord, TurnRecord

_HEAD: Final = """\
What was said in session {id}, as a case of `vaarta eval`.
What it expects is what happened, of an answer two words for a start: make of it what has to be.
From [[case]] on it can stand in another suite."""
_DRAFT: Final = 'To hold it with what is not published yet: bot_version = "draft"'
_OWN: Final = ("system_prompt", "greeting", "language", "voice", "llm_model")
"""What a session without a bot is held with again."""
_LIKELY_AGAIN: Final = frozenset({EndReason.CALLER_HANGUP, EndReason.AGENT_CLOSED})
"""Other ends are accidents, or limits that a suite is not held to."""
_MOST_NAME_CHARS: Final = 60
_MOST_SHOWN_CHARS: Final = 300
_MOST_SAID_CHARS: Final = 4_000
_MOST_WORDS: Final = 2
_SHORTEST_WORD: Final = 4


def suite_of(session: SessionRecord, turns: Sequence[TurnRecord]) -> str | None:
    """A suite's file with one case; None where nothing that the caller said is kept."""
    said = [turn for turn in turns if turn.user_transcript.strip()]
    if not said:
        return None
    parts = [
        comment(_HEAD.format(id=session.id)),
        pair("name", f"Session {str(session.id)[:8]}"),
        "\n".join(_case(session, _name(said[0]))),
        "\n".join(_session(session)),
        *("\n".join(_say(session, turn)) for turn in said),
    ]
    return "\n\n".join(parts) + "\n"


def _case(session: SessionRecord, name: str) -> Iterator[str]:
    yield "[[case]]"
    yield pair("name", name)
    if session.end_reason in _LIKELY_AGAIN:
        yield f"expect = {inline({'end_reason': str(session.end_reason)})}"


def _session(session: SessionRecord) -> Iterator[str]:
    yield "[case.session]"
    if session.bot_id is None:
        yield from (pair(name, session.config[name]) for name in _OWN if name in session.config)
        return
    yield comment(_DRAFT)
    yield pair("bot_id", str(session.bot_id))
    yield pair("language", session.config["language"])


def _say(session: SessionRecord, turn: TurnRecord) -> Iterator[str]:
    if turn.agent_response:
        yield comment(f"The agent said: {turn.agent_response[:_MOST_SHOWN_CHARS]}")
    yield "[[case.say]]"
    yield pair("text", turn.user_transcript.strip()[:_MOST_SAID_CHARS])
    expected = _expected(session, turn)
    if expected:
        yield f"expect = {inline(expected)}"


def _expected(session: SessionRecord, turn: TurnRecord) -> dict[str, Any]:
    words = _telling_words(turn.agent_response, turn.user_transcript)
    calls = [
        {"name": call.name, "arguments": call.arguments}
        if isinstance(call.arguments, dict) and call.arguments
        else {"name": call.name}
        for call in tool_calls_of(turn.tool_rounds)
        if call.name
    ]
    expected: dict[str, Any] = {"says": words} if words else {}
    if calls:
        expected["tools"] = calls
    elif session.config.get("tools"):
        expected["no_tools"] = True
    return expected if turn.language is None else {**expected, "language": turn.language}


def _telling_words(answer: str, said: str) -> list[str]:
    """Numbers, then the longest of the words that the caller had not said, in their order."""
    known = {word.casefold() for word in _words(said)}
    found = {word.casefold(): word for word in reversed(_words(answer))}
    fresh = [
        word
        for plain, word in found.items()
        if plain not in known and (_has_digit(word) or len(word) >= _SHORTEST_WORD)
    ]
    chosen = sorted(fresh, key=lambda word: (not _has_digit(word), -len(word)))[:_MOST_WORDS]
    return [word for word in dict.fromkeys(_words(answer)) if word in chosen]


def _words(text: str) -> list[str]:
    """With the signs that belong to a letter, as Devanagari has them."""
    return "".join(
        c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") else " " for c in text
    ).split()


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)


def _name(turn: TurnRecord) -> str:
    words = " ".join(turn.user_transcript.split())
    return words if len(words) <= _MOST_NAME_CHARS else f"{words[: _MOST_NAME_CHARS - 1]}…"
