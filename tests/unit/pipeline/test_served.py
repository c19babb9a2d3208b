"""Who served an answer, and what the model was told, through JSON and from process to process."""

import json

import pytest

from pipeline.served import MAX_PASSAGE_CHARS, Passage, Served, served_at_hand
from pipeline.stored_json import Stored

PASSAGE = Passage("d1", "Hours", 3, "We open at nine.")


def test_what_was_written_is_read_again() -> None:
    served = Served("moonshot", "kimi-k2.5", "bulbul:v3", "shubh", (PASSAGE,))
    again = Served.read(Stored.read(json.loads(json.dumps(served.to_json()))))
    assert again == served
    assert again.upstream == {
        "llm": "moonshot",
        "llm_model": "kimi-k2.5",
        "tts_model": "bulbul:v3",
        "speaker": "shubh",
    }


@pytest.mark.parametrize("garbage", [None, {}, {"llm": 7, "passages": "x"}, {"passages": [7]}])
def test_garbage_served_nobody(garbage: object) -> None:
    stored = Stored.read(garbage)
    assert Served.read(stored).upstream is None
    assert not any(one["text"] for one in Served.read(stored).passages_to_json())


def test_what_is_stored_is_bounded_and_what_a_database_takes() -> None:
    served = Served("a\0b", passages=[Passage("d", "n", 1, "x\ud800" * 9000)] * 50)
    assert served.upstream is not None
    assert served.upstream["llm"] == "ab"
    passages = served.passages_to_json()
    assert len(passages) == 10
    assert all(len(one["text"]) <= MAX_PASSAGE_CHARS for one in passages)
    assert "\ud800" not in passages[0]["text"]


def test_a_reply_that_is_gone_on_with_was_served_by_both() -> None:
    before = Served("moonshot", "kimi-k2.5", "bulbul:v3", "shubh", (PASSAGE,))
    rest = Served(tts_model="bulbul:v3", speaker="anushka").after(before)
    assert (rest.llm, rest.speaker, list(rest.passages)) == ("moonshot", "anushka", [PASSAGE])


def test_outside_of_a_reply_nobody_reads_it() -> None:
    served_at_hand().llm = "moonshot"
    assert served_at_hand().llm is None
