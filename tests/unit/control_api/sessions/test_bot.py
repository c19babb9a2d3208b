from typing import Any
from uuid import uuid4

import pytest

from control_api.request.errors import ApiError
from control_api.request.parsing import parse_body
from control_api.sessions.bot import with_bot
from control_api.sessions.config import resolve_config
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog
from store.bot_versions import ServingBot

CATALOG = Catalog.load()


def bot(system_prompt: str | None = "You sell {{what}}.", **config: Any) -> ServingBot:
    return ServingBot(is_active=True, version=1, system_prompt=system_prompt, config=config)


def resolved(found: ServingBot, **body: Any) -> dict[str, Any]:
    parsed = parse_body(CreateSession, {"bot_id": str(uuid4()), **body}, CATALOG)
    return resolve_config(with_bot(parsed, found, CATALOG), CATALOG, "voice-1")


def test_a_sessions_own_fields_win_over_the_bots_and_those_over_the_defaults() -> None:
    found = bot(
        language="hi-IN",
        voice="amelia",
        max_duration_seconds=60,
        greeting="Hello from {{what}}",
        variables={"what": "tea", "unused": "x"},
    )

    config = resolved(found, language="en-IN", variables={"what": "coffee"})

    assert config["system_prompt"] == "You sell coffee."
    assert config["greeting"] == "Hello from coffee"
    assert (config["language"], config["voice"]) == ("en-IN", "amelia")
    assert config["max_duration_seconds"] == 60
    assert config["llm_model"] == CATALOG.default_model


def test_a_bot_that_has_more_variables_than_may_be_given_by_now_still_serves() -> None:
    many = {str(n): "x" * 5000 for n in range(65)}

    assert resolved(bot(variables={**many, "what": "tea"}))["system_prompt"] == "You sell tea."


def test_a_field_that_is_given_its_default_is_still_the_sessions_own() -> None:
    assert (
        resolved(bot("Hi.", max_duration_seconds=60), max_duration_seconds=300)[
            "max_duration_seconds"
        ]
        == 300
    )


def test_a_bots_prompt_may_be_longer_than_a_sessions_own() -> None:
    prompt = "x" * 20_000

    assert resolved(bot(prompt))["system_prompt"] == prompt
    assert resolved(bot(prompt), system_prompt="Short.")["system_prompt"] == "Short."


def test_a_variable_without_a_value_is_named() -> None:
    with pytest.raises(ApiError) as refused:
        resolved(bot())

    assert refused.value.param == "variables"
    assert "what" in refused.value.message


def test_a_bot_without_a_prompt_speaks_as_the_default_does() -> None:
    assert resolved(bot(None))["system_prompt"] == CATALOG.default_system_prompt


def test_a_bot_that_names_what_the_catalog_has_no_more_is_said_to() -> None:
    with pytest.raises(ApiError) as refused:
        resolved(bot("Hi.", language="xx-XX"))

    assert (refused.value.param, refused.value.code.status) == ("bot_id", 422)


def test_a_bots_silences_and_the_sessions_own_must_fit_each_other() -> None:
    patient = bot("Hi.", min_endpointing_delay=1.0, max_endpointing_delay=2.0)

    config = resolved(patient, max_endpointing_delay=3)
    assert (config["min_endpointing_delay"], config["max_endpointing_delay"]) == (1.0, 3)
    with pytest.raises(ApiError) as refused:
        resolved(patient, max_endpointing_delay=0.5)
    assert refused.value.param == "max_endpointing_delay"
