"""Defaults, variables, voices and models."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from control_api.request.errors import ApiError
from control_api.request.listed import lists
from control_api.request.parsing import parse_body
from control_api.sessions.config import fill, require_model, resolve_config
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog
from core.rights import Plan
from core.setting_groups import LlmSettings
from store.records import KeyId, KeyRecord, TenantId, TenantRecord

CATALOG = Catalog.load()
NOW = datetime(2026, 4, 19, tzinfo=UTC)
TENANT = TenantRecord(TenantId(uuid4()), "Asha's shop", Plan.FREE, NOW)


def resolve(**body: Any) -> dict[str, Any]:
    parsed = parse_body(CreateSession, body, CATALOG)
    return resolve_config(parsed, CATALOG, "voice-1")


def key(allowed_models: str) -> KeyRecord:
    return KeyRecord(
        id=KeyId(uuid4()),
        tenant_id=TENANT.id,
        name="till",
        prefix="cm_live_abcd",
        hash=b"",
        permissions="*",
        scopes="",
        allowed_domains="*",
        allowed_models=allowed_models,
        rate_limit_rpm=None,
        budget_limit=None,
        budget_used=Decimal(0),
        is_active=True,
        expires_at=None,
        last_used_at=None,
        created_at=NOW,
    )


def model_error(model_id: str, llm: LlmSettings, allowed: str = "*") -> ApiError:
    with pytest.raises(ApiError) as refused:
        require_model(model_id, CATALOG, llm, TENANT, key(allowed))
    assert refused.value.param == "llm_model"
    return refused.value


@pytest.mark.parametrize(
    "greeting", [None, "", " \n", "{{nothing}}", " {{nothing}}!", "...", "**", "\u200b", "😀", "।"]
)
def test_a_greeting_that_no_voice_can_say_is_the_languages_own(greeting: str | None) -> None:
    config = resolve(greeting=greeting, variables={"nothing": ""})

    assert config["greeting"] == "Hello! How can I help you today?"


@pytest.mark.parametrize("greeting", ["जी", "5?", "👋 Hi"])
def test_a_greeting_of_any_script_is_said(greeting: str) -> None:
    assert resolve(greeting=greeting)["greeting"] == greeting


def test_variables_fill_prompt_and_greeting() -> None:
    config = resolve(
        system_prompt="You work for {{shop}}. {{ shop }}!",
        greeting="Hello {{name}}",
        variables={"shop": "Asha's", "name": "{{shop}}"},
    )

    assert config["system_prompt"] == "You work for Asha's. Asha's!"
    assert config["greeting"] == "Hello {{shop}}"


def test_every_name_without_a_value_is_named() -> None:
    with pytest.raises(ApiError) as refused:
        resolve(system_prompt="{{b}} {{a}}", greeting="{{c}}", variables={"c": "x"})

    assert (refused.value.code, refused.value.param) == ("validation_error", "variables")
    assert "a, b" in refused.value.message


@pytest.mark.parametrize("name", ["नाम", "பெயர்", "ക്ഷേമം", "ന്‍", "prénom", "pre\u0301nom", "x.y-z_1"])
def test_a_name_may_be_of_any_script(name: str) -> None:
    assert resolve(greeting=f"Hi {{{{{name}}}}}", variables={name: "A"})["greeting"] == "Hi A"
    with pytest.raises(ApiError) as refused:
        resolve(greeting=f"Hi {{{{ {name} }}}}")

    assert name in refused.value.message


@pytest.mark.parametrize("text", ["{{}}", "{{ }}", "{{a b}}", "{{#if a}}", "{{a|b}}", "{a}"])
def test_braces_around_no_name_stay(text: str) -> None:
    assert resolve(system_prompt=text, variables={"a": "x"})["system_prompt"] == text


def test_a_text_does_not_outgrow_its_field_by_its_variables() -> None:
    with pytest.raises(ApiError) as refused:
        fill({"greeting": "{{a}}" * 80}, {"a": "x" * 1_000_000})

    assert refused.value.param == "variables"


def test_a_voice_is_known_in_any_case_and_an_unknown_one_is_the_default() -> None:
    assert resolve(voice="PRIYA")["voice"] == "priya"
    unknown = resolve(voice="nobody")
    assert unknown["voice"] == "shubh"
    assert "substitutions" not in unknown


def test_a_voice_brings_its_own_model() -> None:
    config = resolve(voice="amelia")

    assert (config["voice"], config["tts_model"]) == ("amelia", "bulbul:v4-flash")
    assert "substitutions" not in config


def test_a_voice_that_cannot_speak_the_language_is_substituted_and_said_so() -> None:
    config = resolve(voice="amelia", language="hi-IN")

    assert (config["voice"], config["tts_model"]) == ("shubh", "bulbul:v3")
    assert config["substitutions"] == [
        {
            "field": "voice",
            "requested": "amelia",
            "served": "shubh",
            "reason": "amelia does not speak hi-IN",
        }
    ]


def test_a_voice_that_the_wanted_model_lacks_is_said_so() -> None:
    (substitution,) = resolve(voice="ritu", tts_model="bulbul:v2")["substitutions"]

    assert (substitution["requested"], substitution["served"]) == ("ritu", "anushka")


def test_an_unknown_model_is_told_which_there_are() -> None:
    refused = model_error("gpt-2", LlmSettings())

    assert (refused.code, refused.code.status) == ("model_not_found", 422)
    assert "kimi-k2.5" in refused.message
    assert "openrouter/<vendor>/<model>" in refused.message


def test_a_retired_model_names_its_successor() -> None:
    refused = model_error("sarvam-m", LlmSettings())

    assert refused.code == "model_not_found"
    assert "sarvam-30b" in refused.message


def test_a_model_under_maintenance_names_its_successor() -> None:
    refused = model_error("kimi-k2.5-fast", LlmSettings())

    assert (refused.code, refused.code.status) == ("model_under_maintenance", 503)
    assert "use kimi-k2.5 " in refused.message
    assert "Retry-After" in refused.headers


@pytest.mark.parametrize("model_id", ["openrouter/acme/chat-1", "clarifai/acme"])
def test_a_passed_through_model_needs_its_upstreams_key(model_id: str) -> None:
    empty = SecretStr("")
    without = LlmSettings(openrouter_api_key=empty, clarifai_api_key=empty)

    assert model_error(model_id, without).code == "provider_error"
    assert require_model(model_id, CATALOG, LlmSettings(), TENANT, None).id == model_id


def test_a_listed_model_without_any_configured_upstream_is_a_provider_error() -> None:
    assert model_error("sarvam-105b", LlmSettings(sarvam_api_key=SecretStr(""))).code == (
        "provider_error"
    )


def test_a_key_may_be_for_some_models_only() -> None:
    assert model_error("kimi-k2.5", LlmSettings(), "sarvam-105b").code == "model_not_allowed"
    require_model("kimi-k2.5", CATALOG, LlmSettings(), TENANT, key("sarvam-105b, kimi-k2.5"))


@pytest.mark.parametrize(
    ("csv", "is_listed"),
    [("*", True), ("a, stt ,b", True), ("stt", True), ("", False), ("sttx", False)],
)
def test_a_csv_lists_its_entries(csv: str, is_listed: bool) -> None:
    assert lists(csv, "stt") is is_listed
