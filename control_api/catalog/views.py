"""The catalog as the API shows it: the contract's keys in the contract's order."""

from typing import Any

from control_api.request.json_values import amount
from core.catalog import Catalog, Language, Model, Voice


def model_view(model: Model) -> dict[str, Any]:
    """A chat model; prices are credits per million tokens."""
    successor = {} if model.successor is None else {"successor": model.successor}
    return {
        "id": model.id,
        "name": model.name,
        "owned_by": model.owned_by,
        "status": model.status,
        **successor,
        "context_window": model.context_window,
        "pricing": {"input": amount(model.input_price), "output": amount(model.output_price)},
        "plans": list(model.plans),
    }


def openai_model_view(model: Model) -> dict[str, Any]:
    """A chat model as OpenAI's clients expect it; the catalog keeps no date of birth."""
    return {"id": model.id, "object": "model", "created": 0, "owned_by": model.owned_by}


def voice_view(voice: Voice, catalog: Catalog) -> dict[str, Any]:
    """A voice with every language that it may speak."""
    languages = [one.id for one in catalog.languages if voice.speaks(one.id)]
    return {"id": voice.id, "gender": voice.gender, "languages": languages}


def language_view(language: Language) -> dict[str, Any]:
    """A language; the catalog lists only those that are both heard and spoken."""
    return {"id": language.id, "name": language.name, "stt": True, "tts": True}
