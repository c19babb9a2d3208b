"""API keys as the API shows them: the contract's keys in the contract's order."""

from typing import Any

from control_api.request.json_values import amount, moment
from store.records import KeyRecord


def key_view(key: KeyRecord, plaintext: str | None = None) -> dict[str, Any]:
    """An API key; with `key`, its plaintext, only when it has just been made."""
    shown = {} if plaintext is None else {"key": plaintext}
    return {
        "id": str(key.id),
        **shown,
        "name": key.name,
        "prefix": key.prefix,
        "permissions": key.permissions,
        "scopes": key.scopes,
        "allowed_domains": key.allowed_domains,
        "allowed_models": key.allowed_models,
        "rate_limit_rpm": key.rate_limit_rpm,
        "budget_limit": None if key.budget_limit is None else amount(key.budget_limit),
        "budget_used": amount(key.budget_used),
        "is_active": key.is_active,
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.last_used_at),
        "created_at": moment(key.created_at),
    }
