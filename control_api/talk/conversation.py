"""A question is said, heard, answered, and the answer is said: what each step took.

    voice says the question ─▶ recognition ─▶ model ─▶ voice says the first clause
                          last sample ├─ recognition ─┼ first clause ┼─ first byte ─┤
                                      ├───────────────── total ────────────────────┤

The steps follow one another, where a session lets them overlap: it is faster than this.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import aiohttp

from control_api.health.checks.finding import CheckFailed
from control_api.talk import model, speech
from core.catalog import Catalog, Model, Route
from core.setting_groups import UpstreamSettings
from core.settings import Settings

QUESTION: Final = "I have a question. Can you tell me what the capital of India is?"
LONGEST_S: Final = 45.0
SAID_CHARS: Final = 200
"""Of the answer: enough to hear its first sound."""
STOPS: Final = ".?!।"
NOT_ANSWERED: Final = (
    OSError,
    aiohttp.ClientError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
)
"""What comes of a host that is away, or that says what nobody can read."""
SLOW_RECOGNITION_MS: Final = 500
SLOW_VOICE_MS: Final = 500


@dataclass(slots=True)
class Talk:
    """What was found; a stage is None where it was not come to. `stand_ins`: who served in place of
    a vendor. `advice`: what to set, or to do."""

    ok: bool = False
    model: str = ""
    stand_ins: list[str] = field(default_factory=list)
    heard: str | None = None
    answer: str | None = None
    recognition_ms: int | None = None
    first_token_ms: int | None = None
    voice_ms: int | None = None
    total_ms: int | None = None
    punctuation: str | None = None
    quirks: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def hold(settings: Settings, catalog: Catalog, model_id: str | None = None) -> Talk:
    """Talk once, to the default model or the one that is named. Nothing is raised."""
    talk = Talk()
    chosen = catalog.model(model_id or catalog.default_model)
    try:
        async with asyncio.timeout(LONGEST_S), aiohttp.ClientSession() as http:
            await _Run(settings, catalog, http, talk).through(chosen)
        talk.ok = True
    except CheckFailed as exc:
        talk.advice.append(str(exc))
    except NOT_ANSWERED as exc:
        talk.advice.append(f"{_missing(talk)}: no answer ({type(exc).__name__})")
    talk.advice += _advice(talk, settings)
    return talk


class _Run:
    """One talk, step by step."""

    def __init__(
        self, settings: Settings, catalog: Catalog, http: aiohttp.ClientSession, talk: Talk
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._http = http
        self._talk = talk

    async def through(self, chosen: Model | None) -> None:
        route, upstream = self._route(chosen)
        talk, sarvam = self._talk, self._settings.sarvam
        question = b"".join([chunk async for chunk in self._say(QUESTION)])
        heard = await speech.hear(self._http, sarvam, self._catalog, question)
        talk.heard, talk.recognition_ms = heard.text, heard.after_ms
        talk.punctuation = _habit(heard.text)
        if not heard.text:
            raise CheckFailed("recognition heard nothing: is its language the question's?")
        answered = await model.ask(self._http, route, upstream, heard.text)
        talk.answer, talk.quirks = answered.text.strip(), answered.quirks
        talk.first_token_ms = answered.first_token_ms
        if not talk.answer or answered.first_clause_ms is None:
            raise CheckFailed("the model did not answer: choose another, or another host")
        talk.voice_ms = await self._first_byte(talk.answer[:SAID_CHARS])
        talk.total_ms = heard.after_ms + answered.first_clause_ms + talk.voice_ms

    def _route(self, chosen: Model | None) -> tuple[Route, UpstreamSettings]:
        route, upstream = model.host_of(self._settings.llm, chosen)
        assert chosen is not None, "a host serves it"
        self._talk.model = f"{chosen.id} at {route.upstream}"
        if self._settings.sarvam.is_stand_in:
            self._talk.stand_ins += ["recognition", "voice"]
        if upstream.is_stand_in:
            self._talk.stand_ins.append("model")
        return route, upstream

    def _say(self, text: str) -> AsyncGenerator[bytes, None]:
        return speech.say(self._http, self._settings.sarvam, self._catalog, text)

    async def _first_byte(self, text: str) -> int:
        asked_at = time.monotonic()
        async with aclosing(self._say(text)) as sound:
            async for _ in sound:
                return round(1000 * (time.monotonic() - asked_at))
        raise CheckFailed("the voice said nothing")


def _habit(text: str) -> str:
    inner, last = text[:-1], text[-1:]
    if any(stop in inner for stop in STOPS):
        return "sentences"
    return "end" if last and last in STOPS else "none"


def _missing(talk: Talk) -> str:
    if talk.heard is None:
        return "speech (SARVAM_API_URL, SARVAM_WS_URL)"
    return "the model" if talk.answer is None else "the voice (SARVAM_API_URL)"


def _advice(talk: Talk, settings: Settings) -> list[str]:
    budget_ms = settings.llm.first_token_budget_ms
    found = [
        (
            bool(talk.stand_ins),
            f"stand-ins served as {', '.join(talk.stand_ins)}: set SARVAM_API_KEY and"
            " LLM_<HOST>_API_KEY for the real ones",
        ),
        (
            (talk.recognition_ms or 0) > SLOW_RECOGNITION_MS,
            "recognition is slow: run nearer to SARVAM_WS_URL",
        ),
        (
            (talk.first_token_ms or 0) > budget_ms,
            f"the model's first token is later than {budget_ms} ms: choose another as llm_model,"
            " or another host",
        ),
        ((talk.voice_ms or 0) > SLOW_VOICE_MS, "the voice is slow: run nearer to SARVAM_API_URL"),
        (
            talk.punctuation == "none",
            "recognition sets no full stops: a turn is then held over by its words and pauses;"
            " raise MIN_ENDPOINTING_DELAY_MS if callers are cut off",
        ),
        (
            "it reasons before it answers" in talk.quirks,
            "turn reasoning off in the model's extra_body (CATALOG_FILE)",
        ),
        (
            "it takes no tools" in talk.quirks,
            "bots with tools, and end_call, need another model",
        ),
    ]
    return [advice for holds, advice in found if holds]
