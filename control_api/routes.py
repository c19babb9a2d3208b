"""The whole URL map."""

from typing import Final

from aiohttp import web

from control_api.audit import handlers as audit
from control_api.bots import handlers as bots
from control_api.bots import knowledge, versions
from control_api.catalog import handlers as catalog
from control_api.catalog import samples
from control_api.events import handlers as events
from control_api.health import probes as health
from control_api.health import status
from control_api.keys import handlers as keys
from control_api.money import credits, usage
from control_api.pages import console, widget
from control_api.pages import description as docs
from control_api.sessions import erasing, listening, recordings, transcripts
from control_api.sessions import handlers as sessions
from control_api.talk import handlers as talk
from control_api.webhooks import deliveries
from control_api.webhooks import handlers as webhooks

# `events` is a path of its own.
_SESSION: Final = "/v1/voice/sessions/{session_id:(?!events$)[^{}/]+}"
# Only what looks like an id: `default-secret` and `deliveries` are paths of their own.
_WEBHOOK: Final = "/api/v1/webhooks/{webhook_id:[0-9a-fA-F-]{36}}"
_DELIVERY: Final = "{delivery_id}"
_VERSION: Final = "/api/v1/bots/{bot_id}/versions/{number}"


def add_routes(app: web.Application) -> None:
    """Give `app` every path that it answers; `HEAD` goes wherever `GET` goes."""
    app.router.add_routes(
        [
            web.post("/v1/voice/sessions", sessions.create_session),
            web.get("/v1/voice/sessions", sessions.list_sessions),
            web.get("/v1/voice/sessions/events", events.stream_sessions),
            web.get(_SESSION, sessions.get_session),
            web.delete(_SESSION, sessions.delete_session),
            web.get("/v1/voice/sessions/{session_id}/transcript", transcripts.get_transcript),
            web.get("/v1/voice/sessions/{session_id}/eval-case", transcripts.get_eval_case),
            web.get("/v1/voice/sessions/{session_id}/recording", recordings.get_recording),
            web.get("/v1/voice/sessions/{session_id}/recording/sound", recordings.get_sound),
            web.get("/v1/voice/sessions/{session_id}/events", events.stream_events),
            web.get("/v1/voice/sessions/{session_id}/cost", credits.get_cost),
            web.post("/v1/voice/sessions/{session_id}/listen", listening.listen),
            web.post("/v1/voice/sessions/{session_id}/erase", erasing.erase_session),
            web.get("/v1/models", catalog.list_openai_models),
            web.get("/api/v1/models", catalog.list_models),
            web.get("/api/v1/models/{model_id:.+}", catalog.get_model),
            web.get("/api/v1/voice/models", catalog.list_voice_models),
            web.get("/api/v1/voices", catalog.list_voices),
            web.get("/api/v1/voices/{voice_id}/sample", samples.get_sample),
            web.get("/api/v1/languages", catalog.list_languages),
            web.get("/api/v1/webhooks", webhooks.list_webhooks),
            web.post("/api/v1/webhooks", webhooks.create_webhook),
            web.get("/api/v1/webhooks/default-secret", webhooks.get_default_secret),
            web.post("/api/v1/webhooks/default-secret/rotate", webhooks.rotate_default_secret),
            web.get("/api/v1/webhooks/deliveries", deliveries.list_deliveries),
            web.get(f"/api/v1/webhooks/deliveries/{_DELIVERY}", deliveries.get_delivery),
            web.post(f"/api/v1/webhooks/deliveries/{_DELIVERY}/replay", deliveries.replay_delivery),
            web.get(_WEBHOOK, webhooks.get_webhook),
            web.put(_WEBHOOK, webhooks.change_webhook),
            web.delete(_WEBHOOK, webhooks.delete_webhook),
            web.post(f"{_WEBHOOK}/test", webhooks.test_webhook),
            web.post(f"{_WEBHOOK}/rotate-secret", webhooks.rotate_secret),
            web.get(f"{_WEBHOOK}/deliveries", deliveries.list_deliveries),
            web.get(f"{_WEBHOOK}/deliveries/{_DELIVERY}", deliveries.get_delivery),
            web.post(f"{_WEBHOOK}/deliveries/{_DELIVERY}/replay", deliveries.replay_delivery),
            web.post("/api/v1/keys", keys.create_key),
            web.get("/api/v1/keys", keys.list_keys),
            web.get("/api/v1/keys/{key_id}", keys.get_key),
            web.patch("/api/v1/keys/{key_id}", keys.change_key),
            web.delete("/api/v1/keys/{key_id}", keys.revoke_key),
            web.post("/api/v1/keys/{key_id}/rotate", keys.rotate_key),
            web.post("/api/v1/bots", bots.create_bot),
            web.get("/api/v1/bots", bots.list_bots),
            web.get("/api/v1/bots/{bot_id}", bots.get_bot),
            web.patch("/api/v1/bots/{bot_id}", bots.change_bot),
            web.delete("/api/v1/bots/{bot_id}", bots.delete_bot),
            web.post("/api/v1/bots/{bot_id}/publish", versions.publish_bot),
            web.get("/api/v1/bots/{bot_id}/versions", versions.list_versions),
            web.get(_VERSION, versions.get_version),
            web.post(f"{_VERSION}/restore", versions.restore_version),
            web.post("/api/v1/bots/{bot_id}/knowledge", knowledge.create_document),
            web.get("/api/v1/bots/{bot_id}/knowledge", knowledge.list_documents),
            web.get("/api/v1/bots/{bot_id}/knowledge/{document_id}", knowledge.get_document),
            web.delete("/api/v1/bots/{bot_id}/knowledge/{document_id}", knowledge.delete_document),
            web.get("/api/v1/credits/balance", credits.get_balance),
            web.get("/api/v1/credits/transactions", credits.list_transactions),
            web.get("/api/v1/audit", audit.list_entries),
            web.get("/api/v1/usage/summary", usage.get_summary),
            web.get("/api/v1/usage/latency", usage.list_latencies),
            web.get("/api/v1/usage/slowest", usage.list_slowest),
            web.get("/api/v1/status", status.get_status),
            web.post("/api/v1/status/talk", talk.hold_talk),
            web.get("/healthz", health.is_alive),
            web.get("/readyz", health.is_ready),
            web.get("/openapi.json", docs.describe),
            web.get("/docs", docs.page),
            web.get("/docs/{file}", docs.file),
            web.get("/console", console.page),
            web.get("/console/", console.page),
            web.get("/console/config.json", console.config),
            web.get("/console/{path:.+}", console.file_or_page),
            web.get("/widget.js", widget.script),
            web.get("/widget/call.js", widget.present_part),
            web.get("/widget/{file:[a-z]+-[a-zA-Z0-9_-]+[.]js}", widget.part),
        ]
    )
