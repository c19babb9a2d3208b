"""Which parts are somewhere else already, told by the settings that were given.

A given address or a real key replaces the local part. What is left out beside it is filled in:
a key alone means its vendor, one of Sarvam's two addresses alone means the same host for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cli.dev.part import StartError
from core.setting_groups import SANDBOX_KEY, UPSTREAMS

# The vendors' documented base URLs.
SARVAM_URL: Final = "https://api.sarvam.ai"
VENDOR_LLM_URLS: Final = {
    "sarvam": "https://api.sarvam.ai/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "clarifai": "https://api.clarifai.com/v2/ext/openai/v1",
    "moonshot": "https://api.moonshot.ai/v1",
}


@dataclass(frozen=True)
class Elsewhere:
    """What is not started because the settings point to another one."""

    database: bool
    livekit: bool
    sarvam: bool
    upstreams: frozenset[str]

    @property
    def needs_sandbox(self) -> bool:
        """Whether anything is left for the sandbox to stand in for."""
        return not self.sarvam or len(self.upstreams) < len(UPSTREAMS)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Elsewhere":
        """From the environment that the command was given, `.env` included."""
        return cls(
            database=bool(given.get("DATABASE_URL")),
            livekit=bool(given.get("LIVEKIT_URL")),
            sarvam=_is_given(given, "SARVAM_API_KEY", "SARVAM_API_URL", "SARVAM_WS_URL"),
            upstreams=frozenset(
                name
                for name in UPSTREAMS
                if given.get(_key(name)) == "" or _is_given(given, _key(name), _url(name))
            ),
        )


def provider_env(given: Mapping[str, str], sandbox_origin: str) -> dict[str, str]:
    """Complete `SARVAM_*` and `LLM_*` addresses. Raises `StartError` on a key without a place."""
    found = Elsewhere.read(given)
    env = _sarvam_env(given) if found.sarvam else _sarvam_at(sandbox_origin)
    for name in UPSTREAMS:
        if name not in found.upstreams:
            env |= {_url(name): f"{sandbox_origin}/upstreams/{name}/v1", _key(name): SANDBOX_KEY}
        elif given.get(_key(name)) != "" and not given.get(_url(name)):
            if name not in VENDOR_LLM_URLS:
                raise StartError(f"{_url(name)}: required beside {_key(name)}")
            env[_url(name)] = VENDOR_LLM_URLS[name]
    return env


def _sarvam_env(given: Mapping[str, str]) -> dict[str, str]:
    rest, sockets = given.get("SARVAM_API_URL"), given.get("SARVAM_WS_URL")
    origin = rest or (sockets.replace("ws", "http", 1) if sockets else SARVAM_URL)
    return {
        "SARVAM_API_URL": origin,
        "SARVAM_WS_URL": sockets or origin.replace("http", "ws", 1),
    }


def _sarvam_at(sandbox_origin: str) -> dict[str, str]:
    return {
        "SARVAM_API_KEY": SANDBOX_KEY,
        "SARVAM_API_URL": sandbox_origin,
        "SARVAM_WS_URL": sandbox_origin.replace("http", "ws", 1),
    }


def _is_given(given: Mapping[str, str], key: str, *urls: str) -> bool:
    return given.get(key, "") not in ("", SANDBOX_KEY) or any(given.get(url) for url in urls)


def _key(upstream: str) -> str:
    return f"LLM_{upstream.upper()}_API_KEY"


def _url(upstream: str) -> str:
    return f"LLM_{upstream.upper()}_URL"
