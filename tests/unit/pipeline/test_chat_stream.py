"""What the chunks of a completion come to, however loosely a host keeps to the vendor's form."""

import time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.attempt import Sign
from pipeline.ports import ToolCall
from pipeline.providers.chat_stream import ChatStream, Tokens
from tests.unit.pipeline.answers_as_text import TOOLS

SUNDAY = '{"day": "sunday"}'
MONDAY = '{"day": "monday"}'
Call = tuple[str, str, str]


def chunk(finish: str | None = None, usage: Any = None, **delta: Any) -> Any:
    """As the client gives it: what a host left out is missing."""
    choice = SimpleNamespace(delta=SimpleNamespace(**delta), finish_reason=finish)
    return SimpleNamespace(choices=[choice], usage=usage)


def part(
    index: int | None, call_id: str | None, name: str | None, arguments: str | None = None
) -> Any:
    """A piece of a call."""
    function = SimpleNamespace(name=name, arguments=arguments)
    return SimpleNamespace(index=index, id=call_id, function=function)


def calling(*parts: Any, finish: str | None = None) -> Any:
    """A chunk of pieces of calls."""
    return chunk(finish, tool_calls=list(parts))


class Answer:
    """All that chunks come to."""

    def __init__(self, *chunks: Any) -> None:
        self.stream = ChatStream(TOOLS)
        pieces = [piece for one in chunks for piece in self.stream.read(one)]
        pieces += self.stream.end()
        self.signs = [one for one in pieces if isinstance(one, Sign)]
        self.words = "".join(one for one in pieces if isinstance(one, str))
        self.calls: list[Call] = [
            (one.id, one.name, one.arguments) for one in pieces if isinstance(one, ToolCall)
        ]


PARALLEL = {
    "as the vendor does": (
        calling(part(0, "a", "find_hours", "")),
        calling(part(0, None, None, '{"day": ')),
        calling(part(0, None, None, '"sunday"}')),
        calling(part(1, "b", "find_hours", MONDAY)),
    ),
    "in one chunk": (
        calling(part(0, "a", "find_hours", SUNDAY), part(1, "b", "find_hours", MONDAY)),
    ),
    "under one index": (
        calling(part(0, "a", "find_hours", SUNDAY)),
        calling(part(0, "b", "find_hours", MONDAY)),
    ),
    "under one index, in pieces that cross": (
        calling(part(0, "a", "find_hours", "")),
        calling(part(0, "b", "find_hours", "")),
        calling(part(0, "a", None, SUNDAY)),
        calling(part(0, "b", None, MONDAY)),
    ),
    "without an index": (
        calling(part(None, "a", "find_hours", SUNDAY)),
        calling(part(None, "b", "find_hours", MONDAY)),
    ),
    "without an index, in pieces": (
        calling(part(None, "a", "find_hours", '{"day":')),
        calling(part(None, None, None, ' "sunday"}')),
        calling(part(None, "b", "find_hours", MONDAY)),
    ),
    "with the name in each piece": (
        calling(part(0, "a", "find_hours", '{"day":')),
        calling(part(0, "a", "find_hours", ' "sunday"}')),
        calling(part(1, "b", "find_hours", MONDAY)),
    ),
}


@pytest.mark.parametrize("chunks", PARALLEL.values(), ids=PARALLEL.keys())
def test_parallel_calls_are_made_once_each(chunks: tuple[Any, ...]) -> None:
    answer = Answer(*chunks, chunk("tool_calls"))
    assert answer.calls == [("a", "find_hours", SUNDAY), ("b", "find_hours", MONDAY)]
    assert answer.stream.problem == ""


NAMELESS = {
    "ids empty, one index": (
        calling(part(0, "", "find_hours", SUNDAY)),
        calling(part(0, "", "find_hours", MONDAY)),
    ),
    "ids and index missing": (
        calling(part(None, None, "find_hours", SUNDAY)),
        calling(part(None, None, "find_hours", MONDAY)),
    ),
    "in one chunk": (
        calling(part(0, "", "find_hours", SUNDAY), part(0, "", "find_hours", MONDAY)),
    ),
    "in pieces, the name in each": (
        calling(part(0, None, "find_hours", '{"day":')),
        calling(part(0, None, "find_hours", ' "sunday"}')),
        calling(part(0, None, "find_hours", MONDAY)),
    ),
}


@pytest.mark.parametrize("chunks", NAMELESS.values(), ids=NAMELESS.keys())
def test_calls_without_ids_are_told_apart(chunks: tuple[Any, ...]) -> None:
    calls = Answer(*chunks, chunk("tool_calls")).calls
    assert calls == [("", "find_hours", SUNDAY), ("", "find_hours", MONDAY)]


def test_arguments_that_were_run_together_are_several_calls() -> None:
    answer = Answer(calling(part(0, "a", "find_hours", SUNDAY + MONDAY)), chunk("tool_calls"))
    assert answer.calls == [("a", "find_hours", SUNDAY), ("", "find_hours", MONDAY)]


def test_one_id_and_index_for_two_tools_are_two_calls() -> None:
    answer = Answer(
        calling(part(0, "a", "find_hours", SUNDAY)), calling(part(0, "a", "end_call", "{}"))
    )
    assert answer.calls == [("a", "find_hours", SUNDAY), ("a", "end_call", "{}")]


@pytest.mark.parametrize(
    "rest",
    [
        (part(0, "b", None, '{"day":'), part(0, "c", None, ' "sunday"}')),
        (part(1, None, None, '{"day":'), part(2, None, None, ' "sunday"}')),
    ],
    ids=["a new id in each piece", "a new index in each piece"],
)
def test_a_call_in_pieces_is_one_however_they_are_counted(rest: tuple[Any, ...]) -> None:
    answer = Answer(calling(part(0, "a", "find_hours", "")), *map(calling, rest))
    assert answer.calls == [("a", "find_hours", SUNDAY)]


