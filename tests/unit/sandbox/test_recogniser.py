import numpy as np
import pytest

from sandbox.ports import Transcriber
from sandbox.script import SpokenPause, Utterance, parse_script
from sandbox.scripted.recogniser import ScriptedRecogniser, count_revealed, count_said

NOTHING = np.zeros(0, np.int16)


def opened(utterances: list[dict[str, object]], language: str = "en-IN") -> Transcriber:
    script = parse_script({"stt": {"utterances": utterances, "latency_ms": 0}})
    return ScriptedRecogniser(script.stt, seed=0).open(language, 16000)


async def hear_and_cut(transcriber: Transcriber, voiced_ms: int) -> str:
    transcriber.hear(NOTHING, voiced_ms)
    assert transcriber.has_pending()
    return (await transcriber.cut()()).text


@pytest.mark.parametrize(
    ("voiced_ms", "expected"),
    [(0, 0), (100, 0), (130, 1), (500, 2), (880, 4), (900, 4), (5000, 4)],
)
def test_words_are_revealed_with_the_voiced_audio(voiced_ms: int, expected: int) -> None:
    assert count_revealed(4, voiced_ms, 1000) == expected


def test_all_words_are_out_a_little_before_the_end() -> None:
    assert count_revealed(10, 899, 1000) == 9
    assert count_revealed(10, 900, 1000) == 10


@pytest.mark.parametrize(
    ("voiced_ms", "expected"), [(400, 1), (880, 3), (980, 3), (1050, 3), (1240, 4), (1450, 5)]
)
def test_at_a_pause_just_the_words_before_it_are_out(voiced_ms: int, expected: int) -> None:
    entry = Utterance("one two three four five", 1500, pauses=(SpokenPause(3, 950),))
    assert count_said(entry, voiced_ms) == expected


async def test_without_a_duration_the_first_final_has_the_whole_text() -> None:
    transcriber = opened([{"text": "one two"}, {"text": "three"}])

    assert await hear_and_cut(transcriber, 200) == "one two"
    assert await hear_and_cut(transcriber, 200) == "three"
    assert await hear_and_cut(transcriber, 200) == "one two"


async def test_a_flush_in_a_pause_splits_the_entry() -> None:
    transcriber = opened([{"text": "one two three four", "speech_ms": 1000}, {"text": "next"}])

    assert await hear_and_cut(transcriber, 500) == "one two"
    assert await hear_and_cut(transcriber, 500) == "three four"
    assert await hear_and_cut(transcriber, 300) == "next"


async def test_sound_that_a_codec_lengthened_reveals_nothing_of_the_next_entry() -> None:
    transcriber = opened(
        [{"text": "one two", "speech_ms": 1000}, {"text": "I know three", "speech_ms": 600}]
    )
    assert await hear_and_cut(transcriber, 900) == "one two"
    transcriber.hear(NOTHING, 240)
    assert not transcriber.has_pending()

    transcriber.end_utterance()
    transcriber.hear(NOTHING, 90)
    assert not transcriber.has_pending()


async def test_the_rest_of_an_entrys_sound_reveals_nothing_of_the_next() -> None:
    transcriber = opened([{"text": "one two three", "speech_ms": 1000}])
    assert await hear_and_cut(transcriber, 900) == "one two three"
    transcriber.hear(NOTHING, 260)
    assert not transcriber.has_pending()

    transcriber.end_utterance()
    assert await hear_and_cut(transcriber, 740) == "one two three"


async def test_a_cough_is_over_with_its_utterance_and_holds_no_words() -> None:
    transcriber = opened([{"text": "", "speech_ms": 300}, {"text": "one two", "speech_ms": 400}])
    transcriber.hear(NOTHING, 250)
    assert not transcriber.has_pending()
    transcriber.end_utterance()

    assert await hear_and_cut(transcriber, 400) == "one two"


async def test_a_cough_that_was_never_heard_takes_no_words_of_what_follows() -> None:
    transcriber = opened([{"text": "", "speech_ms": 300}, {"text": "one two", "speech_ms": 1000}])

    for _ in range(9):
        transcriber.hear(NOTHING, 100)
    assert await hear_and_cut(transcriber, 0) == "one two"


def test_nothing_is_pending_after_a_cut_or_a_click() -> None:
    transcriber = opened([{"text": "one two", "speech_ms": 400}])
    transcriber.hear(NOTHING, 400)
    transcriber.cut()
    assert not transcriber.has_pending()

    transcriber.hear(NOTHING, 20)
    assert not transcriber.has_pending()


def test_a_sandbox_without_utterances_hears_nothing() -> None:
    transcriber = opened([])
    transcriber.hear(NOTHING, 5000)

    assert not transcriber.has_pending()


async def test_a_blank_entry_gives_a_blank_final() -> None:
    assert await hear_and_cut(opened([{"text": " "}]), 300) == " "


async def test_detection_names_the_language_and_its_confidence() -> None:
    transcriber = opened([{"text": "नमस्ते", "language": "hi-IN"}], language="auto")
    transcriber.hear(NOTHING, 300)
    transcript = await transcriber.cut()()

    assert transcript.language == "hi-IN"
    assert transcript.confidence is not None


async def test_a_script_that_resumes_goes_on_after_the_last_final_that_was_told() -> None:
    entries = [{"text": "one two three four", "speech_ms": 1000}, {"text": "next"}]
    script = parse_script({"stt": {"utterances": entries, "latency_ms": 0, "resumes": True}})
    recogniser = ScriptedRecogniser(script.stt, seed=0)
    first = recogniser.open("en-IN", 16000)
    assert await hear_and_cut(first, 500) == "one two"
    first.hear(NOTHING, 500)
    first.cut()  # it is never told

    second = recogniser.open("en-IN", 16000)
    assert await hear_and_cut(second, 500) == "three four"
    assert await hear_and_cut(recogniser.open("en-IN", 16000), 300) == "next"
