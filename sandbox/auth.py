"""Keys as Sarvam takes them: a header, a bearer token, or a WebSocket subprotocol."""

from aiohttp import web

from sandbox.refusals import Refusal
from sandbox.script import Script

_SUBPROTOCOL = "api-subscription-key."


def offered_subprotocol(request: web.Request) -> str | None:
    """The subprotocol that carries a key, to be echoed by the handshake."""
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    for name in (part.strip() for part in offered.split(",")):
        if name.startswith(_SUBPROTOCOL):
            return name
    return None


def find_key(request: web.Request) -> str:
    """The key of any of the three forms; empty when there is none."""
    key = request.headers.get("api-subscription-key", "").strip()
    if not key:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        key = token.strip() if scheme.lower() == "bearer" else ""
    if not key:
        key = (offered_subprotocol(request) or "").removeprefix(_SUBPROTOCOL).strip()
    return key


def require_key(request: web.Request, script: Script) -> None:
    """Raises Refusal 403 for a missing, blank or refused key."""
    key = find_key(request)
    if not key or key in script.refused_keys:
        raise Refusal(403, "invalid_api_key_error", "Invalid or missing API key")
