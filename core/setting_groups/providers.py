"""The speech and model services, and their stand-ins' addresses."""

from typing import Final

from pydantic import SecretStr

from core.setting_groups.group import Group, secret, setting

SANDBOX_KEY: Final = "sandbox"
SANDBOX_URL: Final = "http://127.0.0.1:8090"
UPSTREAMS: Final = ("sarvam", "openrouter", "clarifai", "moonshot", "local")


class Provider(Group):
    """A service that is asked with a key of ours."""

    api_key: SecretStr

    @property
    def is_stand_in(self) -> bool:
        """Whether its key is the one that stand-ins alone take."""
        return self.api_key.get_secret_value() == SANDBOX_KEY


CONNECTIONS_A_CALL: Final = {"stt-ws": 1, "tts-ws": 2}
"""Of a speech service's sockets: the ear's, and the voice's that speaks beside its spare. One that
breaks has its successor for a moment before it is gone."""


class SarvamSettings(Provider):
    """Speech to text and text to speech."""

    api_key: SecretStr = secret("SARVAM_API_KEY", SANDBOX_KEY, "Sarvam API subscription key")
    api_url: str = setting(
        "SARVAM_API_URL", SANDBOX_URL, "origin of Sarvam's REST API; theirs: https://api.sarvam.ai"
    )
    ws_url: str = setting(
        "SARVAM_WS_URL",
        SANDBOX_URL.replace("http", "ws"),
        "origin of Sarvam's sockets; theirs: wss://api.sarvam.ai",
    )
    connect_timeout_s: float = setting(
        "SARVAM_CONNECT_TIMEOUT_S", 5.0, "seconds to open a socket", gt=0
    )
    answer_timeout_s: float = setting(
        "SARVAM_ANSWER_TIMEOUT_S", 4.0, "seconds without audio or text that was asked for", gt=0
    )
    final_timeout_s: float = setting(
        "SARVAM_FINAL_TIMEOUT_S",
        2.5,
        "seconds without any transcript after speech before recognition is connected anew",
        gt=0,
    )
    stt_connections: int = setting(
        "SARVAM_STT_CONNECTIONS",
        0,
        "speech-to-text sockets that the account may hold at once, a call has 1; 0: no limit",
        ge=0,
    )
    tts_connections: int = setting(
        "SARVAM_TTS_CONNECTIONS",
        0,
        "text-to-speech sockets that the account may hold at once, a call has 2; 0: no limit",
        ge=0,
    )

    @property
    def connections(self) -> dict[str, int]:
        """Service → sockets that the account may hold; without those that have no limit."""
        allowed = {"stt-ws": self.stt_connections, "tts-ws": self.tts_connections}
        return {service: n for service, n in allowed.items() if n}

    @property
    def headers(self) -> dict[str, str]:
        """What each request has to carry."""
        return {"api-subscription-key": self.api_key.get_secret_value()}


class UpstreamSettings(Provider):
    """One OpenAI-compatible server, and what it calls its model where the catalog does not say."""

    url: str
    api_key: SecretStr
    model: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What each request has to carry."""
        return {"Authorization": f"Bearer {self.api_key.get_secret_value()}"}


class LlmSettings(Group):
    """Language model upstreams; the catalog names them in lower case."""

    sarvam_url: str = setting(
        "LLM_SARVAM_URL",
        f"{SANDBOX_URL}/upstreams/sarvam/v1",
        "Sarvam chat, to and with /v1; theirs: https://api.sarvam.ai/v1",
    )
    sarvam_api_key: SecretStr = secret("LLM_SARVAM_API_KEY", SANDBOX_KEY, "empty: not offered")
    openrouter_url: str = setting(
        "LLM_OPENROUTER_URL",
        f"{SANDBOX_URL}/upstreams/openrouter/v1",
        "OpenRouter base URL; theirs: https://openrouter.ai/api/v1",
    )
    openrouter_api_key: SecretStr = secret(
        "LLM_OPENROUTER_API_KEY", SANDBOX_KEY, "empty: not offered"
    )
    clarifai_url: str = setting(
        "LLM_CLARIFAI_URL",
        f"{SANDBOX_URL}/upstreams/clarifai/v1",
        "Clarifai base URL; theirs: https://api.clarifai.com/v2/ext/openai/v1",
    )
    clarifai_api_key: SecretStr = secret("LLM_CLARIFAI_API_KEY", SANDBOX_KEY, "empty: not offered")
    moonshot_url: str = setting(
        "LLM_MOONSHOT_URL",
        f"{SANDBOX_URL}/upstreams/moonshot/v1",
        "Moonshot base URL; theirs: https://api.moonshot.ai/v1",
    )
    moonshot_api_key: SecretStr = secret("LLM_MOONSHOT_API_KEY", SANDBOX_KEY, "empty: not offered")
    local_url: str = setting(
        "LLM_LOCAL_URL", f"{SANDBOX_URL}/upstreams/local/v1", "any server of your own, its /v1"
    )
    local_api_key: SecretStr = secret("LLM_LOCAL_API_KEY", SANDBOX_KEY, "empty: not offered")
    local_model: str = setting(
        "LLM_LOCAL_MODEL", "", "what that server calls its model; empty: the only one it lists"
    )
    first_token_timeout_s: float = setting(
        "LLM_FIRST_TOKEN_TIMEOUT_S",
        4.0,
        "seconds to a first token before a request has failed",
        gt=0,
    )
    token_timeout_s: float = setting(
        "LLM_TOKEN_TIMEOUT_S", 5.0, "seconds between two tokens before a reply is given up", gt=0
    )
    think_timeout_s: float = setting(
        "LLM_THINK_TIMEOUT_S",
        20.0,
        "seconds that a model may reason before its first token",
        gt=0,
    )
    stall_s: float = setting(
        "LLM_STALL_S",
        0.8,
        "seconds between two tokens, none of them spoken yet, before another upstream is asked",
        gt=0,
    )

    first_token_budget_ms: int = setting(
        "LLM_FIRST_TOKEN_BUDGET_MS",
        800,
        "to a first token; a model that half of the turns wait for longer is told to be too slow",
        ge=1,
        le=60_000,
    )

    def upstream(self, name: str) -> UpstreamSettings | None:
        """The named upstream, None when it has no key."""
        key: SecretStr = getattr(self, f"{name}_api_key")
        if not key.get_secret_value():
            return None
        model = getattr(self, f"{name}_model", "")
        return UpstreamSettings(url=getattr(self, f"{name}_url"), api_key=key, model=model)
