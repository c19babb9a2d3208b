"""Tenants that only create sessions, each as often as it may, and are told by webhook."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain, repeat
from typing import Any, Final

import aiohttp

from benchmarks.api_load_rows import CREATES_PER_TENANT
from benchmarks.api_samples import Measured, Sampler
from benchmarks.stats import summarise
from benchmarks.webhook_inbox import Inbox

SESSIONS: Final = "/v1/voice/sessions"
_BODY: Final = {"system_prompt": "You are a helpful assistant.", "voice": "shubh"}
_WAIT_S: Final = 60.0
"""The last webhooks are waited for so long."""
_LOOK_EVERY_S: Final = 0.05


class OtherTenants:
    """Their keys are used up in turn, ten creates each."""

    def __init__(self, http: aiohttp.ClientSession, keys: Iterable[str], inbox: Inbox) -> None:
        self._http = http
        self._keys = chain.from_iterable(repeat(one, CREATES_PER_TENANT) for one in keys)
        self._inbox = inbox

    async def create(self, name: str, n: int) -> tuple[Measured, Measured]:
        """One after the other; and how long each took from its sending to its first webhook."""
        sampler = Sampler(self._http, name)
        body = {**_BODY, "webhook_url": self._inbox.url}
        sent_at: dict[str, float] = {}
        for _ in range(n):
            at = time.monotonic()
            answer = await sampler.ask("POST", SESSIONS, next(self._keys), body)
            if answer.status == 201:
                sent_at[answer.content["id"]] = at
        return sampler.measured, await self._webhooks(f"{name}: told by webhook", sent_at)

    async def _webhooks(self, name: str, sent_at: Mapping[str, float]) -> Measured:
        came: Mapping[str, Any] = self._inbox.first_at
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_S):
                while not sent_at.keys() <= came.keys():  # noqa: ASYNC110 - some may never come
                    await asyncio.sleep(_LOOK_EVERY_S)
        waits_ms = [(came[one] - at) * 1000 for one, at in sent_at.items() if one in came]
        n_lost = len(sent_at) - len(waits_ms)
        return Measured(name, summarise(waits_ms), {"none came": n_lost} if n_lost else {})
