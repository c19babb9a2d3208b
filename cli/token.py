"""`vaarta token`: a JWT for a person of a tenant, signed with the secret that the API checks."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from cli.dev.state import load_dev_state
from cli.environment import add_data_dir, environment
from core.errors import ConfigError
from core.rights import Role

LIFE_S: Final = 24 * 3600


@dataclass(frozen=True)
class Person:
    """Whom a token is for, and for how long."""

    tenant_id: UUID
    role: str
    life_s: int


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "token",
        help="print a JWT for a tenant",
        description="Signs with AUTH_JWT_SECRET: from the environment, .env, or the secret that"
        " `vaarta dev` keeps in this folder.",
    )
    parser.add_argument("--tenant", type=UUID, help="its id; default: the tenant of `vaarta dev`")
    parser.add_argument("--role", choices=list(Role), default=Role.OWNER, help="default: owner")
    parser.add_argument(
        "--expires-in", type=_seconds, default=LIFE_S, metavar="SECONDS", help="default: a day"
    )
    add_data_dir(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the token alone, for a shell to take."""
    env = environment(os.environ, args.data_dir)
    person = Person(args.tenant or _dev_tenant(args), args.role, args.expires_in)
    print(signed(env, person, datetime.now(UTC)))
    return 0


def signed(env: Mapping[str, str], person: Person, now: datetime) -> str:
    """The JWT that an API with the settings in `env` takes. Raises `ConfigError`."""
    import jwt

    secret = env.get("AUTH_JWT_SECRET")
    if not secret:
        raise ConfigError(
            "no secret to sign with: set AUTH_JWT_SECRET, or run `vaarta dev` in this folder"
        )
    claims = {
        "sub": "vaarta-token",
        "tenant_id": str(person.tenant_id),
        "role": person.role,
        "iat": now,
        "exp": now + timedelta(seconds=person.life_s),
        "jti": str(uuid4()),
        "iss": env.get("AUTH_JWT_ISSUER"),
        "aud": env.get("AUTH_JWT_AUDIENCE"),
    }
    given = {name: value for name, value in claims.items() if value}
    return jwt.encode(given, secret, algorithm="HS256")


def _dev_tenant(args: argparse.Namespace) -> UUID:
    state = load_dev_state(args.data_dir)
    if state is None or state.tenant_id is None:
        raise ConfigError("--tenant: name one, there is no `vaarta dev` in this folder")
    return UUID(state.tenant_id)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 366 * LIFE_S:
        raise argparse.ArgumentTypeError("a whole number of seconds, at most a year")
    return int(text)
