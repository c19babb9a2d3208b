"""API keys as the API shows them."""

from uuid import UUID

from pydantic import Field

from control_api.request.shown import Amount, Moment, Shown


# A key is put together from its parts: the contract has the plaintext second.
class _Identified(Shown):
    id: UUID


class _Plaintext(Shown):
    key: str = Field(pattern="^cm_live_[A-Za-z0-9_-]{43}$")


class _Described(Shown):
    name: str
    prefix: str
    permissions: str
    scopes: str
    allowed_domains: str
    allowed_models: str
    rate_limit_rpm: int | None = Field(ge=1)
    budget_limit: Amount | None = Field(ge=0)
    """In credits; null: none."""
    budget_used: Amount = Field(ge=0)
    is_active: bool
    expires_at: Moment | None
    last_used_at: Moment | None
    created_at: Moment


class Key(_Described, _Identified):
    """An API key. The four lists are csv; `*` is everything."""


class CreatedKey(_Described, _Plaintext, _Identified):
    """A key with its plaintext, told this once."""
