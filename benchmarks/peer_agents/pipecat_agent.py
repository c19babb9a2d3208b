"""Pipecat with Sarvam: as its documentation starts one, or with each option tuned.

`python -m benchmarks.peer_agents.pipecat_agent VARIANT --livekit URL --providers URL --greeting
TEXT` prints `ready`, then joins a room for each line of standard input (`ROOM TOKEN`), all in one
process that is warm, and ends when standard input closes. It runs in an environment of its own
(`make peers`) and imports nothing of ours. The variants: `defaults`; `fast`, realtime recognition
and a turn that is over with the detector's silence and the final; `smart-turn`, the same with the
end-of-turn model that the package brings.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.sarvam.stt import SarvamRealtimeSTTService, SarvamSTTService
from pipecat.services.sarvam.tts import SarvamTTSService
from pipecat.services.tts_service import TextAggregationMode
from pipecat.transcriptions.language import Language
from pipecat.transports.livekit.transport import LiveKitParams, LiveKitTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner
from sarvamai.environment import SarvamAIEnvironment

_KEY = "stand-in"
_INSTRUCTIONS = "You are a helpful voice assistant."


@dataclass(frozen=True)
class Peer:
    """`providers`: the stand-ins' origin, `http://…`."""

    variant: str
    livekit: str
    providers: str
    greeting: str

    @property
    def sockets(self) -> str:
        return self.providers.replace("http", "ws", 1)


async def talk(peer: Peer, room: str, token: str) -> None:
    """One call, from joining to the caller's leaving."""
    transport = LiveKitTransport(
        url=peer.livekit,
        token=token,
        room_name=room,
        params=LiveKitParams(audio_in_enabled=True, audio_out_enabled=True),
    )
    heard, said = LLMContextAggregatorPair(LLMContext(), user_params=_turns(peer))
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                _recogniser(peer),
                heard,
                OpenAILLMService(
                    api_key=_KEY,
                    base_url=f"{peer.providers}/upstreams/local/v1",
                    settings=OpenAILLMService.Settings(
                        model=f"pipecat-{peer.variant}", system_instruction=_INSTRUCTIONS
                    ),
                ),
                _voice(peer),
                transport.output(),
                said,
            ]
        )
    )

    async def greet(*_: object) -> None:
        await worker.queue_frame(TTSSpeakFrame(peer.greeting))

    async def end(*_: object) -> None:
        await worker.cancel()

    transport.add_event_handler("on_first_participant_joined", greet)
    transport.add_event_handler("on_participant_disconnected", end)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def _turns(peer: Peer) -> LLMUserAggregatorParams:
    """`fast` waits for no silence beyond the detector's shortest useful one; the model of
    `smart-turn` was made for 200 ms, the detector's default."""
    if peer.variant == "fast":
        return LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer(params=VADParams(stop_secs=0.15)),
            user_turn_strategies=UserTurnStrategies(
                stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.0)]
            ),
        )
    return LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())


def _voice(peer: Peer) -> SarvamTTSService:
    """Tuned: the smallest buffer, and words that are sent as they come."""
    url = f"{peer.sockets}/text-to-speech/ws"
    if peer.variant == "defaults":
        return SarvamTTSService(api_key=_KEY, url=url)
    return SarvamTTSService(
        api_key=_KEY,
        url=url,
        text_aggregation_mode=TextAggregationMode.TOKEN,
        settings=SarvamTTSService.Settings(min_buffer_size=30),
    )


def _recogniser(peer: Peer) -> SarvamSTTService | SarvamRealtimeSTTService:
    """Tuned: realtime, told by the pipeline's detector when the caller stops, so that no window of
    its own is added. The legacy one takes no address, so its client's is replaced: an address and
    nothing else."""
    if peer.variant != "defaults":
        return SarvamRealtimeSTTService(
            api_key=_KEY,
            base_url=f"{peer.sockets}/speech-to-text-realtime/ws",
            endpointing="manual",
            sample_rate=16000,
            settings=SarvamRealtimeSTTService.Settings(stream_type="fast"),
        )
    SarvamAIEnvironment.PRODUCTION.base = peer.providers
    SarvamAIEnvironment.PRODUCTION.production = peer.sockets
    return SarvamSTTService(
        api_key=_KEY, settings=SarvamSTTService.Settings(language=Language.EN_IN)
    )


async def serve(peer: Peer) -> None:
    """Until standard input closes; then the calls that are going on are cut."""
    calls: set[asyncio.Task[None]] = set()
    print("ready", flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        room, _, token = line.partition(" ")
        call = asyncio.create_task(talk(peer, room, token))
        calls.add(call)
        call.add_done_callback(calls.discard)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("variant", choices=("defaults", "fast", "smart-turn"))
    parser.add_argument("--livekit", required=True)
    parser.add_argument("--providers", required=True)
    parser.add_argument("--greeting", required=True)
    args = parser.parse_args()
    asyncio.run(serve(Peer(args.variant, args.livekit, args.providers, args.greeting)))


if __name__ == "__main__":
    main()
