"""The engines: a sentence is spoken by one and recognised by the other."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.words import words_missing
from sandbox.codecs import wav_header
from sandbox.engines.espeak import EspeakVoice
from sandbox.ports import EngineError, Samples, SpokenLine
from sandbox.server import Engines, Sandbox, serve
from tests.engines import require_engines
from tests.eventually import eventually
from tests.integration.sandbox_clients import DEADLINE_S, chunks, openai, sarvam, silence
from tests.integration.test_sandbox_process import is_running, read_ready

SENTENCE = "What are your opening hours on Saturday?"
MISHEARD = 2
"""Words of it: the voice says nothing twice in the same way, and the model is the smallest."""


@pytest.fixture
async def engines() -> AsyncIterator[Sandbox]:
    require_engines()
    async with serve(Engines()) as sandbox:
        yield sandbox


async def say(sandbox: Sandbox, text: str, speaker: str = "shubh") -> Samples:
    async with (
        sarvam(sandbox) as client,
        client.text_to_speech_streaming.connect(
            model="bulbul:v3", send_completion_event="true"
        ) as socket,
    ):
        await socket.configure(
            target_language_code="en-IN",
            speaker=speaker,
            output_audio_codec="linear16",
            speech_sample_rate=16000,
        )
        await socket.convert(text)
        await socket.flush()
        audio = b""
        async with asyncio.timeout(DEADLINE_S):
            while (message := await socket.recv()).type == "audio":
                audio += base64.b64decode(message.data.audio)
    return np.frombuffer(audio, np.int16)


async def recognise(sandbox: Sandbox, sound: Samples) -> list[Any]:
    """The transcripts of one manual utterance, partials and final, in order."""
    async with (
        sarvam(sandbox) as client,
        client.speech_to_text_realtime_streaming.connect(
            language_code="en-IN", endpointing="manual"
        ) as socket,
    ):
        await socket._send({"event": "speech_start"})
        for chunk in chunks(sound, chunk_ms=100):
            await socket._websocket.send(chunk)
        await socket._send({"event": "speech_end"})
        await socket._send({"event": "end"})
        heard = []
        async with asyncio.timeout(DEADLINE_S):
            async for message in socket:
                if message.event.startswith("transcript."):
                    heard.append(message)
    return heard


async def test_what_the_voice_says_the_recogniser_hears(engines: Sandbox) -> None:
    for speaker in ("shubh", "ritu"):
        sound = await say(engines, SENTENCE, speaker)
        heard = await recognise(engines, np.concatenate((silence(200), sound, silence(100))))

        assert heard[-1].event == "transcript.final"
        assert words_missing(SENTENCE, heard[-1].text) <= MISHEARD
    assert await recognise(engines, silence(1500)) == []
    async with openai(engines, "/upstreams/local/v1") as client:
        answer = await client.chat.completions.create(
            model="any",
            messages=[
                {"role": "system", "content": "The shop is open from nine to six."},
                {"role": "user", "content": SENTENCE},
            ],
        )
    assert answer.choices[0].message.content == "The shop is open from nine to six."


async def test_the_voices_process_ends_with_a_killed_sandbox(tmp_path: Path) -> None:
    require_engines()
    ready_file = tmp_path / "ready.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--engines", "--ready-file", str(ready_file)),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    _, child = (await read_ready(ready_file))["pids"]
    process.kill()
    await process.wait()

    async def is_gone() -> bool:
        return not is_running(child)

    await eventually(is_gone, what="the end of the voice's process")


def write_program(path: Path, output: bytes) -> str:
    """A stand-in for espeak-ng that answers every text with these bytes."""
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.read()\n"
        f"sys.stdout.buffer.write(bytes({json.dumps(list(output))}))\n"
    )
    path.chmod(0o755)
    return str(path)


async def speak(program: str) -> Samples:
    line = SpokenLine("hello", "shubh", "bulbul:v3", "en-IN", 24000)
    return np.concatenate([part async for part in EspeakVoice(program).speak(line)])


async def test_espeaks_wav_is_resampled_and_its_silence_cut(tmp_path: Path) -> None:
    tone = (8000 * np.sin(np.arange(22050) / 10)).astype("<i2").tobytes()
    program = write_program(tmp_path / "espeak-ng", wav_header(22050) + bytes(22050) + tone)
    sound = await speak(program)

    assert sound.size == pytest.approx(24000, rel=0.15)
    assert np.abs(sound[2400:]).max() > 6000


async def test_an_espeak_that_fails_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        await speak(write_program(tmp_path / "espeak-ng", b""))
