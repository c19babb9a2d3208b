"""What a session sounded like."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from yarl import URL

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.parts import DATABASE, SETTINGS
from control_api.request.errors import ApiError, ErrorCode, not_found, unavailable
from control_api.request.json_text import json_response
from control_api.request.parsing import parse_query
from control_api.request.paths import path_id
from control_api.sessions.answers import Recording
from control_api.sessions.handlers import find_session
from control_api.sessions.recording_links import LINKS
from control_api.sessions.requests import SoundQuery
from core.errors import StorageUnavailable
from store.audit import Action
from store.objects import Objects, opened_objects
from store.recordings import MEDIA_TYPE, RecordingRecord, RecordingRepository
from store.records import SessionId

OBJECTS: Final = web.AppKey("objects", Objects)


async def get_recording(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}/recording`: a link to it, good for a while. Who asked is
    noted, as they may hear it now."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    session = await find_session(request, caller.tenant.id)
    record = await _find(request, session.id)
    expires = int(time.time()) + request.app[SETTINGS].recording.link_s
    url = await _link(request, session.id, record, expires)
    async with request.app[DATABASE].transaction() as connection:
        await note(connection, caller, Action.RECORDING_READ, session.id)
    return json_response(
        Recording.of(
            url=url,
            expires_at=datetime.fromtimestamp(expires, UTC),
            duration_seconds=record.duration_ms / 1000,
            format=MEDIA_TYPE,
            channels=["caller", "agent"],
        )
    )


async def get_sound(request: web.Request) -> web.StreamResponse:
    """`GET …/recording/sound?expires=…&signature=…`: the recording to whoever has the link, whole
    or the range that is asked for, where the store is a folder."""
    session_id = SessionId(path_id(request, "session_id", "session"))
    query = parse_query(SoundQuery, request.query)
    record = await _find(request, session_id)
    is_good = request.app[LINKS].is_good(
        session_id, record.key, expires=query.expires, signature=query.signature
    )
    if not is_good:
        raise ApiError(ErrorCode.PERMISSION_DENIED, "The link is not valid, or not any more.")
    file = request.app[OBJECTS].file(record.key)
    if file is None or not file.is_file():
        raise unavailable("store of recordings")
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Disposition": f'inline; filename="{session_id}.ogg"',
    }
    return web.FileResponse(file, headers=headers)


async def objects(app: web.Application) -> AsyncIterator[None]:
    """The store, for the application's life."""
    async with opened_objects(app[SETTINGS].recording) as opened:
        app[OBJECTS] = opened
        yield


async def _find(request: web.Request, session_id: SessionId) -> RecordingRecord:
    """Raises `ApiError` (404) where there is none, or none yet."""
    async with request.app[DATABASE].connection() as connection:
        record = await RecordingRepository(connection).find(session_id)
    if record is None:
        raise not_found("recording")
    return record


async def _link(
    request: web.Request, session_id: SessionId, record: RecordingRecord, expires: int
) -> str:
    """Raises `ApiError`: 503, and 400 where the link would lead to the host that the client asked
    for, and it named none."""
    lasts_s = request.app[SETTINGS].recording.link_s
    try:
        url = await request.app[OBJECTS].link(record.key, lasts_s=lasts_s)
    except StorageUnavailable:
        raise unavailable("store of recordings") from None
    if url is not None:
        return url
    public_url = request.app[SETTINGS].api.public_url
    try:
        origin = URL(public_url) if public_url else request.url.origin()
    except ValueError:
        raise ApiError(ErrorCode.INVALID_REQUEST, "The header Host names no host.") from None
    query = request.app[LINKS].query(session_id, record.key, expires=expires)
    path = f"/v1/voice/sessions/{session_id}/recording/sound"
    return str(origin.with_path(path).with_query(query))
