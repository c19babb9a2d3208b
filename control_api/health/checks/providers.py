"""The speech and model providers: do they answer, and do they take our keys?"""

import aiohttp

from control_api.health.checks.finding import Answer, Check, CheckFailed
from core.setting_groups import SarvamSettings, UpstreamSettings
from core.settings import Settings

REFUSED = (401, 403)
_ENGLISH = "it recognises English only"


def provider_checks(settings: Settings, upstreams: tuple[str, ...]) -> list[Check]:
    """Sarvam's two origins, then each language model server once."""
    checks = [_sarvam_rest(settings.sarvam), _sarvam_sockets(settings.sarvam)]
    for name in upstreams:
        upstream = settings.llm.upstream(name)
        if upstream is not None:
            checks.append(_language_model(name, upstream))
    return checks


def _sarvam_rest(settings: SarvamSettings) -> Check:
    async def ask() -> Answer:
        async with aiohttp.ClientSession() as http, http.get(settings.api_url) as answer:
            return _answer(settings, answer.status, _ENGLISH)

    return Check("sarvam rest", settings.api_url, ask, "check SARVAM_API_URL")


def _sarvam_sockets(settings: SarvamSettings) -> Check:
    """Opens a recognition socket, which costs nothing while no sound is sent."""

    async def ask() -> Answer:
        url = f"{settings.ws_url.rstrip('/')}/speech-to-text/ws"
        async with aiohttp.ClientSession(headers=settings.headers) as http:
            try:
                async with http.ws_connect(url, params={"language-code": "en-IN"}):
                    return _answer(settings, 101, _ENGLISH)
            except aiohttp.WSServerHandshakeError as exc:
                raise CheckFailed(_refusal(exc.status, "SARVAM_API_KEY")) from exc

    return Check("sarvam sockets", settings.ws_url, ask, "check SARVAM_WS_URL")


def _language_model(name: str, upstream: UpstreamSettings) -> Check:
    """Lists the models; a server without that list still counts as reachable."""

    async def ask() -> Answer:
        url = f"{upstream.url.rstrip('/')}/models"
        async with aiohttp.ClientSession(headers=upstream.headers) as http, http.get(url) as answer:
            if answer.status in REFUSED or answer.status >= 500:
                raise CheckFailed(_refusal(answer.status, f"LLM_{name.upper()}_API_KEY"))
            return _answer(upstream, answer.status, "no model of theirs")

    return Check(f"llm {name}", upstream.url, ask, f"check LLM_{name.upper()}_URL")


def _refusal(status: int, setting: str) -> str:
    if status in REFUSED:
        return f"it refuses {setting} (HTTP {status})"
    return f"it answered HTTP {status}"


def _answer(asked: SarvamSettings | UpstreamSettings, status: int, limits: str) -> Answer:
    """The sandbox's key is taken by stand-ins alone; `limits`: what is not to be had of one."""
    if asked.is_stand_in:
        return Answer(note=f"HTTP {status}; a stand-in: {limits}", is_stand_in=True)
    return Answer(note=f"HTTP {status}")
