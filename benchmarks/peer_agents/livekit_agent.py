"""Vanilla livekit-agents with Sarvam: as its documentation starts one, or with each option tuned.

`python -m benchmarks.peer_agents.livekit_agent VARIANT --providers URL --greeting TEXT` registers a
worker under the name `peer-VARIANT`, prints `ready`, and ends when standard input closes.
LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET say where. The variants: `defaults`; `150` and
`200`, tuned, with so many milliseconds of silence for detector and recogniser; `eot`, tuned, with
the end-of-turn model that the package brings.
"""

import argparse
import asyncio
import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from livekit.agents import Agent, AgentServer, AgentSession, JobContext, inference, room_io
from livekit.plugins import openai, sarvam
from livekit.plugins.sarvam import stt as sarvam_stt

Session = AgentSession[None]
_KEY = "stand-in"
_INSTRUCTIONS = "You are a helpful voice assistant."


@dataclass(frozen=True)
class Peer:
    """`providers`: the stand-ins' origin, `http://…`."""

    variant: str
    providers: str
    greeting: str

    @property
    def sockets(self) -> str:
        return self.providers.replace("http", "ws", 1)


def defaults(peer: Peer) -> tuple[Session, room_io.RoomOptions]:
    """What a beginner writes: the three plugins, the rest as the framework has it.

    That rest is the bundled voice activity detector, the audio end-of-turn model on this machine,
    generation ahead of the turn's end, and interruptions after half a second. The recogniser
    takes no address, so the constant that it reads is replaced: an address and nothing else.
    """
    sarvam_stt.SARVAM_STT_STREAMING_URL = f"{peer.sockets}/speech-to-text/ws"
    session = Session(
        stt=sarvam.STT(language="en-IN", api_key=_KEY),
        llm=_model(peer),
        tts=sarvam.TTS(
            target_language_code="en-IN",
            api_key=_KEY,
            base_url=f"{peer.providers}/text-to-speech",
            ws_url=f"{peer.sockets}/text-to-speech/ws",
        ),
    )
    return session, room_io.RoomOptions()


def eot(peer: Peer) -> tuple[Session, room_io.RoomOptions]:
    """Tuned, but the audio end-of-turn model decides: v1-mini, whose weights the package brings. It
    asks for 250 ms of silence; a turn that it holds for unfinished waits a second, no longer."""
    return tuned(peer, silence_ms=250, detection=inference.TurnDetector(version="v1-mini"))


def tuned(
    peer: Peer,
    *,
    silence_ms: int,
    detection: inference.TurnDetector | Literal["vad"] = "vad",
) -> tuple[Session, room_io.RoomOptions]:
    """Every option that makes it faster.

    Realtime recognition and a detector that wait for `silence_ms`, no delay beyond the detector's,
    frames of 10 ms that nobody resamples, generation and speech ahead of the turn's end,
    interruption at once, and sound that needs no decoder.
    """
    session = Session(
        stt=sarvam.STTRealtime(
            language="en-IN",
            stream_type="fast",
            vad_min_silence_ms=silence_ms,
            api_key=_KEY,
            base_url=f"{peer.sockets}/speech-to-text-realtime/ws",
        ),
        vad=inference.VAD(min_silence_duration=silence_ms / 1000),
        llm=_model(peer),
        tts=sarvam.TTS(
            target_language_code="en-IN",
            output_audio_codec="linear16",
            speech_sample_rate=24000,
            min_buffer_size=30,
            api_key=_KEY,
            base_url=f"{peer.providers}/text-to-speech",
            ws_url=f"{peer.sockets}/text-to-speech/ws",
        ),
        turn_handling={
            "turn_detection": detection,
            "endpointing": {"min_delay": 0.0, "max_delay": 1.0},
            "interruption": {
                "mode": "vad",
                "min_duration": 0.1,
                "resume_false_interruption": False,
            },
            "preemptive_generation": {"enabled": True, "preemptive_tts": True},
        },
        tts_text_transforms=None,
        aec_warmup_duration=None,
    )
    hearing = room_io.AudioInputOptions(
        sample_rate=16000, frame_size_ms=10, pre_connect_audio=False
    )
    return session, room_io.RoomOptions(audio_input=hearing)


_VARIANTS: dict[str, Callable[[Peer], tuple[Session, room_io.RoomOptions]]] = {
    "defaults": defaults,
    "150": functools.partial(tuned, silence_ms=150),
    "200": functools.partial(tuned, silence_ms=200),
    "eot": eot,
}


def _model(peer: Peer) -> openai.LLM:
    """Each system is a model of its own, so that all are answered in the same words."""
    base_url = f"{peer.providers}/upstreams/local/v1"
    return openai.LLM(model=f"livekit-{peer.variant}", api_key=_KEY, base_url=base_url)


async def run_job(peer: Peer, context: JobContext) -> None:
    session, options = _VARIANTS[peer.variant](peer)
    await session.start(
        agent=Agent(instructions=_INSTRUCTIONS), room=context.room, room_options=options
    )
    await context.connect()
    session.say(peer.greeting)


async def serve(peer: Peer) -> None:
    """Until standard input closes."""
    # A benchmark's machine is busy: by its usual measure of load the worker would refuse jobs.
    server = AgentServer(host="127.0.0.1", port=0, load_fnc=lambda: 0.0, num_idle_processes=1)
    server.rtc_session(functools.partial(run_job, peer), agent_name=f"peer-{peer.variant}")
    server.on("worker_registered", lambda *_: print("ready", flush=True))
    running = asyncio.create_task(server.run())
    closing = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait({running, closing}, return_when=asyncio.FIRST_COMPLETED)
    await server.aclose()
    await running


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("variant", choices=tuple(_VARIANTS))
    parser.add_argument("--providers", required=True)
    parser.add_argument("--greeting", required=True)
    args = parser.parse_args()
    asyncio.run(serve(Peer(args.variant, args.providers, args.greeting)))


if __name__ == "__main__":
    main()
