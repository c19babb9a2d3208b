"""The token by which a development server's own page speaks as its tenant's owner."""

from datetime import datetime, timedelta
from typing import Final

import jwt

from core.rights import Role
from core.setting_groups import AuthSettings

LIFE: Final = timedelta(days=1)


def owner_token(settings: AuthSettings, tenant_id: str, now: datetime) -> str | None:
    """A JWT good for `LIFE`; None without a tenant, or where somebody else signs tokens."""
    secret = settings.jwt_secret.get_secret_value()
    if not tenant_id or not secret:
        return None
    claims = {
        "sub": "vaarta-console",
        "tenant_id": tenant_id,
        "role": Role.OWNER.value,
        "iat": now,
        "exp": now + LIFE,
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
    }
    given = {name: value for name, value in claims.items() if value}
    return jwt.encode(given, secret, algorithm="HS256")
