"""A tenant's API keys: for the people who manage it, never for a key."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.keys.answers import CreatedKey, Key
from control_api.keys.requests import CLEARABLE, ChangeKey, CreateKey
from control_api.parts import CATALOG, DATABASE
from control_api.request.body import read_json
from control_api.request.errors import known
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from control_api.request.paths import path_id
from store.audit import Action
from store.keys import KeyRepository, NewKey
from store.records import KeyId


async def create_key(request: web.Request) -> web.Response:
    """`POST /api/v1/keys`: the plaintext is in this answer only."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    given = await read_json(request)
    body = parse_body(CreateKey, given, request.app[CATALOG])

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            wanted = NewKey(tenant_id=caller.tenant.id, **body.model_dump())
            key, plaintext = await KeyRepository(connection).create(wanted)
            await note(connection, caller, Action.KEY_CREATE, key.id)
            answer = json_response(CreatedKey.of(key, key=plaintext), status=201)
            return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, given, make)


async def list_keys(request: web.Request) -> web.Response:
    """`GET /api/v1/keys`: newest first, without the revoked ones."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    tenant_id = caller.tenant.id
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        listed = await KeyRepository(connection).list_page(tenant_id, part)
    return page_response(request, [Key.of(one) for one in listed.rows], listed, tenant_id)


async def get_key(request: web.Request) -> web.Response:
    """`GET /api/v1/keys/{key_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    async with request.app[DATABASE].connection() as connection:
        with known("key"):
            key = await KeyRepository(connection).get(caller.tenant.id, _key_id(request))
    return json_response(Key.of(key))


async def change_key(request: web.Request) -> web.Response:
    """`PATCH /api/v1/keys/{key_id}`: the fields that the body names."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    given = await read_json(request)
    body = parse_body(ChangeKey, given, request.app[CATALOG])
    changes = {**_cleared(given), **body.changes()}
    async with request.app[DATABASE].transaction() as connection:
        keys = KeyRepository(connection)
        with known("key"):
            key = await keys.change(caller.tenant.id, _key_id(request), changes)
        await note(connection, caller, Action.KEY_CHANGE, key.id)
    return json_response(Key.of(key))


async def revoke_key(request: web.Request) -> web.Response:
    """`DELETE /api/v1/keys/{key_id}`: it is worth nothing from now on."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    key_id = _key_id(request)
    async with request.app[DATABASE].transaction() as connection:
        with known("key"):
            await KeyRepository(connection).revoke(caller.tenant.id, key_id)
        await note(connection, caller, Action.KEY_REVOKE, key_id)
    return web.Response(status=204)


async def rotate_key(request: web.Request) -> web.Response:
    """`POST /api/v1/keys/{key_id}/rotate`: a new plaintext; the old one ends at once."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    key_id = _key_id(request)

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            with known("key"):
                key, plaintext = await KeyRepository(connection).rotate(caller.tenant.id, key_id)
            await note(connection, caller, Action.KEY_ROTATE, key_id)
            answer = json_response(CreatedKey.of(key, key=plaintext))
            return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, None, make)


def _cleared(given: Mapping[str, Any]) -> dict[str, None]:
    """The limits that a null takes away; elsewhere a null says nothing."""
    return {name: None for name in CLEARABLE if name in given and given[name] is None}


def _key_id(request: web.Request) -> KeyId:
    return KeyId(path_id(request, "key_id", "key"))
