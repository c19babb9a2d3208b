"""The environment of a command: what was given, then `.env`, then the running `vaarta dev`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from cli.dev.state import DEFAULT_DATA_DIR, load_dev_state


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """The option that says whose `dev.json` counts."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=DEFAULT_DATA_DIR,
        metavar="DIR",
        help="where vaarta dev keeps its state (default: .data)",
    )


def environment(given: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """Every variable for a process of ours. In production only what was given counts.

    Raises `ConfigError` when the development state cannot be read.
    """
    if given.get("APP_ENV") == "production":
        return dict(given)
    dotenv = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    state = load_dev_state(data_dir)
    found: dict[str, str] = {}
    if state is not None:
        found = dict(state.running.env) if state.running else {}
        found.setdefault("DATA_ENCRYPTION_KEY", state.data_encryption_key)
        if not given.get("AUTH_JWKS_URL") and not dotenv.get("AUTH_JWKS_URL"):
            found.setdefault("AUTH_JWT_SECRET", state.jwt_secret)
    return {**found, **dotenv, **given}
