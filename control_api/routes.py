"""The whole URL map."""

from aiohttp import web

from control_api.handlers import catalog, console, health, sessions, transcripts


def add_routes(app: web.Application) -> None:
    """Give `app` every path that it answers; `HEAD` goes wherever `GET` goes."""
    app.router.add_routes(
        [
            web.post("/v1/voice/sessions", sessions.create_session),
            web.get("/v1/voice/sessions", sessions.list_sessions),
            web.get("/v1/voice/sessions/{session_id}", sessions.get_session),
            web.delete("/v1/voice/sessions/{session_id}", sessions.delete_session),
            web.get("/v1/voice/sessions/{session_id}/transcript", transcripts.get_transcript),
            web.get("/v1/models", catalog.list_openai_models),
            web.get("/api/v1/models", catalog.list_models),
            web.get("/api/v1/models/{model_id:.+}", catalog.get_model),
            web.get("/api/v1/voices", catalog.list_voices),
            web.get("/api/v1/languages", catalog.list_languages),
            web.get("/healthz", health.is_alive),
            web.get("/readyz", health.is_ready),
            web.get("/console", console.page),
            web.get("/console/", console.page),
            web.get("/console/config.json", console.config),
            web.get("/console/{file:.+}", console.file),
        ]
    )
