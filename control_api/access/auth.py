"""Who is asking: an API key or a JWT, and what each may do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from control_api.access.together import CountedTogether
from control_api.access.tokens import Tokens
from control_api.request.at_hand import AT_HAND
from control_api.request.errors import ApiError, ErrorCode, suspended, unauthenticated
from control_api.request.limits import require_rate
from control_api.request.listed import ALLOWED_DOMAINS, is_listed_origin, lists
from control_api.request.origin import ASKED_BY, address_of
from core.catalog import Catalog
from core.errors import NotFoundError
from core.rights import MANAGERS, Permission, Role, Scope
from store.audit import Actor, ActorKind
from store.fair_share import ask_for
from store.keys import KeyRepository, UsedKey
from store.pool import Database
from store.records import KeyRecord, TenantId, TenantRecord
from store.tenants import TenantRepository
from store.windows import RequestWindow

_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9_.=-]+)", re.IGNORECASE)
_API_KEY: Final = re.compile(r"cm_[A-Za-z0-9_-]{1,128}")
_LATEST_S: Final = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated request's tenant, with the key or the role that it came by. `subject`: whom
    the token is about; `until`: when it ends, in seconds since 1970; `address`: where the request
    came from, None where nobody can tell."""

    tenant: TenantRecord
    key: KeyRecord | None = None
    role: Role | None = None
    subject: str = ""
    until: int | None = None
    address: str | None = None

    @property
    def actor(self) -> Actor:
        """Who did it, for the audit."""
        if self.key is not None:
            return Actor(ActorKind.KEY, str(self.key.id), self.address)
        return Actor(ActorKind.JWT, self.subject, self.address)

    @property
    def until_at(self) -> datetime | None:
        """When the token ends; for one that hardly ever does, in the year 9999."""
        if self.until is None:
            return None
        return datetime.fromtimestamp(min(self.until, _LATEST_S), UTC)

    def require(self, *permissions: Permission) -> None:
        """Raises `ApiError` (403) naming what the key lacks; a JWT lacks none of these."""
        if self.key is None:
            return
        granted = self.key.permissions
        if missing := [one for one in permissions if not lists(granted, one)]:
            message = f"This key lacks the permission {', '.join(missing)}."
            raise ApiError(ErrorCode.PERMISSION_DENIED, message)

    def require_role(self, roles: frozenset[Role]) -> None:
        """Raises `ApiError` (403) for a key, and for a person who is none of `roles`."""
        if self.role is None:
            raise ApiError(ErrorCode.PERMISSION_DENIED, "This needs a person's token, not a key.")
        if self.role not in roles:
            wanted = " or ".join(sorted(roles))
            raise ApiError(ErrorCode.PERMISSION_DENIED, f"This needs the role {wanted}.")

    def require_scope(self, scope: Scope) -> None:
        """Raises `ApiError` (403) naming the scope that the key lacks; a JWT lacks none."""
        if self.key is not None and not lists(self.key.scopes, scope):
            raise ApiError(ErrorCode.PERMISSION_DENIED, f"This key lacks the scope {scope}.")

    def require_origin(self, origin: str | None) -> None:
        """Raises `ApiError` (403) when the key is for other web pages than the one that asks."""
        if self.key is None or origin is None:
            return
        if not is_listed_origin(origin, self.key.allowed_domains):
            raise ApiError(ErrorCode.DOMAIN_NOT_ALLOWED, "This key may not be used from there.")


