"""The catalog over HTTP."""

import pytest

from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN = {"Authorization": None}


async def test_chat_models_have_openais_shape(api: Api) -> None:
    answer = await api.get("/v1/models")

    assert answer.json["object"] == "list"
    ids = {model["id"]: model for model in answer.json["data"]}
    assert list(ids["kimi-k2.5"]) == ["id", "object", "created", "owned_by"]
    assert "sarvam-m" not in ids
    assert (await api.get("/v1/models", headers=OPEN)).status == 401


async def test_models_are_open_to_all(api: Api) -> None:
    answer = await api.get("/api/v1/models", headers=OPEN)

    models = {model["id"]: model for model in answer.json}
    assert list(models["kimi-k2.5-fast"]) == (
        "id name owned_by status successor context_window pricing plans".split()
    )
    assert models["kimi-k2.5-fast"]["status"] == "maintenance"
    assert models["kimi-k2.5"]["pricing"] == {"input": 57.6, "output": 288}
    assert answer.headers["X-Total-Count"] == str(len(models))


@pytest.mark.parametrize(
    ("model_id", "status"),
    [
        ("kimi-k2.5", 200),
        ("nothing", 404),
        ("openrouter/acme/x", 404),
        ("kimi-k2.5/", 404),
        ("%00", 404),
    ],
)
async def test_one_model_is_found_by_its_id(api: Api, model_id: str, status: int) -> None:
    answer = await api.get(f"/api/v1/models/{model_id}", headers=OPEN)

    assert answer.status == status


async def test_voices_and_languages_are_all_there(api: Api) -> None:
    voices = await api.get("/api/v1/voices", headers=OPEN)
    languages = await api.get("/api/v1/languages", headers=OPEN)

    assert len(voices.json) == 39
    assert list(voices.json[0]) == ["id", "gender", "languages"]
    assert languages.json[0] == {"id": "en-IN", "name": "English", "stt": True, "tts": True}
    assert languages.headers["X-Total-Count"] == "11"


async def test_a_catalog_list_has_pages(api: Api) -> None:
    page = await api.get("/api/v1/voices?limit=2&offset=1", headers=OPEN)

    assert [voice["id"] for voice in page.json] == ["aditya", "ritu"]
    assert page.headers["X-Total-Count"] == "39"
    assert (await api.get("/api/v1/voices?limit=0", headers=OPEN)).status == 422
