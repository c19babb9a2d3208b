"""A bot's tools at rest: what their headers say is sealed.

Schemas are kept as JSON text: `jsonb` would drop nulls and forget the order of keys. A session
keeps a copy of its bot's tools, so the seal is about the tenant that both belong to.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from store.records import TenantId
from store.sealing import Sealer

RESERVED_NAMES: Final = frozenset({"end_call"})
"""What the agent offers by itself."""


@dataclass(frozen=True, slots=True)
class ToolRecord:
    """A function that the model may call, and where it is run. `wait_line` empty: none of its
    own."""

    name: str
    description: str
    parameters: str
    url: str
    timeout_s: float
    wait_line: str
    header_names: tuple[str, ...]
    sealed_headers: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` made."""
        return cls(**{**kept, "header_names": tuple(kept["header_names"])})

    def to_json(self) -> dict[str, Any]:
        """As a bot's or a session's config holds it."""
        return {**asdict(self), "header_names": list(self.header_names)}


def seal_headers(sealer: Sealer, tenant_id: TenantId, headers: Mapping[str, str]) -> str:
    """A tool's headers as text that only the tenant's tools open."""
    sealed = sealer.seal(json.dumps(dict(headers)).encode(), about=_about(tenant_id))
    return base64.b64encode(sealed).decode()


def open_headers(sealer: Sealer, tenant_id: TenantId, sealed: str) -> dict[str, str]:
    """The headers. Raises `SealBroken`."""
    opened = sealer.open(base64.b64decode(sealed), about=_about(tenant_id))
    headers: dict[str, str] = json.loads(opened)
    return headers


def headers_sealed_anew(sealer: Sealer, tenant_id: TenantId, sealed: str) -> str:
    """The same headers under the sealer's first key. Raises `SealBroken`."""
    anew = sealer.sealed_anew(base64.b64decode(sealed), about=_about(tenant_id))
    return sealed if anew is None else base64.b64encode(anew).decode()


def _about(tenant_id: TenantId) -> str:
    return f"tool headers of {tenant_id}"
