"""What is said and what is called of an answer's text, wherever it is cut into chunks."""

import json
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ports import ToolCall, Withdrawn
from pipeline.providers.chat_text import AnswerText
from tests.unit.pipeline.answers_as_text import TOOLS, UNREADABLE, WRITTEN, Calls

Heard = tuple[str, tuple[tuple[str, object], ...], bool]


def heard(chunks: Iterable[str], *, opens_in_thought: bool = False) -> Heard:
    """The words that stand, the calls, and whether one could not be read."""
    text = AnswerText(TOOLS, opens_in_thought=opens_in_thought)
    words = ""
    calls: list[tuple[str, object]] = []
    for piece in [*(piece for chunk in chunks for piece in text.push(chunk)), *text.settle()]:
        if isinstance(piece, Withdrawn):
            words, calls = "", []
        elif isinstance(piece, str):
            words += piece
        elif isinstance(piece, ToolCall):
            calls.append((piece.name, read(piece.arguments)))
    return words, tuple(calls), text.is_unread


def read(arguments: str) -> object:
    """As JSON; as they are where they are none, which is for whoever makes the call to tell."""
    with suppress(ValueError):
        return json.loads(arguments)
    return arguments


def cuts(text: str) -> Iterable[list[str]]:
    """The text in two pieces, cut everywhere, and in pieces of each small size."""
    yield from ([text[:at], text[at:]] for at in range(len(text) + 1))
    yield from ([text[at : at + n] for at in range(0, len(text), n)] for n in range(1, 8))


@pytest.mark.parametrize(("text", "words", "calls"), WRITTEN.values(), ids=WRITTEN.keys())
def test_an_answer_means_the_same_wherever_it_is_cut(text: str, words: str, calls: Calls) -> None:
    for chunks in cuts(text):
        assert heard(chunks) == (words, calls, False), chunks


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_call_that_cannot_be_read_is_not_said_either(text: str) -> None:
    for chunks in cuts(text):
        assert heard(chunks) == ("", (), True), chunks


_FRAGMENTS = [
    *("<", "|", ">", "[", "]", "{", "}", "`", "```", '"', "\\", "\n", " ", ".", "(", ")", ":"),
    *("end_call", "find_hours", "functions.", "The user ", "at nine", "to=", "json", "{}"),
    *("<think>", "</think>", "<tool_call>", "</tool_call>", "<|channel|>", "<|message|>"),
    *("<|start|>", "<|end|>", "[TOOL_CALLS]", "<function=", "</function>", "<|x|>"),
    *("<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>"),
]


@given(st.lists(st.sampled_from(_FRAGMENTS), max_size=12), st.data())
def test_any_text_means_the_same_however_it_is_cut(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    at = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    chunks = [text[i:j] for i, j in zip([0, *at], [*at, len(text)], strict=True)]
    assert heard(chunks) == heard([text])


def test_arguments_that_are_no_json_are_a_call_all_the_same() -> None:
    text = "[<find_hours<|tool_call_argument_begin|>]"
    for chunks in cuts(text):
        assert heard(chunks) == ("", (("find_hours", "]"),), False), chunks


def test_words_are_given_as_they_come() -> None:
    text = AnswerText(TOOLS)
    given = [text.push(token) for token in ("We", " open", " at", " nine", ".")]
    assert given == [["We"], [" open"], [" at"], [" nine"], ["."]]


def test_a_brace_that_begins_no_object_holds_nothing_back() -> None:
    text = AnswerText(TOOLS)
    said = [*text.push("The set { 1, 2 has"), *text.push(" two. :-{ Bye")]
    assert "".join(one for one in said if isinstance(one, str)) == "The set { 1, 2 has two. :-{ Bye"


def test_a_call_behind_a_lone_brace_is_made() -> None:
    call = '<tool_call>{"name": "end_call", "arguments": {}}</tool_call>'
    assert heard([f"So {{x it is. {call}"]) == ("So {x it is. ", (("end_call", {}),), False)


def test_a_thought_that_opens_every_answer_is_kept_to_its_end() -> None:
    thought = "Nine, I believe.</think>At nine."
    assert heard([thought], opens_in_thought=True) == ("At nine.", (), False)
    assert not [
        piece
        for piece in AnswerText(TOOLS, opens_in_thought=True).push("Nine, I believe.")
        if isinstance(piece, str)
    ]
    assert heard(["At", " nine."], opens_in_thought=True) == ("At nine.", (), False)


def test_a_thought_without_a_beginning_is_told() -> None:
    told, plain = AnswerText(TOOLS), AnswerText(TOOLS)
    told.push("Nine, I believe.</think>At nine.")
    plain.push("<think>Nine.</think>At nine.")
    assert (told.thought_aloud, plain.thought_aloud) == (True, False)
