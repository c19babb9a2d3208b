"""The whole system: which part waits for which, and what each is told."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace

from cli.dev import backing, processes
from cli.dev.elsewhere import Elsewhere, provider_env
from cli.dev.launch import Launch
from cli.dev.part import StartError
from cli.dev.ports import LOOPBACK
from cli.dev.state import DevState, RunningDev
from cli.dev.tenant import ensure_tenant, owner_jwt
from core.errors import StoreError
from core.settings import Settings
from store.migrate import migrate

# A worker that is told to stop passes its sessions on without making a developer wait. Ctrl-C is an
# interrupt, which waits for nothing.
DRAIN_S = "2"
CAPACITY = "64"
"""Who tries the API out creates sessions to which nobody comes; each holds a place for a while."""


async def start_system(launch: Launch) -> DevState:
    """Start every part that is not elsewhere; returns when a session can be served.

        postgres ─ migrate ─ tenant ─┬─ api ────┐
        livekit ─────────────────────┴─ workers ┼─ ready
        sandbox ────────────────────────────────┘

    Raises `StartError`, `StoreError` or `ConfigError`, one of them inside an exception group.
    """
    sandbox_port = launch.tcp_port("sandbox", "", 8090)
    origin = f"http://{LOOPBACK}:{sandbox_port}"
    providers = provider_env(launch.given, origin)
    async with asyncio.TaskGroup() as group:
        if Elsewhere.read(launch.given).needs_sandbox:
            group.create_task(backing.start_sandbox(launch, sandbox_port))
        core = group.create_task(_start_core(launch, providers))
    return core.result()


async def _start_core(launch: Launch, providers: Mapping[str, str]) -> DevState:
    """Everything but the providers, which are only needed once somebody speaks."""
    async with asyncio.TaskGroup() as group:
        preparing = group.create_task(_start_database(launch))
        livekit = group.create_task(backing.start_livekit(launch))
    database_url, state = preparing.result()
    env = _process_env(launch, state) | {
        **providers,
        **livekit.result().env,
        "DATABASE_URL": database_url,
    }
    async with asyncio.TaskGroup() as group:
        api = group.create_task(processes.start_api(launch, env))
        for number in range(1, launch.options.workers + 1):
            group.create_task(processes.start_worker(launch, env, number))
    return replace(state, running=_running(launch, state, api.result(), env))


async def _start_database(launch: Launch) -> tuple[str, DevState]:
    url = await backing.start_postgres(launch)
    settings = Settings.from_env({**launch.given, "DATABASE_URL": url}, dotenv=None)
    try:
        applied = await migrate(settings.database.session_dsn)
    except StoreError as exc:
        raise StartError(f"DATABASE_URL: the database cannot be used ({exc})") from exc
    if applied:
        launch.log.write("postgres", f"migrated: {', '.join(applied)}")
    return url, await ensure_tenant(settings.database, launch.state)


def _process_env(launch: Launch, state: DevState) -> dict[str, str]:
    """What the API and the worker get beside the addresses; given values stay."""
    given = launch.given
    own = {"DRAIN_S": DRAIN_S, "AGENT_CAPACITY": CAPACITY, "API_DRAIN_S": "0", "API_HOST": LOOPBACK}
    env = {**own, **given}
    if not given.get("AUTH_JWKS_URL") and not given.get("AUTH_JWT_SECRET"):
        env["AUTH_JWT_SECRET"] = state.jwt_secret
    env.setdefault("DATA_ENCRYPTION_KEY", state.data_encryption_key)
    env.setdefault("AGENT_JOURNAL_DIR", str(launch.data_dir / "journal"))
    env.setdefault("AGENT_REPERTOIRE_DIR", str(launch.data_dir / "repertoire"))
    env.setdefault("RECORDING_STORE", str(launch.data_dir / "recordings"))
    return env | {
        "PYTHONUNBUFFERED": "1",
        "CONSOLE_API_KEY": state.api_key or "",
        "CONSOLE_TENANT_ID": state.tenant_id or "",
        "API_PORT": str(launch.tcp_port("api", "API_PORT", 8080)),
        "METRICS_PORT": str(launch.tcp_port("metrics", "METRICS_PORT", 9090)),
        "AGENT_PORT": str(launch.tcp_port("worker", "AGENT_PORT", 8081)),
        "AGENT_METRICS_PORT": str(launch.tcp_port("worker metrics", "AGENT_METRICS_PORT", 9091)),
    }


def _running(launch: Launch, state: DevState, api_url: str, env: Mapping[str, str]) -> RunningDev:
    settings = Settings.from_env(env, dotenv=None)
    secret = settings.auth.jwt_secret.get_secret_value()
    added = {name: value for name, value in env.items() if os.environ.get(name) != value}
    return RunningDev(
        pid=os.getpid(),
        api_url=api_url,
        console_url=f"{api_url}/console",
        livekit_url=settings.livekit.ws_url,
        database_url=settings.database.url.get_secret_value(),
        jwt=owner_jwt(secret, state.tenant_id) if secret and state.tenant_id else None,
        pids=_all_pids(launch.supervisor.pids),
        env=added,
    )


def with_pids(state: DevState, parts: Mapping[str, int]) -> DevState:
    """The state of a running system some of whose parts were started again."""
    assert state.running is not None
    return replace(state, running=replace(state.running, pids=_all_pids(parts)))


def _all_pids(parts: Mapping[str, int]) -> dict[str, int]:
    return {"vaarta": os.getpid(), **parts}
