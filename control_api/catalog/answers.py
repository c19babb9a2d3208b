"""The catalog as the API shows it."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from control_api.catalog.verdicts import Verdict, verdict_of
from control_api.request.shown import WHERE_ANY, Amount, Shown
from core.catalog import Catalog, Model, Voice
from core.rights import Plan
from core.setting_groups import LlmSettings
from store.model_speed import ModelSpeed


class Pricing(Shown):
    """Credits per million tokens."""

    input: Amount = Field(ge=0)
    output: Amount = Field(ge=0)


class CatalogModel(Shown):
    """A chat model."""

    id: str
    name: str
    owned_by: str
    status: Literal["available", "maintenance", "retired"]
    successor: Annotated[str, WHERE_ANY] = ""
    """The model to use instead; there only when one is named."""
    context_window: int
    pricing: Pricing
    plans: list[Plan]
    """The plans that may use it."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A model of the catalog."""
        pricing = Pricing.of(input=row.input_price, output=row.output_price)
        return super().of(row, pricing=pricing, **own)


class FirstToken(Shown):
    """From the request to the first token, milliseconds, of the tenant's last seven days."""

    p50: int | None = Field(ge=0)
    p95: int | None = Field(ge=0)
    n: int = Field(ge=0)
    """Measured turns; the others are null where it is 0."""


class VoiceModel(Shown):
    """A chat model, and whether it is fast enough to be talked to."""

    id: str
    status: Literal["available", "maintenance", "retired"]
    verdict: Verdict
    """`unmeasured` below five turns; `unsupported`: nothing here can serve it."""
    first_token_ms: FirstToken
    budget_ms: int = Field(ge=1)
    """What half of the turns have to keep to."""


class OpenAIModel(Shown):
    """A chat model as OpenAI's clients read it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class OpenAIModels(Shown):
    """OpenAI's list."""

    object: Literal["list"]
    data: list[OpenAIModel]


class CatalogVoice(Shown):
    """A voice and the languages that it speaks."""

    id: str
    gender: Literal["female", "male"]
    languages: list[str]


class CatalogLanguage(Shown):
    """A language that is both heard and spoken."""

    id: str
    name: str
    stt: bool
    tts: bool


def openai_models(catalog: Catalog) -> OpenAIModels:
    """All that can be asked for; the catalog keeps no date of birth."""
    models = [one for one in catalog.models if one.status != "retired"]
    shown = [OpenAIModel.of(one, object="model", created=0) for one in models]
    return OpenAIModels.of(object="list", data=shown)


def voice_model(model: Model, speed: ModelSpeed | None, llm: LlmSettings) -> VoiceModel:
    """The model with its verdict and what that was made from."""
    measured = FirstToken.of(p50=None, p95=None, n=0) if speed is None else FirstToken.of(speed)
    return VoiceModel.of(
        model,
        verdict=verdict_of(model, speed, llm),
        first_token_ms=measured,
        budget_ms=llm.first_token_budget_ms,
    )


def catalog_voice(voice: Voice, catalog: Catalog) -> CatalogVoice:
    """A voice with every language that it may speak."""
    languages = [one.id for one in catalog.languages if voice.speaks(one.id)]
    return CatalogVoice.of(voice, languages=languages)