class Authenticator:
    """Turns an Authorization header into a `Caller`, one database round trip at most each."""

    def __init__(self, tokens: Tokens, database: Database, catalog: Catalog) -> None:
        self._tokens = tokens
        self._database = database
        self._catalog = catalog
        self._keys = CountedTogether(self._use_key)
        self._people = CountedTogether(self._use_tenant)

    async def authorise(self, request: web.Request, *permissions: Permission) -> Caller:
        """The caller, if it may do what needs `permissions`.

        Raises `ApiError`: 401, then 429 for its rate, then 403 for a tenant that is suspended, 429
        for one with too many requests at hand, then 403; `StoreUnavailable`.
        """
        caller = await self._authenticate(request)
        caller.require(*permissions)
        caller.require_origin(request.headers.get("Origin"))
        return caller

    async def authorise_person(self, request: web.Request) -> Caller:
        """The caller, if they manage the tenant and came with a JWT. Raises as `authorise`."""
        caller = await self.authorise(request)
        caller.require_role(MANAGERS)
        return caller

    async def authorise_scope(
        self, request: web.Request, scope: Scope, *, roles: frozenset[Role] = MANAGERS
    ) -> Caller:
        """The caller, if they are a person of `roles` or a key with `scope`. Raises likewise."""
        caller = await self.authorise(request)
        caller.require_scope(scope)
        if caller.key is None:
            caller.require_role(roles)
        return caller

    async def _authenticate(self, request: web.Request) -> Caller:
        headers = request.headers.getall("Authorization", [])
        match = _BEARER.fullmatch(headers[0].strip()) if len(headers) == 1 else None
        if match is None:
            raise unauthenticated("Send `Authorization: Bearer <key or token>`.")
        if match[1].startswith("cm_"):
            return await self._by_key(request, match[1])
        return await self._by_token(request, match[1])

    async def _by_key(self, request: web.Request, plaintext: str) -> Caller:
        if not _API_KEY.fullmatch(plaintext):
            raise unauthenticated("The API key is not valid.")
        try:
            used, n_later = await self._keys.one_more(plaintext)
        except NotFoundError:
            raise unauthenticated("The API key is not valid.") from None
        request[ALLOWED_DOMAINS] = used.key.allowed_domains
        request[ASKED_BY] = {"tenant_id": str(used.tenant.id), "key_id": str(used.key.id)}
        if not used.key.is_active:
            raise unauthenticated("The API key is not valid.")
        if used.window is None:
            raise ApiError(ErrorCode.API_KEY_EXPIRED, "The API key has expired.")
        limit = used.key.rate_limit_rpm or self._requests_per_minute(used.tenant)
        if used.window.n_requests > limit:
            self._keys.spent(plaintext, used, used.window.reset_s)
        require_rate(request, used.window.before(n_later), limit, "This key")
        self._let_in(request, used.tenant)
        return Caller(used.tenant, key=used.key, address=address_of(request))

    async def _by_token(self, request: web.Request, token: str) -> Caller:
        person = await self._tokens.read(token)
        who = (person.tenant_id, person.subject)
        try:
            used, n_later = await self._people.one_more(who)
        except NotFoundError:
            raise unauthenticated("The token's tenant is not known.") from None
        tenant, window = used
        request[ASKED_BY] = {"tenant_id": str(tenant.id)}
        limit = self._requests_per_minute(tenant)
        if window.n_requests > limit:
            self._people.spent(who, used, window.reset_s)
        require_rate(request, window.before(n_later), limit, "This person")
        self._let_in(request, tenant)
        if person.role is None:
            raise ApiError(ErrorCode.PERMISSION_DENIED, "The token's role may do nothing here.")
        return Caller(
            tenant,
            role=person.role,
            subject=person.subject,
            until=person.until,
            address=address_of(request),
        )

    def _let_in(self, request: web.Request, tenant: TenantRecord) -> None:
        if tenant.suspended_at is not None:
            raise suspended()
        request.app[AT_HAND].take(request, tenant.id)
        ask_for(tenant.id)

    async def _use_key(self, plaintext: str, n: int) -> UsedKey:
        async with self._database.connection() as connection:
            return await KeyRepository(connection).use(plaintext, n)

    async def _use_tenant(
        self, who: tuple[TenantId, str], n: int
    ) -> tuple[TenantRecord, RequestWindow]:
        async with self._database.connection() as connection:
            return await TenantRepository(connection).use(*who, n)

    def _requests_per_minute(self, tenant: TenantRecord) -> int:
        return self._catalog.plans[tenant.plan].requests_per_minute


AUTHENTICATOR: Final = web.AppKey("authenticator", Authenticator)
