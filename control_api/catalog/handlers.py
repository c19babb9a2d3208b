"""The catalog: models, voices, languages."""

from collections.abc import Sequence

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.catalog.answers import (
    CatalogLanguage,
    CatalogModel,
    catalog_voice,
    openai_models,
    voice_model,
)
from control_api.parts import CATALOG, DATABASE, SETTINGS
from control_api.request.errors import not_found
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_query
from control_api.request.shown import Shown
from store.model_speed import ModelSpeedRepository
from store.pages import cut


async def list_openai_models(request: web.Request) -> web.Response:
    """`GET /v1/models`: what can be asked for, in the shape that OpenAI's clients read."""
    await request.app[AUTHENTICATOR].authorise(request)
    return json_response(openai_models(request.app[CATALOG]))


async def list_models(request: web.Request) -> web.Response:
    """`GET /api/v1/models`."""
    return _page(request, [CatalogModel.of(one) for one in request.app[CATALOG].models])


async def get_model(request: web.Request) -> web.Response:
    """`GET /api/v1/models/{model_id}`; an id may hold slashes."""
    wanted = request.match_info["model_id"]
    for model in request.app[CATALOG].models:
        if model.id == wanted:
            return json_response(CatalogModel.of(model))
    raise not_found("model")


async def list_voice_models(request: web.Request) -> web.Response:
    """`GET /api/v1/voice/models`: each chat model, and whether the tenant can talk to it."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    async with request.app[DATABASE].connection() as connection:
        speeds = await ModelSpeedRepository(connection).speeds(caller.tenant.id)
    models, llm = request.app[CATALOG].models, request.app[SETTINGS].llm
    return _page(request, [voice_model(one, speeds.get(one.id), llm) for one in models])


async def list_voices(request: web.Request) -> web.Response:
    """`GET /api/v1/voices`."""
    catalog = request.app[CATALOG]
    return _page(request, [catalog_voice(one, catalog) for one in catalog.voices])


async def list_languages(request: web.Request) -> web.Response:
    """`GET /api/v1/languages`."""
    return _page(
        request,
        [CatalogLanguage.of(one, stt=True, tts=True) for one in request.app[CATALOG].languages],
    )


def _page(request: web.Request, entries: Sequence[Shown]) -> web.Response:
    listed = cut(entries, part_of(request, parse_query(Page, request.query)))
    return page_response(request, listed.rows, listed)
