"""The chat hosts that are imitated: their models, keys and error bodies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.auth import find_key
from sandbox.refusals import Refusal, sarvam_envelope
from sandbox.script import Script

_SARVAM_V1 = ("sarvam-105b", "sarvam-105b-conversations")
_SARVAM_V2 = ("sarvam-105b", "gemma4", "glm5.2", "glm5.3", "deepseekv4.1-flash", "kimi-k3")
_MOONSHOT = ("kimi-k2.6", "kimi-k2.7-code", "kimi-k3")
_SARVAM_CODES = {
    400: "invalid_request_error",
    403: "invalid_api_key_error",
    404: "not_found_error",
    413: "invalid_request_error",
    422: "unprocessable_entity_error",
    429: "rate_limit_exceeded_error",
    503: "rate_limit_exceeded_error",
}
_MOONSHOT_TYPES = {
    400: "invalid_request_error",
    401: "invalid_authentication_error",
    403: "permission_denied_error",
    404: "resource_not_found_error",
    429: "rate_limit_reached_error",
}


def _sarvam_error(status: int, code: str, message: str) -> Mapping[str, Any]:
    return sarvam_envelope(code or _SARVAM_CODES.get(status, "internal_server_error"), message)


def _openrouter_error(status: int, code: str, message: str) -> Mapping[str, Any]:
    error: dict[str, Any] = {"code": status, "message": message}
    if code:
        error["metadata"] = {"provider_name": "sandbox", "raw": code}
    return {"error": error}


def _moonshot_error(status: int, code: str, message: str) -> Mapping[str, Any]:
    return {
        "error": {
            "message": message,
            "type": code or _MOONSHOT_TYPES.get(status, "engine_overloaded_error"),
        }
    }


def _openai_error(status: int, code: str, message: str) -> Mapping[str, Any]:
    kind = "invalid_request_error" if status < 500 else "api_error"
    return {"error": {"message": message, "type": kind, "code": code or None, "param": None}}


@dataclass(frozen=True)
class Upstream:
    """One host. Without ``models`` any name is good that holds ``model_mark``."""

    name: str
    error_body: Callable[[int, str, str], Mapping[str, Any]]
    models: tuple[str, ...] = ()
    model_mark: str = ""
    """What a model's name must contain."""
    bad_key_status: int = 401
    bad_model_status: int = 404
    needs_key: bool = True
    always_sends_usage: bool = False
    refuses_unknown_fields: bool = False

    def refuse(
        self, status: int, message: str, code: str = "", retry_after_s: int | None = None
    ) -> Refusal:
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        body = self.error_body(status, code, message)
        return Refusal(status, code, message, body=body, headers=headers)

    def check_key(self, request: web.Request, script: Script) -> None:
        key = find_key(request)
        if (self.needs_key and not key) or (key and key in script.refused_keys):
            code = "invalid_api_key_error" if self.bad_key_status == 403 else ""
            raise self.refuse(self.bad_key_status, "Invalid or missing API key", code)

    def check_model(self, model: str) -> None:
        if (self.models and model not in self.models) or self.model_mark not in model:
            raise self.refuse(self.bad_model_status, f"Model {model!r} is not available")


SARVAM_V1 = Upstream("sarvam", _sarvam_error, _SARVAM_V1, bad_key_status=403, bad_model_status=400)
SARVAM_V2 = Upstream(
    "sarvam",
    _sarvam_error,
    _SARVAM_V2,
    bad_key_status=403,
    bad_model_status=400,
    refuses_unknown_fields=True,
)
OTHERS = {
    upstream.name: upstream
    for upstream in (
        Upstream(
            "openrouter",
            _openrouter_error,
            model_mark="/",
            bad_model_status=400,
            always_sends_usage=True,
        ),
        Upstream("clarifai", _openai_error, model_mark="https://clarifai.com/"),
        Upstream("moonshot", _moonshot_error, _MOONSHOT),
        Upstream("local", _openai_error, needs_key=False),
    )
}


def find_upstream(request: web.Request) -> Upstream:
    """From the route: ``/v1``, ``/v2`` and ``/upstreams/{name}/v1`` or ``/v2``."""
    name = request.match_info.get("name", "sarvam")
    if name == "sarvam":
        return SARVAM_V2 if request.match_info.get("version") == "v2" else SARVAM_V1
    if name not in OTHERS:
        raise Refusal(404, "not_found_error", f"Unknown upstream {name!r}")
    return OTHERS[name]
