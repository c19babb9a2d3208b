"""What a session used → what it costs."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import uuid4

from core.catalog import CREDITS_PER_USD, Catalog, Model, RecognitionModel, VoiceModel
from pipeline.metering import Meter, Usage
from store.ledger import Charge, Service

_CREDIT: Final = Decimal("0.000001")
_MILLISECOND: Final = Decimal("0.001")
_MILLION: Final = Decimal(1_000_000)
_CHARACTERS: Final = Decimal(10_000)
_HOUR_S: Final = Decimal(3600)


class Till:
    """Charges a session for what its meter shows, at the catalog's prices."""

    def __init__(self, meter: Meter, catalog: Catalog, config: dict[str, Any]) -> None:
        model = catalog.model(config["llm_model"])
        recognition = catalog.stt_model(config["stt_model"])
        voice = catalog.tts_model(config["tts_model"])
        assert model is not None, "the API resolved the model"
        assert recognition is not None, "the API resolved the recognition model"
        assert voice is not None, "the API resolved the voice model"
        self.meter: Final = meter
        self.model: Final[Model] = model
        self._recognition: Final[RecognitionModel] = recognition
        self._voice: Final[VoiceModel] = voice
        self._ids = {service: uuid4() for service in Service}

    def peek(self) -> Sequence[Charge]:
        """A charge for each model that was used since `take`.

        They have the ids that `take` will give them: who writes these for a till that is gone
        charges nothing that it has written itself.
        """
        usage = self.meter.peek()
        charges = (self._heard(usage), self._thought(usage), self._spoken(usage))
        return tuple(charge for charge in charges if charge is not None)

    def take(self) -> Sequence[Charge]:
        """What `peek` tells, once."""
        charges = self.peek()
        self.meter.take()
        self._ids = {service: uuid4() for service in Service}
        return charges

    def _heard(self, usage: Usage) -> Charge | None:
        seconds = Decimal(usage.audio_s).quantize(_MILLISECOND, ROUND_HALF_UP)
        if not seconds:
            return None
        price = _credits(seconds * self._recognition.price / _HOUR_S)
        return Charge(
            id=self._ids[Service.STT],
            service=Service.STT,
            model=self._recognition.id,
            credits=price,
            audio_seconds=seconds,
        )

    def _thought(self, usage: Usage) -> Charge | None:
        read, written = usage.input_tokens, usage.output_tokens
        if not read and not written:
            return None
        price = _micro_credits(self.model, usage)
        return Charge(
            id=self._ids[Service.LLM],
            service=Service.LLM,
            model=self.model.id,
            credits=_credits(price / _MILLION),
            input_tokens=read,
            output_tokens=written,
        )

    def _spoken(self, usage: Usage) -> Charge | None:
        if not usage.characters:
            return None
        price = _credits(usage.characters * self._voice.price / _CHARACTERS)
        return Charge(
            id=self._ids[Service.TTS],
            service=Service.TTS,
            model=self._voice.id,
            credits=price,
            characters=usage.characters,
        )


def _micro_credits(model: Model, usage: Usage) -> Decimal:
    """The model's part: at the catalog's prices, or where those do not know it at the host's."""
    read, written, told = usage.input_tokens, usage.output_tokens, Decimal(0)
    if model.prices == "reported":
        read -= usage.told_input_tokens
        written -= usage.told_output_tokens
        told = usage.told_micro_usd * CREDITS_PER_USD
    return read * model.input_price + written * model.output_price + told


def _credits(exact: Decimal) -> Decimal:
    return exact.quantize(_CREDIT, ROUND_HALF_UP)
