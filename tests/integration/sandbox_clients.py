"""The providers' own SDKs, pointed at a sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import numpy as np
from openai import AsyncOpenAI
from sarvamai import AsyncSarvamAI
from sarvamai.environment import SarvamAIEnvironment

from sandbox.ports import Samples, SpokenLine
from sandbox.scripted.voice import synthesise
from sandbox.server import Sandbox

RATE_HZ = 16000
DEADLINE_S = 60.0
"""Only catches a hang."""


@asynccontextmanager
async def sarvam(sandbox: Sandbox, key: str = "test-key") -> AsyncIterator[AsyncSarvamAI]:
    environment = SarvamAIEnvironment(
        base=sandbox.http_url, creative=sandbox.http_url, production=sandbox.ws_url
    )
    async with httpx.AsyncClient() as http:
        yield AsyncSarvamAI(api_subscription_key=key, environment=environment, httpx_client=http)


def openai(sandbox: Sandbox, path: str = "/v1", key: str = "test-key") -> AsyncOpenAI:
    """Use it as a context manager: it closes its connections then."""
    return AsyncOpenAI(base_url=sandbox.http_url + path, api_key=key, max_retries=0)


def speech(text: str = "one two three four") -> Samples:
    """A clip at RATE_HZ that the energy gates hear as speech: 60 ms a letter."""
    return synthesise(SpokenLine(text, "shubh", "bulbul:v3", "en-IN", RATE_HZ), ms_per_char=60)


def silence(ms: int) -> Samples:
    return np.zeros(RATE_HZ * ms // 1000, np.int16)


def chunks(samples: Samples, chunk_ms: int = 50) -> list[bytes]:
    size = RATE_HZ * chunk_ms // 1000
    return [samples[at : at + size].tobytes() for at in range(0, samples.size, size)]
