"""A report in JSON on a call that is over: the schema that it was asked by, filled from the words.

No model: it counts words, and knows how people name a day, a number or themselves. Where it finds
nothing it says something all the same, as models do.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.engines import memory
from sandbox.engines.knowledge import STOP_WORDS
from sandbox.ports import ChatRequest

_ASKED_FOR = "fits this JSON Schema"
_DENIED = re.compile(
    r"\b(not|no|never|cannot|can't|don't|unable|sorry|without|full|unfortunately)\b", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(booked|confirmed|done|sent|scheduled|registered|placed|cancelled|arranged|noted|changed)\b",
    re.IGNORECASE,
)
_HAPPY = frozenset("thank thanks great perfect wonderful lovely excellent happy helpful".split())
_CROSS = frozenset(
    "angry terrible unacceptable awful ridiculous worst disappointed upset furious useless "
    "complain complaint rude horrible".split()
)
_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True)
)
_DAYS = re.compile(
    r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(today|tonight|tomorrow)\b", re.IGNORECASE
)
_DIGITS = re.compile(r"\d[\d -]*\d|\d")
_PLACE = re.compile(r"\b(?:in|to|from|at) ([A-Z][a-z]+)")
_FALLBACK = ("other", "none", "unclear", "general", "information")
_PLAIN_SENTIMENTS = {"positive", "neutral", "negative"}


@dataclass(frozen=True)
class _Call:
    caller: list[str]
    agent: list[str]


def report_of(request: ChatRequest) -> str | None:
    """The whole answer, None where no report is asked for."""
    prompt = next((m.text for m in request.messages if m.role == "system"), "")
    _, asked, rest = prompt.partition(_ASKED_FOR)
    start = rest.find("{")
    if not asked or start < 0:
        return None
    said = next((m.text for m in request.messages if m.role == "user"), "")
    try:
        schema, _ = json.JSONDecoder().raw_decode(rest, start)
        entries = json.loads(said)
    except ValueError:
        return None
    return json.dumps(_fill(schema, "", _call_of(entries)), ensure_ascii=False)


def _call_of(entries: list[dict[str, str]]) -> _Call:
    return _Call(
        [one["caller"] for one in entries if "caller" in one],
        [one["agent"] for one in entries if "agent" in one],
    )


def _fill(schema: dict[str, Any], name: str, call: _Call) -> Any:
    if values := schema.get("enum"):
        return _choice(values, call)
    told = f"{name} {schema.get('description', '')}".replace("_", " ").lower()
    match schema.get("type"):
        case "object":
            parts = schema.get("properties", {})
            return {key: _fill(part, key, call) for key, part in parts.items()}
        case "array":
            return [_fill(schema.get("items", {"type": "string"}), name, call)]
        case "boolean":
            return _is_reached(told.partition(":")[2] or told, call)
        case "integer" | "number":
            return _number(told, call.caller)
        case _:
            text = _summary(call) if "sentences" in told else _text(told, call.caller)
            return text[: schema.get("maxLength", 2000)]


def _summary(call: _Call) -> str:
    wanted = call.caller[0] if call.caller else "nothing"
    answered = call.agent[-1] if call.agent else "nothing"
    return f"The caller said: {wanted} At last the agent said: {answered}"


def _choice(values: list[Any], call: _Call) -> Any:
    if set(values) == _PLAIN_SENTIMENTS:
        return _sentiment(call)
    scores = [_score(str(value), call) for value in values]
    if max(scores) > 0:
        return values[scores.index(max(scores))]
    usual = [value for value in values if any(word in str(value) for word in _FALLBACK)]
    return (usual or values)[-1]


def _sentiment(call: _Call) -> str:
    words = [set(_words(text)) for text in call.caller]
    if any(one & _CROSS for one in words):
        return "negative"
    return "positive" if any(one & _HAPPY for one in words[-2:]) else "neutral"


def _score(value: str, call: _Call) -> float:
    """How well it names what was said: what the agent confirmed counts more."""
    wanted = {_stem(word) for word in re.findall(r"[a-z]+", value.lower())}
    sides = [(text, 1) for text in call.caller] + [(text, 2) for text in call.agent]
    return sum(
        weight * len(wanted & {_stem(word) for word in _words(sentence)}) / len(wanted)
        for text, weight in sides
        for sentence in _sentences(text)
        if not _DENIED.search(sentence) and wanted <= {_stem(word) for word in _words(sentence)}
    )


def _is_reached(goal: str, call: _Call) -> bool:
    wanted = {_stem(word) for word in _words(goal)} - STOP_WORDS
    return any(
        _DONE.search(sentence)
        and not _DENIED.search(sentence)
        and wanted & {_stem(word) for word in _words(sentence)}
        for text in call.agent
        for sentence in _sentences(text)
    )


def _number(told: str, texts: list[str]) -> int:
    """The one that stands with the words that it is told of by, else the first."""
    wanted = {_stem(word) for word in _words(told)} - STOP_WORDS
    found: list[tuple[bool, int]] = []
    for text in texts:
        for word in re.findall(r"[a-z]+|\b\d{1,3}\b", text.lower()):
            number = _NUMBERS.get(word, int(word) if word.isdigit() else None)
            if number is not None:
                found.append((bool(wanted & {_stem(one) for one in _words(text)}), number))
    near = [number for is_near, number in found if is_near]
    return (near or [number for _, number in found] or [0])[0]


def _text(told: str, texts: list[str]) -> str:
    said = " ".join(texts)
    if "number" in told or "code" in told or "phone" in told:
        digits = [re.sub(r"\D", "", one) for one in _DIGITS.findall(said)]
        return max(digits, key=len, default="")
    if "name" in told:
        return next((name for text in texts if (name := memory.find_name(text))), "")
    if "day" in told or "date" in told:
        return found.group().lower() if (found := _DAYS.search(said)) else ""
    if "city" in told or "place" in told:
        return found.group(1) if (found := _PLACE.search(said)) else ""
    facts = memory.find_facts(texts)
    return next((value for thing, value in facts.items() if thing in told), "")


def _sentences(text: str) -> Iterator[str]:
    return (one for one in re.split(r"(?<=[.?!])\s+", text) if one)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def _stem(word: str) -> str:
    for end in ("ings", "ing", "ed", "s"):
        if word.endswith(end) and len(word) > len(end) + 3:
            return word.removesuffix(end)
    return word