def test_a_name_in_pieces_is_one_name() -> None:
    pieces = (part(0, "a", "find_", ""), part(0, None, "hours", ""), part(0, None, None, SUNDAY))
    assert Answer(*map(calling, pieces)).calls == [("a", "find_hours", SUNDAY)]


@pytest.mark.parametrize("finish", ["tool_calls", "stop", "length", "tool_call", "", None])
def test_a_complete_last_call_is_made_once_whatever_the_end_is_called(finish: str | None) -> None:
    answer = Answer(calling(part(0, "a", "find_hours", SUNDAY)), chunk(finish), chunk(finish))
    assert answer.calls == [("a", "find_hours", SUNDAY)]
    assert answer.stream.problem == ""


@pytest.mark.parametrize("arguments", ["", '{"day": "sun'])
@pytest.mark.parametrize("finish", ["length", None])
def test_half_a_call_is_none_and_no_answer(arguments: str, finish: str | None) -> None:
    answer = Answer(calling(part(0, "a", "find_hours", arguments)), chunk(finish))
    assert answer.calls == []
    assert answer.stream.problem


def test_arguments_that_are_no_json_are_passed_on_for_the_model_to_hear_of() -> None:
    answer = Answer(calling(part(0, "a", "find_hours", "sunday")), chunk("tool_calls"))
    assert answer.calls == [("a", "find_hours", "sunday")]


def test_arguments_that_are_nested_without_end_are_read_in_no_time() -> None:
    began = time.process_time()
    Answer(calling(part(0, "a", "find_hours", "[" * 100_000)), chunk("tool_calls"))
    Answer(chunk(content='<tool_call>{"arguments": ' + "[" * 100_000))
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize("piece", [None, part(0, None, None), part(0, None, None, "")])
def test_a_piece_of_a_call_that_says_nothing_is_none(piece: Any) -> None:
    answer = Answer(chunk(content="At nine.", tool_calls=[piece]), chunk("stop"))
    assert (answer.words, answer.calls, answer.stream.problem) == ("At nine.", [], "")


def test_an_object_in_the_place_of_its_text_is_taken() -> None:
    told: Any = {"day": "sunday"}
    assert Answer(calling(part(0, "a", "find_hours", told))).calls == [("a", "find_hours", SUNDAY)]


def test_a_call_that_the_text_repeats_is_made_once() -> None:
    text = f'<tool_call>{{"name": "find_hours", "arguments": {SUNDAY}}}</tool_call>'
    answer = Answer(chunk(content=text), calling(part(0, "a", "find_hours", SUNDAY)), chunk("stop"))
    assert [call[1:] for call in answer.calls] == [("find_hours", SUNDAY)]


def test_words_beside_a_call_are_said() -> None:
    answer = Answer(chunk(content="Let me see."), calling(part(0, "a", "end_call", "{}")))
    assert (answer.words, answer.calls) == ("Let me see.", [("a", "end_call", "{}")])


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content", "reasoning_details"])
def test_reasoning_in_a_field_of_its_own_is_life_and_no_word(field: str) -> None:
    answer = Answer(chunk(**{field: "The user asks."}), chunk(content="At nine."), chunk("stop"))
    assert answer.words == "At nine."
    assert answer.signs == [Sign.THINKS, Sign.ENDS]


def test_content_in_parts_is_read() -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "At nine."}]
    answer = Answer(chunk(content=parts))
    assert (answer.words, answer.signs) == ("At nine.", [Sign.THINKS])


@pytest.mark.parametrize(
    "chunks",
    [(), (chunk(),), (chunk(content=None),), (SimpleNamespace(choices=None),)],
)
def test_nothing_is_nothing(chunks: tuple[Any, ...]) -> None:
    answer = Answer(*chunks)
    assert (answer.words, answer.calls, answer.signs) == ("", [], [])


@pytest.mark.parametrize("where", ["choice", "finish", "native", "object"])
def test_an_error_in_the_clothes_of_an_answer_is_one(where: str) -> None:
    broken = chunk("error" if where == "finish" else "stop", content="At")
    if where == "choice":
        broken.choices[0].error = {"code": 502}
    if where == "native":
        broken.choices[0].native_finish_reason = "network_error"
    if where == "object":
        broken = SimpleNamespace(object="error", message="out of memory", code=500)
    assert Answer(broken).stream.problem


@pytest.mark.parametrize("place", ["chunk", "chunk without choices", "choice"])
def test_usage_is_taken_from_wherever_it_is(place: str) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "cost": 0.0005}
    told = SimpleNamespace(**usage)
    last = chunk("stop", usage=told if place == "chunk" else None)
    if place == "choice":
        last.choices[0].usage = usage
    after = SimpleNamespace(choices=[], usage=told)
    chunks = (last, after) if place == "chunk without choices" else (last,)
    assert Answer(*chunks).stream.tokens == Tokens(7, 3, Decimal("0.0005"))


@pytest.mark.parametrize("cost", [None, True, "free", float("nan"), -1])
def test_a_price_that_is_none_is_none(cost: object) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "cost": cost}
    told = Answer(SimpleNamespace(choices=[], usage=usage)).stream.tokens
    assert told == Tokens(7, 3)


def test_a_character_that_is_cut_in_two_is_one_again() -> None:
    answer = Answer(chunk(content="Hi \ud83d"), chunk(content="\ude00 \ude00, bye \ud83d"))
    assert answer.words == "Hi 😀 \N{REPLACEMENT CHARACTER}, bye "
