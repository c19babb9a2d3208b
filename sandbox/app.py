"""The URL map of all stand-ins."""

from aiohttp import web

from sandbox import chat, stt_legacy, stt_realtime, stt_rest, tts_rest, tts_socket
from sandbox.backstage import BACKSTAGE, Backstage, note_ends
from sandbox.refusals import answer_refusals

_MAX_BODY_BYTES = 32 * 1024 * 1024


def build_app(backstage: Backstage) -> web.Application:
    middlewares = [note_ends, answer_refusals]
    app = web.Application(middlewares=middlewares, client_max_size=_MAX_BODY_BYTES)
    app[BACKSTAGE] = backstage
    app.router.add_post("/speech-to-text", stt_rest.handle)
    app.router.add_get("/speech-to-text/ws", stt_legacy.handle)
    app.router.add_get("/speech-to-text-realtime/ws", stt_realtime.handle)
    app.router.add_post("/text-to-speech", tts_rest.convert)
    app.router.add_post("/text-to-speech/stream", tts_rest.stream)
    app.router.add_get("/text-to-speech/ws", tts_socket.handle)
    app.router.add_get("/text-to-speech/ws/v2", tts_socket.handle)
    app.router.add_get("/text-to-speech/stream", tts_socket.refuse_stream_socket)
    for prefix in ("", "/upstreams/{name}"):
        base = prefix + "/{version:v[12]}"
        app.router.add_post(f"{base}/chat/completions", chat.complete)
        app.router.add_get(f"{base}/models", chat.list_models)
    return app
