import asyncio

import numpy as np
import pytest

from sandbox.ports import Transcriber
from sandbox.script import parse_script
from sandbox.scripted.recogniser import ScriptedRecogniser

NOTHING = np.zeros(0, np.int16)
PAUSE_MS = 90
"""The silence after which a client flushes."""


def opened(utterances: list[dict[str, object]], language: str = "en-IN") -> Transcriber:
    script = parse_script({"stt": {"utterances": utterances, "latency_ms": 0}})
    return ScriptedRecogniser(script.stt, seed=0).open(language, 16000)


async def hear_and_cut(transcriber: Transcriber, voiced_ms: int) -> str:
    transcriber.hear(NOTHING, voiced_ms, PAUSE_MS)
    assert transcriber.has_pending()
    return (await transcriber.cut()()).text


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
        [{"text": "one two", "speech_ms": 1000}, {"text": "three I know", "speech_ms": 600}]
    )
    assert await hear_and_cut(transcriber, 900) == "one two"
    transcriber.hear(NOTHING, 240, PAUSE_MS)
    assert not transcriber.has_pending()

    transcriber.end_utterance()
    transcriber.hear(NOTHING, 90, PAUSE_MS)
    assert not transcriber.has_pending()


async def test_the_rest_of_an_entrys_sound_reveals_nothing_of_the_next() -> None:
    transcriber = opened([{"text": "one two three", "speech_ms": 1000}])
    assert await hear_and_cut(transcriber, 900) == "one two three"
    transcriber.hear(NOTHING, 260, PAUSE_MS)
    assert not transcriber.has_pending()

    transcriber.end_utterance()
    assert await hear_and_cut(transcriber, 740) == "one two three"


async def test_a_cough_is_over_with_its_utterance_and_holds_no_words() -> None:
    transcriber = opened([{"text": "", "speech_ms": 300}, {"text": "one two", "speech_ms": 400}])
    transcriber.hear(NOTHING, 250, PAUSE_MS)
    assert not transcriber.has_pending()
    transcriber.end_utterance()

    assert await hear_and_cut(transcriber, 400) == "one two"


async def test_a_cough_that_was_never_heard_takes_no_words_of_what_follows() -> None:
    transcriber = opened([{"text": "", "speech_ms": 300}, {"text": "one two", "speech_ms": 1000}])

    for _ in range(9):
        transcriber.hear(NOTHING, 100, PAUSE_MS)
    assert await hear_and_cut(transcriber, 0) == "one two"


def test_nothing_is_pending_after_a_cut_or_a_click() -> None:
    transcriber = opened([{"text": "one two", "speech_ms": 400}])
    transcriber.hear(NOTHING, 400, PAUSE_MS)
    transcriber.cut()
    assert not transcriber.has_pending()

    transcriber.hear(NOTHING, 20, PAUSE_MS)
    assert not transcriber.has_pending()


def test_a_sandbox_without_utterances_hears_nothing() -> None:
    transcriber = opened([])
    transcriber.hear(NOTHING, 5000, PAUSE_MS)

    assert not transcriber.has_pending()


async def test_a_blank_entry_gives_a_blank_final() -> None:
    assert await hear_and_cut(opened([{"text": " "}]), 300) == " "


async def test_detection_names_the_language_and_its_confidence() -> None:
    transcriber = opened([{"text": "नमस्ते", "language": "hi-IN"}], language="auto")
    transcriber.hear(NOTHING, 300, PAUSE_MS)
    transcript = await transcriber.cut()()

    assert transcript.language == "hi-IN"
    assert transcript.confidence is not None


async def test_a_script_that_resumes_goes_on_after_the_last_final_that_was_told() -> None:
    entries = [{"text": "one two three four", "speech_ms": 1000}, {"text": "next"}]
    script = parse_script({"stt": {"utterances": entries, "latency_ms": 0, "resumes": True}})
    recogniser = ScriptedRecogniser(script.stt, seed=0)
    first = recogniser.open("en-IN", 16000)
    assert await hear_and_cut(first, 500) == "one two"
    first.hear(NOTHING, 500, PAUSE_MS)
    first.cut()  # it is never told

    second = recogniser.open("en-IN", 16000)
    assert await hear_and_cut(second, 500) == "three four"
    assert await hear_and_cut(recogniser.open("en-IN", 16000), 300) == "next"


def hearing(**stt: object) -> Transcriber:
    entries = [{"text": "one two, three four.", "speech_ms": 1800}]
    quick = {"latency_ms": 0, "partial_latency_ms": 0, "partial_interval_ms": 20}
    script = parse_script({"seed": 1, "stt": {"utterances": entries, **quick, **stt}})
    return ScriptedRecogniser(script.stt, seed=script.seed).open("en-IN", 16000)


@pytest.mark.parametrize(
    ("habit", "in_the_pause", "at_the_end"),
    [
        ("vendor", "one two,", "three four."),
        ("never", "one two", "three four"),
        ("always", "one two.", "three four."),
    ],
)
async def test_finals_are_punctuated_as_the_script_says(
    habit: str, in_the_pause: str, at_the_end: str
) -> None:
    transcriber = hearing(punctuation=habit)
    assert await hear_and_cut(transcriber, 740) == in_the_pause
    assert await hear_and_cut(transcriber, 1060) == at_the_end


async def test_a_partial_at_a_pause_ends_as_finals_do() -> None:
    transcriber = hearing(punctuation="always")
    transcriber.hear(NOTHING, 740, PAUSE_MS)
    assert await transcriber.next_partial() == "one two,"
    transcriber.hear(NOTHING, 0, 200)
    assert await transcriber.next_partial() == "one two."


async def test_a_partial_holds_no_word_that_was_spoken_within_its_latency() -> None:
    transcriber = hearing(partial_latency_ms=30)
    transcriber.hear(NOTHING, 400, 0)
    guessing = asyncio.create_task(transcriber.next_partial())
    await asyncio.sleep(0.03)  # the guess is made, and under way
    transcriber.hear(NOTHING, 400, 0)
    assert await guessing == "one"


async def test_a_misheard_last_word_is_right_in_the_next_partial() -> None:
    transcriber = hearing(revised_percent=100)
    transcriber.hear(NOTHING, 1800, PAUSE_MS)
    assert await transcriber.next_partial() == "one two, three fo"
    assert await transcriber.next_partial() == "one two, three four."
    assert (await transcriber.cut()()).text == "one two, three four."


async def test_the_same_words_are_misheard_in_every_run() -> None:
    async def first_partials() -> list[str]:
        transcriber = hearing(revised_percent=50)
        partials = []
        for _ in range(4):
            transcriber.hear(NOTHING, 450, PAUSE_MS)
            partials.append(await transcriber.next_partial())
        return partials

    first = await first_partials()
    assert first == await first_partials()
    assert first != ["one", "one two,", "one two, three", "one two, three four."]


async def test_a_last_word_that_a_flush_came_too_early_for_comes_with_the_end() -> None:
    transcriber = hearing()
    transcriber.hear(NOTHING, 1790, 10)
    assert (await transcriber.cut()()).text == "one two, three"

    transcriber.hear(NOTHING, 0, PAUSE_MS)
    assert transcriber.has_pending()
    assert (await transcriber.cut()()).text == "four."
