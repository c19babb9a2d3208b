"""How rightly a model tells that a caller has broken off, tried on a handful of texts.

    "i am calling because my"   ──▶  "…"             right
    "yes please"                ──▶  "Certainly."    right

They are as a recogniser gives them that sets no marks: there the model is needed.
"""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any, Final

import aiohttp

from control_api.health.checks.finding import CheckFailed
from control_api.talk import model
from control_api.talk.conversation import NOT_ANSWERED
from core.catalog import Catalog
from core.settings import Settings
from core.unfinished import INSTRUCTION, opens_with_sign

BROKEN_OFF: Final = (
    "i would like to",
    "i am calling because my",
    "can you send it to",
    "the parcel that you sent me",
    "if it rains on sunday",
    "my booking number is three seven",
)
COMPLETE: Final = (
    "what are your opening hours",
    "yes please",
    "i would like to cancel my order",
    "my name is rahul sharma",
    "i lost my card on the train",
    "do you know where the shop is",
)
ENOUGH_PERCENT: Final = 90
"""A model that is wrong more often makes callers wait, or cuts them off, for nothing."""
AT_ONCE: Final = 4
LONGEST_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Of `n` texts those of `wrong` were judged wrongly. `advice`: what to set, if anything."""

    n: int
    wrong: tuple[str, ...]
    advice: str

    @property
    def n_right(self) -> int:
        """How many it told rightly."""
        return self.n - len(self.wrong)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "n_right": self.n_right}


async def judge(settings: Settings, catalog: Catalog, model_id: str | None = None) -> Judged | None:
    """Ask the default model or the one that is named. None where it does not answer, cannot be told
    rules, or is a stand-in. Nothing is raised."""
    chosen = catalog.model(model_id or catalog.default_model)
    places = asyncio.Semaphore(AT_ONCE)
    try:
        route, upstream = model.host_of(settings.llm, chosen)
        if upstream.is_stand_in or "no_system" in route.quirks:
            return None
        async with asyncio.timeout(LONGEST_S), aiohttp.ClientSession() as http:

            async def is_taken_for_broken_off(text: str) -> bool:
                async with places:
                    prompt = f"{model.PROMPT}\n\n{INSTRUCTION}"
                    answered = await model.ask(http, route, upstream, text, prompt)
                return opens_with_sign(answered.text.rpartition("</think>")[2])

            texts = (*BROKEN_OFF, *COMPLETE)
            taken = await asyncio.gather(*map(is_taken_for_broken_off, texts))
    except (CheckFailed, *NOT_ANSWERED):
        return None
    told = zip(texts, taken, strict=True)
    wrong = tuple(text for text, is_taken in told if is_taken != (text in BROKEN_OFF))
    is_trusted = chosen is not None and chosen.tells_unfinished
    return Judged(len(texts), wrong, _advice(len(texts), len(wrong), is_trusted=is_trusted))


def _advice(n: int, n_wrong: int, *, is_trusted: bool) -> str:
    is_good = 100 * (n - n_wrong) >= ENOUGH_PERCENT * n
    if is_good and not is_trusted:
        return (
            "set tells_unfinished = true in the model's entry (CATALOG_FILE): callers who break off"
            " are then waited for"
        )
    if is_trusted and not is_good:
        return (
            "take tells_unfinished out of the model's entry (CATALOG_FILE): it is wrong too often"
        )
    return ""
