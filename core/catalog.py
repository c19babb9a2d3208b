"""The catalog: models, voices, languages, plans' prices and upstreams, as checked data.

Public ids are ours; each maps to what a vendor calls it today, so that a vendor's renaming is
one line of `catalog.toml`.
"""

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ConfigError
from core.rights import Plan

Quirk = Literal["no_tools", "alternates", "no_system", "no_extras", "opens_in_thought"]
QUIRKS: Final[tuple[Quirk, ...]] = get_args(Quirk)
"""What a model's host wants otherwise than most; others remember them in this order.

It takes no tools; it takes the two sides' messages by turns only, the caller's first; it takes no
system message; it takes no `extra_body`; its answers open in a thought of which only the end,
`</think>`, is written."""

Upstream = Literal["sarvam", "openrouter", "clarifai", "moonshot", "local"]
Order = Literal["listed", "measured"]

HOSTS_OWN: Final = "*"
"""The name of a route's model: the one that the settings name for the upstream, or else the only
one that it lists."""


class Entry(BaseModel):
    """A frozen row of the catalog; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Route(Entry):
    """One way to serve a model: an upstream, its own name for the model, extra request body.

    `call_ids` is the form of calls' ids that the model is used to: `{name}` is the tool's, `{n}`
    counts the conversation's calls, `{nine}` is nine letters and digits. `load_s` is how long the
    host may take to load the model: it is warmed before it is needed, and waited for.
    """

    upstream: Upstream
    model: str
    extra_body: dict[str, Any] = {}
    quirks: frozenset[Quirk] = frozenset()
    call_ids: str = ""
    load_s: float = Field(default=0.0, ge=0)


CREDITS_PER_USD: Final = 96

PASS_THROUGH: Final = {
    "openrouter": Route(
        upstream="openrouter",
        model=HOSTS_OWN,
        extra_body={"reasoning": {"enabled": False}, "provider": {"sort": "latency"}},
    ),
    "clarifai": Route(upstream="clarifai", model=HOSTS_OWN),
}
"""Upstreams that serve any model of theirs, by its own name."""


class Model(Entry):
    """A chat model. Prices are credits per million tokens (1 credit = 1 rupee = 1/96 USD).

    `hedges` says where a second request goes when the first is late: to another route, to the same
    one as well where there is no other, or nowhere; or, as a race, to another one at once. Both
    are paid for. With `prices` as `reported`, what a host tells of an answer's price counts, and
    the prices here where it tells none. With `order` as `measured`, whichever of the routes with
    the same model has begun its answers soonest of late is asked first.
    `tells_unfinished`: asked to, it says reliably whether the caller has broken off in mid-thought.
    """

    id: str
    name: str
    owned_by: str
    status: Literal["available", "maintenance", "retired"] = "available"
    successor: str | None = None
    context_window: int
    input_price: Decimal
    output_price: Decimal
    prices: Literal["listed", "reported"] = "listed"
    plans: tuple[Plan, ...] = tuple(Plan)
    hedges: Literal["other", "any", "off", "race"] = "other"
    tells_unfinished: bool = False
    order: Order = "listed"
    routes: tuple[Route, ...] = ()


class Voice(Entry):
    """A public voice. `languages` empty: all of the catalog's."""

    id: str
    gender: Literal["female", "male"]
    tts_model: str = "bulbul:v3"
    speaker: str = ""
    languages: tuple[str, ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether the provider lets this voice speak `language` (canonical id)."""
        return not self.languages or language in self.languages


class Language(Entry):
    """A language that both recognition and voice speak, with the lines said without a model.

    `goodbye` ends a session whose time is up, `farewell` one that its agent ends; `wait` fills the
    time that a tool takes, `still_there` is asked of a caller who has long been silent, `back` is
    said when the agent was gone for a moment, `recorded` before the greeting of a recorded call;
    `sample` lets people hear a voice before they choose it. `openings` are short sentences that
    answers may begin with: said over and over, a voice soon has them by heart. `acknowledgement`
    may precede a late answer: a sound rather than a word, as a word could promise something, or be
    what the answer begins with.
    """

    id: str
    name: str
    stt_legacy: str = ""
    stt_realtime: str = ""
    greeting: str
    goodbye: str
    apology: str
    wait: str
    still_there: str
    back: str
    farewell: str
    sample: str
    openings: tuple[str, ...] = ()
    acknowledgement: str = ""
    recorded: str = "This call is recorded."

    def stt_code(self, *, realtime: bool) -> str:
        """The recogniser's own code: the two sockets disagree on some languages."""
        return (self.stt_realtime if realtime else self.stt_legacy) or self.id


class RecognitionModel(Entry):
    """A recognition model. `price` is credits per hour of audio."""

    id: str
    price: Decimal = Field(ge=0)


class VoiceModel(Entry):
    """A voice model. `price` is credits per 10,000 characters; `default_speaker` speaks where
    another is refused."""

    id: str
    price: Decimal = Field(ge=0)
    default_speaker: str


class PassThrough(Entry):
    """What a model that only an upstream lists costs, in credits per million tokens."""

    input_price: Decimal = Field(ge=0)
    output_price: Decimal = Field(ge=0)


Cap = Annotated[int | None, Field(ge=0)]


class PlanLimits(Entry):
    """What a plan allows; None: any number."""

    requests_per_minute: int = Field(ge=1)
    concurrent_sessions: Cap = None
    webhooks: Cap = None
    bots: Cap = None
    bot_documents: Cap = None
    bot_document_bytes: Cap = None
    event_streams: Cap = None
    """Open at once, in each process of the API."""


class Catalog(Entry):
    """Everything a session can be made of."""

    default_model: str
    default_voice: str
    default_language: str
    default_stt_model: str
    default_system_prompt: str
    models: tuple[Model, ...]
    voices: tuple[Voice, ...]
    languages: tuple[Language, ...]
    stt_models: tuple[RecognitionModel, ...] = Field(min_length=1)
    tts_models: tuple[VoiceModel, ...] = Field(min_length=1)
    pass_through: PassThrough
    plans: dict[Plan, PlanLimits]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read `path`, or the packaged catalog. Raises `ConfigError` naming each bad entry."""
        try:
            if path is None:
                text = files("core").joinpath("catalog.toml").read_text(encoding="utf-8")
            else:
                text = path.read_text(encoding="utf-8")
            return cls.model_validate(tomllib.loads(text))
        except OSError as exc:
            raise ConfigError(f"CATALOG_FILE: cannot be read: {exc.strerror}") from exc
        except tomllib.TOMLDecodeError as exc:
            raise ConfigError(f"CATALOG_FILE: not TOML: {exc}") from exc
        except ValidationError as exc:
            problems = (
                f"CATALOG_FILE: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors()
            )
            raise ConfigError("\n".join(problems)) from exc

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for kind in ("models", "voices", "languages"):
            ids = [entry.id for entry in getattr(self, kind)]
            if twice := {one for one in ids if ids.count(one) > 1}:
                raise ValueError(f"{kind}: ids listed twice: {sorted(twice)}")
        known = {model.id for model in self.models}
        for model in self.models:
            if model.successor is not None and model.successor not in known:
                raise ValueError(f"models: {model.id} names an unknown successor")
            if model.status == "available" and not model.routes:
                raise ValueError(f"models: {model.id} is available without a route")
            if model.order == "measured" and model.prices == "reported":
                raise ValueError(f"models: {model.id}: a speed would choose the price")
        if missing := [plan for plan in Plan if plan not in self.plans]:
            raise ValueError(f"plans: {', '.join(missing)} is not listed")
        if self.model(self.default_model) is None:
            raise ValueError("default_model is not listed")
        if self.voice(self.default_voice) is None or self.language(self.default_language) is None:
            raise ValueError("default_voice or default_language is not listed")
        return self

    def model(self, model_id: str) -> Model | None:
        """The listed model, or one that passes through to an upstream (`openrouter/...`)."""
        for model in self.models:
            if model.id == model_id:
                return model
        return _passed_through(model_id, self.pass_through)

    @property
    def places(self) -> dict[str, int]:
        """Plan → sessions at once, without the plans that allow any number."""
        return {
            plan: limits.concurrent_sessions
            for plan, limits in self.plans.items()
            if limits.concurrent_sessions is not None
        }

    def voice(self, voice_id: str) -> Voice | None:
        """The voice, by id in any case."""
        wanted = voice_id.casefold()
        return next((voice for voice in self.voices if voice.id == wanted), None)

    def language(self, language_id: str) -> Language | None:
        """The language, by id in any case."""
        wanted = language_id.casefold()
        return next((one for one in self.languages if one.id.casefold() == wanted), None)

    def tts_model(self, model_id: str) -> VoiceModel | None:
        """The voice model of that id."""
        return next((one for one in self.tts_models if one.id == model_id), None)

    def stt_model(self, model_id: str) -> RecognitionModel | None:
        """The recognition model of that id."""
        return next((one for one in self.stt_models if one.id == model_id), None)


def _passed_through(model_id: str, prices: PassThrough) -> Model | None:
    upstream, _, name = model_id.partition("/")
    if upstream not in PASS_THROUGH or not name or (upstream == "openrouter" and "/" not in name):
        return None
    return Model(
        id=model_id,
        name=name,
        owned_by=name.partition("/")[0],
        context_window=0,
        input_price=prices.input_price,
        output_price=prices.output_price,
        prices="reported",
        routes=(PASS_THROUGH[upstream].model_copy(update={"model": name}),),
    )
