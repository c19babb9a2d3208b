"""A synthesis service in memory whose words can be counted: a tone each, with a dip after it."""

import asyncio
import base64
import json
from collections import deque
from typing import Any, Final

from pipeline.audio import AGENT_BYTES_PER_S, AGENT_RATE_HZ
from pipeline.providers.sarvam_socket import Frame
from sandbox.ports import SpokenLine
from sandbox.scripted.voice import synthesise
from tests.unit.pipeline.fake_wire import FakeService, FakeWire

CHUNK_S: Final = 0.2
MS_PER_CHAR: Final = 60
FIRST_BYTE_S: Final = 0.08


def tones(text: str, ms_per_char: int = MS_PER_CHAR) -> bytes:
    """How `text` sounds."""
    line = SpokenLine(text, "shubh", "bulbul:v3", "en-IN", AGENT_RATE_HZ)
    return synthesise(line, ms_per_char).tobytes()


class FakeTts(FakeService):
    """Speaks what is flushed, ten times faster than real time. `faults` are used up one a
    connection: `cut` or `stall` after so many seconds of sound, None for a good one."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: deque[tuple[str, float] | None] = deque()
        self.refused_speakers: set[str] = set()
        self.refused_texts: set[str] = set()
        self.realtime_factor = 10.0
        self.greet = self._serve

    @property
    def texts(self) -> list[str]:
        """What was said on each connection."""
        return [" ".join("".join(_texts(wire.sent)).split()) for wire in self.wires]

    def _serve(self, wire: FakeWire) -> None:
        _Speaker(self, wire, self.faults.popleft() if self.faults else None)


class _Speaker:
    def __init__(self, service: FakeTts, wire: FakeWire, fault: tuple[str, float] | None) -> None:
        self._service, self._wire = service, wire
        self._kind, after_s = fault or ("none", 0.0)
        self._n_left = int(after_s * AGENT_RATE_HZ) * 2 if fault else None
        self._text = ""
        self._free_at = 0.0
        wire.on_sent = self._take

    def _take(self, frame: Frame) -> None:
        message = json.loads(frame)
        data = message.get("data") or {}
        if message["type"] == "config" and data["speaker"] in self._service.refused_speakers:
            self._wire.bring(type="error", data={"code": 400, "message": "Speaker is not there"})
        elif message["type"] == "text" and data["text"] in self._service.refused_texts:
            self._wire.bring(type="error", data={"code": 422, "message": "no such script"})
        elif message["type"] == "text":
            self._text += data["text"]
        elif message["type"] == "flush":
            text, self._text = self._text, ""
            self._speak(tones(text))

    def _speak(self, pcm: bytes) -> None:
        loop = asyncio.get_running_loop()
        at = max(self._free_at, loop.time() + FIRST_BYTE_S)
        size = int(CHUNK_S * AGENT_BYTES_PER_S)
        for start in range(0, len(pcm), size):
            loop.call_at(at, self._bring, pcm[start : start + size])
            at += CHUNK_S / self._service.realtime_factor
        loop.call_at(at, self._bring, None)
        self._free_at = at

    def _bring(self, pcm: bytes | None) -> None:
        part = pcm if self._n_left is None else (pcm or b"")[: self._n_left]
        if part:
            audio = base64.b64encode(part).decode()
            self._wire.bring(type="audio", data={"content_type": "audio/pcm", "audio": audio})
        if self._n_left is not None and pcm is not None:
            self._n_left -= len(part or b"")
        if self._n_left == 0:
            if self._kind == "cut":
                self._wire.end()
        elif pcm is None:
            self._wire.bring(type="event", data={"event_type": "final"})


def _texts(frames: list[Frame]) -> list[Any]:
    messages = [json.loads(frame) for frame in frames]
    return [one["data"]["text"] for one in messages if one["type"] == "text"]
