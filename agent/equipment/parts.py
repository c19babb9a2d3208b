"""A session's configuration → the parts of its conversation."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from agent.equipment.habits import Habits
from agent.equipment.repertoire_folder import RepertoireFolder
from agent.equipment.substitutes import route_in_place, speaker_in_place
from core.catalog import Catalog, Language, Model, Route
from core.errors import ProviderRefused
from core.setting_groups import LlmSettings, TurnSettings
from core.settings import Settings
from pipeline.by_heart import VoiceByHeart
from pipeline.detector import new_detector
from pipeline.endpointing import Endpointing
from pipeline.faults import Faults
from pipeline.metering import Meter, MeteredRecogniser, MeteredVoice
from pipeline.parts import Parts, Script
from pipeline.ports import Playout, Toolbox, Voice
from pipeline.providers.openai_model import OpenAIModel
from pipeline.providers.sarvam_dialect import RecognitionOptions
from pipeline.providers.sarvam_recogniser import SarvamRecogniser
from pipeline.providers.sarvam_voice import SarvamVoice, VoiceOptions
from pipeline.race import Patience
from pipeline.route_board import RouteBoard
from pipeline.router import Router
from pipeline.tools import offered
from store.records import Substitution

VOICE_NOTE: Final = (
    "What you write is spoken to the caller, and what the caller says reaches you through speech "
    "recognition. {speech} Write only words to be said: no markup, no lists, no emoji. Write "
    "amounts as ₹1,250, dates as 5 March 2026, phone numbers in digits. {opening}"
)
OPENING: Final = "Begin with a short sentence of its own where it fits, such as: {openings}"
NO_OPENING: Final = "Begin with a short clause."
ONE_LANGUAGE: Final = "Speak {language}."
MIXED_LANGUAGES: Final = (
    "Speak {language} in its own script; where the caller mixes English words in, so may you, in "
    "Latin letters; to a caller who speaks only English answer in English."
)

Config = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SessionSide:
    """What a session gives its conversation. `meter` counts what is asked of providers, `board`
    knows how their hosts do, `habits` how recognisers write; `on_substitute` hears of what is
    served in another's place, `on_call` of each call of a tool, when it begins and when it ends."""

    playout: Playout
    meter: Meter
    board: RouteBoard
    habits: Habits
    on_substitute: Callable[[Substitution], None]
    on_call: Callable[[], None]


@asynccontextmanager
async def opened_parts(
    settings: Settings, catalog: Catalog, config: Config, side: SessionSide, toolbox: Toolbox
) -> AsyncIterator[Parts]:
    """Open every provider's connection in the background; they are closed on leaving.

    Raises `ProviderRefused` when no upstream of the model has a key.
    """
    language, faults = _language(catalog, config), Faults()
    async with AsyncExitStack() as stack:
        voice = await stack.enter_async_context(
            SarvamVoice.opened(
                settings.sarvam,
                voice_options(catalog, config),
                lambda speaker: side.on_substitute(speaker_in_place(config, speaker)),
                faults,
            )
        )
        recognition = RecognitionOptions(language, config["stt_model"])
        habits = side.habits.of(config["stt_model"], language.id)
        stack.callback(side.habits.keep, config["stt_model"], language.id, habits)
        recogniser = await stack.enter_async_context(
            SarvamRecogniser.opened(settings.sarvam, recognition, faults)
        )
        model = catalog.model(config["llm_model"])
        assert model is not None, "the API resolved the model"
        upstreams = upstreams_of(settings.llm, model, side.meter, side.board)
        for upstream in set(upstreams):
            stack.push_async_callback(upstream.aclose)
        tools = offered(toolbox, may_end_call=_may_end_call(config))
        router = Router(
            upstreams,
            patience_of(settings.llm, model),
            side.board,
            _substitutes_told(model, upstreams[0].route, side),
            order=model.order,
            faults=faults,
        )
        first = router.first
        for upstream in upstreams:
            if upstream is first or upstream.route.load_s:
                upstream.prewarm(tools)
        sure = [language.acknowledgement] if settings.turns.acknowledge_after_ms else []
        speaker = await _by_heart(stack, settings, config, MeteredVoice(voice, side.meter), sure)
        yield Parts(
            MeteredRecogniser(recogniser, side.meter),
            router,
            speaker,
            side.playout,
            new_detector(),
            toolbox,
            habits,
            model.tells_unfinished,
            faults,
        )


async def _by_heart(
    stack: AsyncExitStack, settings: Settings, config: Config, voice: Voice, sure: Sequence[str]
) -> Voice:
    """The voice, not asked for what is in the repertoire."""
    repertoire = RepertoireFolder.named(settings.agent, config)
    if repertoire is None:
        return voice
    return await stack.enter_async_context(VoiceByHeart.opened(voice, repertoire, sure))


