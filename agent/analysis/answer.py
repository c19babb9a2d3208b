"""A model's answer → findings, or why it is none. What does not fit is not believed."""

import json
from typing import Any, Final, NoReturn

from jsonschema import Draft202012Validator
from referencing import Registry

from store.analyses import Findings

MAX_ANSWER_CHARS: Final = 16 * 1024
_MAX_TOLD_CHARS: Final = 300


class AnswerUnfit(Exception):
    """The answer does not fit; the message is for the model, and may hold what it wrote."""


def findings_of(text: str, schema: dict[str, Any]) -> Findings:
    """What the answer tells. Raises `AnswerUnfit`."""
    answer = _object_in(text)
    # A registry of its own: the default one would fetch what a `$ref` names.
    validator = Draft202012Validator(schema, registry=Registry())
    try:
        problem = next(validator.iter_errors(answer), None)
    except Exception as exc:  # whatever a schema makes the validator do
        raise AnswerUnfit(f"It cannot be checked ({type(exc).__name__}).") from None
    if problem is not None:
        where = ".".join(map(str, problem.absolute_path)) or "the object"
        raise AnswerUnfit(f"{where}: {problem.message[:_MAX_TOLD_CHARS]}")
    return Findings(
        summary=answer.get("summary"),
        sentiment=answer.get("sentiment"),
        disposition=answer.get("disposition"),
        goal_met=answer.get("goal_met"),
        extracted=answer.get("extracted"),
    )


def _object_in(text: str) -> dict[str, Any]:
    """The JSON object in it; some models put words or a fence around it."""
    if len(text) > MAX_ANSWER_CHARS:
        raise AnswerUnfit("It is too long.")
    start = text.find("{")
    if start < 0:
        raise AnswerUnfit("It holds no JSON object.")
    decoder = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
    try:
        answer, _ = decoder.raw_decode(text, start)
        json.dumps(answer, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise AnswerUnfit("It is not valid JSON.") from None
    assert isinstance(answer, dict), "it begins with a brace"
    if "\\u0000" in json.dumps(answer):
        raise AnswerUnfit("It holds U+0000.")
    return answer


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("out of range")
    return number
