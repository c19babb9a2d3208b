import numpy as np

from sandbox.ports import Samples, SpokenLine
from sandbox.scripted.voice import synthesise
from sandbox.speech_gate import Change, SpeechGate, measure_voiced_ms

RATE_HZ = 16000


def silence(ms: int) -> Samples:
    return np.zeros(RATE_HZ * ms // 1000, np.int16)


def tone(ms: int, level: int = 6000) -> Samples:
    at = np.arange(RATE_HZ * ms // 1000) / RATE_HZ
    return (level * np.sin(2 * np.pi * 200 * at)).astype(np.int16)


def changes(gate: SpeechGate, sound: Samples, chunk_ms: int = 20) -> list[tuple[int, Change]]:
    """Each change with the moment (ms) at the end of the chunk that brought it."""
    size = RATE_HZ * chunk_ms // 1000
    found = []
    for start in range(0, sound.size, size):
        change = gate.hear(sound[start : start + size]).change
        if change is not None:
            found.append(((start + size) * 1000 // RATE_HZ, change))
    return found


def test_speech_starts_after_the_least_duration_and_ends_after_the_silence() -> None:
    gate = SpeechGate(RATE_HZ, silence_ms=500, min_speech_ms=60)
    sound = np.concatenate((silence(200), tone(400), silence(800)))

    assert changes(gate, sound) == [(260, Change.STARTED), (1100, Change.ENDED)]


def test_a_pause_shorter_than_the_window_does_not_end_speech() -> None:
    gate = SpeechGate(RATE_HZ, silence_ms=500)
    sound = np.concatenate((tone(300), silence(400), tone(300), silence(600)))

    assert [change for _, change in changes(gate, sound)] == [Change.STARTED, Change.ENDED]


def test_a_click_starts_nothing() -> None:
    gate = SpeechGate(RATE_HZ, silence_ms=500, min_speech_ms=60)

    assert changes(gate, np.concatenate((silence(100), tone(20), silence(300)))) == []


def test_faint_noise_is_not_voiced() -> None:
    noise = np.random.default_rng(1).normal(0, 100, RATE_HZ).astype(np.int16)

    assert measure_voiced_ms(noise, RATE_HZ) == 0


def test_odd_sized_chunks_measure_like_whole_ones() -> None:
    sound = np.concatenate((silence(100), tone(330), silence(100)))
    gate = SpeechGate(RATE_HZ, silence_ms=500)
    voiced_ms = sum(gate.hear(part).voiced_ms for part in np.array_split(sound, 17))

    assert voiced_ms == measure_voiced_ms(sound, RATE_HZ) == 330


def test_the_synthetic_voice_is_voiced_as_long_as_its_letters_say() -> None:
    line = SpokenLine("good day", "shubh", "bulbul:v3", "en-IN", RATE_HZ)

    assert measure_voiced_ms(synthesise(line, ms_per_char=60), RATE_HZ) == 7 * 60