def script_of(settings: Settings, catalog: Catalog, config: Config) -> Script:
    """The lines and bounds of the session."""
    language = _language(catalog, config)
    speech = ONE_LANGUAGE if language.id.startswith("en-") else MIXED_LANGUAGES
    opening = OPENING.format(openings=" ".join(language.openings))
    note = VOICE_NOTE.format(
        speech=speech.format(language=language.name),
        opening=opening if language.openings else NO_OPENING,
    )
    return Script(
        system_prompt=f"{config['system_prompt']}\n\n{note}",
        language=language.id,
        greeting=_greeting(language, config),
        goodbye=language.goodbye,
        apology=language.apology,
        wait=language.wait,
        still_there=language.still_there,
        back=language.back,
        farewell=language.farewell,
        endpointing=endpointing_of(settings.turns, config),
        idle_prompt_s=config.get("idle_prompt_s", settings.turns.idle_prompt_s),
        may_end_call=_may_end_call(config),
        acknowledgement=language.acknowledgement,
        acknowledge_after_s=settings.turns.acknowledge_after_ms / 1000,
    )


def _greeting(language: Language, config: Config) -> str:
    """In one with the notice that the call is recorded: nobody hears the one without the other."""
    is_told = config.get("record") and config.get("record_notice")
    return f"{language.recorded} {config['greeting']}" if is_told else str(config["greeting"])


def _may_end_call(config: Config) -> bool:
    return bool(config.get("end_call", True))


def endpointing_of(turns: TurnSettings, config: Config) -> Endpointing:
    """The session's own bounds before the operator's, which give way where the two cross."""
    shortest_s = config.get("min_endpointing_delay", turns.min_endpointing_delay_ms / 1000)
    longest_s = config.get("max_endpointing_delay", turns.max_endpointing_delay_ms / 1000)
    if "min_endpointing_delay" in config:
        longest_s = max(shortest_s, longest_s)
    shortest_s = min(shortest_s, longest_s)
    return Endpointing(shortest_s, longest_s, turns.early_answers, turns.max_turn_s)


def voice_options(catalog: Catalog, config: Config) -> VoiceOptions:
    """Who speaks for the public voice, and who takes over where the provider refuses them."""
    voice = catalog.voice(config["voice"])
    tts_model = catalog.tts_model(config["tts_model"])
    assert voice is not None, "the API resolved the voice"
    assert tts_model is not None, "the API resolved the voice model"
    is_own_model = voice.tts_model == tts_model.id
    speaker = (voice.speaker or voice.id) if is_own_model else tts_model.default_speaker
    substitutes = [
        one["served"] for one in config.get("substitutions", ()) if one["field"] == "voice"
    ]
    speaker = substitutes[-1] if substitutes else speaker
    return VoiceOptions(tts_model.id, speaker, config["language"], tts_model.default_speaker)


def upstreams_of(
    llm: LlmSettings,
    model: Model,
    meter: Meter,
    board: RouteBoard,
    *,
    silence_s: float | None = None,
) -> Sequence[OpenAIModel]:
    """The model's hosts that have a key; who asks for them closes them. They may be silent for
    `silence_s`, else as long as a call allows. Raises `ProviderRefused` where there are none."""
    token_timeout_s = silence_s or llm.token_timeout_s
    upstreams = [
        OpenAIModel(route, upstream, token_timeout_s, meter, board)
        for route in model.routes
        if (upstream := llm.upstream(route.upstream)) is not None
    ]
    if not upstreams:
        raise ProviderRefused("llm", "no upstream of the model has a key")
    asks_twice = model.hedges == "any" and len(upstreams) == 1
    return upstreams * 2 if asks_twice else upstreams


def patience_of(llm: LlmSettings, model: Model) -> Patience:
    """How long the model's hosts are waited for."""
    return Patience(
        first_token_s=llm.first_token_timeout_s,
        token_s=llm.token_timeout_s,
        stall_s=llm.stall_s,
        asks_beside=model.hedges != "off",
        races=model.hedges == "race",
        think_s=llm.think_timeout_s,
    )


def _substitutes_told(model: Model, first: Route, side: SessionSide) -> Callable[[Route], None]:
    def answered(served: Route) -> None:
        if entry := route_in_place(model, first, served):
            side.on_substitute(entry)

    return answered


def _language(catalog: Catalog, config: Config) -> Language:
    language = catalog.language(config["language"])
    assert language is not None, "the API resolved the language"
    return language
