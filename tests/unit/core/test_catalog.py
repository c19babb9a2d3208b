from importlib.resources import files
from pathlib import Path

import pytest

from core.catalog import Catalog, PlanLimits
from core.errors import ConfigError
from core.rights import Plan


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_all_39_voices_and_11_languages_are_offered(catalog: Catalog) -> None:
    assert len(catalog.voices) == 39
    assert len(catalog.languages) == 11


def test_voices_and_languages_are_found_in_any_case(catalog: Catalog) -> None:
    voice, language = catalog.voice("Shubh"), catalog.language("EN-in")
    assert voice is not None
    assert voice.id == "shubh"
    assert language is not None
    assert language.id == "en-IN"


def test_an_unknown_voice_or_model_is_none(catalog: Catalog) -> None:
    assert catalog.voice("nobody") is None
    assert catalog.model("no-such-model") is None


def test_odia_is_named_as_each_socket_wants_it(catalog: Catalog) -> None:
    odia = catalog.language("od-IN")
    assert odia is not None
    assert odia.stt_code(realtime=True) == "or-IN"
    assert odia.stt_code(realtime=False) == "od-IN"


@pytest.mark.parametrize("voice_id", ["amelia", "sophia"])
def test_the_english_voices_speak_english_only(catalog: Catalog, voice_id: str) -> None:
    voice = catalog.voice(voice_id)
    assert voice is not None
    assert voice.speaks("en-IN")
    assert not voice.speaks("hi-IN")


def test_an_openrouter_id_passes_through_with_vendor_and_model(catalog: Catalog) -> None:
    model = catalog.model("openrouter/meta-llama/llama-3.3-70b-instruct")
    assert model is not None
    assert model.routes[0].model == "meta-llama/llama-3.3-70b-instruct"
    assert catalog.model("openrouter/only-a-vendor") is None


def test_the_fast_model_is_under_maintenance_and_names_its_successor(catalog: Catalog) -> None:
    model = catalog.model("kimi-k2.5-fast")
    assert model is not None
    assert (model.status, model.successor) == ("maintenance", "kimi-k2.5")


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ('default_voice = "shubh"', 'default_voice = "nobody"', "default_voice"),
        ('{ id = "ritu"', '{ id = "shubh"', "voices: ids listed twice"),
        ('default_model = "kimi-k2.5"', 'default_model = "none"', "default_model"),
        ('gender = "male" }', 'gender = "male", pitch = 2 }', "pitch"),
        ("default_model =", "default_model", "not TOML"),
    ],
)
def test_a_catalog_that_does_not_hold_together_is_refused(
    tmp_path: Path, found: str, replaced: str, message: str
) -> None:
    text = files("core").joinpath("catalog.toml").read_text(encoding="utf-8")
    broken = tmp_path / "catalog.toml"
    broken.write_text(text.replace(found, replaced, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        Catalog.load(broken)


def test_a_speed_does_not_choose_the_price(tmp_path: Path) -> None:
    text = files("core").joinpath("catalog.toml").read_text(encoding="utf-8")
    path = tmp_path / "catalog.toml"
    path.write_text(text.replace('id = "kimi-k2.5"', 'id = "kimi-k2.5"\norder = "measured"'))
    model = Catalog.load(path).model("kimi-k2.5")
    assert model is not None
    assert model.order == "measured"
    told = 'id = "kimi-k2.5"\norder = "measured"\nprices = "reported"'
    path.write_text(text.replace('id = "kimi-k2.5"', told))
    with pytest.raises(ConfigError, match="a speed would choose the price"):
        Catalog.load(path)


@pytest.mark.parametrize(
    ("plan", "caps"),
    [
        (Plan.FREE, (2, 3, 10, 1_000_000, 10)),
        (Plan.STARTER, (10, 20, 50, 20_000_000, 50)),
        (Plan.PRO, (50, 200, 200, 200_000_000, 500)),
        (Plan.ENTERPRISE, (200, 2_000, 1_000, 2_000_000_000, 5_000)),
    ],
)
def test_a_plan_caps_what_a_tenant_may_have(
    catalog: Catalog, plan: Plan, caps: tuple[int, ...]
) -> None:
    limits = catalog.plans[plan]

    assert (
        limits.webhooks,
        limits.bots,
        limits.bot_documents,
        limits.bot_document_bytes,
        limits.event_streams,
    ) == caps


def test_a_cap_that_a_plan_does_not_name_is_none() -> None:
    limits = PlanLimits(requests_per_minute=1)

    assert set(limits.model_dump(exclude={"requests_per_minute"}).values()) == {None}


def test_a_missing_file_is_named_as_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="CATALOG_FILE: cannot be read"):
        Catalog.load(tmp_path / "none.toml")
