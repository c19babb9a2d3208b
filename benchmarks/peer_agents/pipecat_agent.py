"""Pipecat with Sarvam, as its documentation starts one.

`python -m benchmarks.peer_agents.pipecat_agent --livekit URL --providers URL --greeting TEXT`
prints `ready`, then joins a room for each line of standard input (`ROOM TOKEN`), all in one
process that is warm, and ends when standard input closes. It runs in an environment of its own
(`make peers`) and imports nothing of ours.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.sarvam.stt import SarvamSTTService
from pipecat.services.sarvam.tts import SarvamTTSService
from pipecat.transcriptions.language import Language
from pipecat.transports.livekit.transport import LiveKitParams, LiveKitTransport
from pipecat.workers.runner import WorkerRunner
from sarvamai.environment import SarvamAIEnvironment

_KEY = "stand-in"
_INSTRUCTIONS = "You are a helpful voice assistant."


@dataclass(frozen=True)
class Peer:
    """`providers`: the stand-ins' origin, `http://…`."""

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
    context = LLMContext()
    heard, said = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
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
                        model="stand-in", system_instruction=_INSTRUCTIONS
                    ),
                ),
                SarvamTTSService(api_key=_KEY, url=f"{peer.sockets}/text-to-speech/ws"),
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


def _recogniser(peer: Peer) -> SarvamSTTService:
    """It takes no address, so its client's is replaced: an address and nothing else."""
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
    parser.add_argument("--livekit", required=True)
    parser.add_argument("--providers", required=True)
    parser.add_argument("--greeting", required=True)
    args = parser.parse_args()
    asyncio.run(serve(Peer(args.livekit, args.providers, args.greeting)))


if __name__ == "__main__":
    main()
