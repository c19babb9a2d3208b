"""Calls that are over, and an analyst that asks the sandbox about them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from agent.analysis.analyst import Analyst
from core.catalog import Catalog
from core.setting_groups import UPSTREAMS
from core.settings import Settings
from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Api

QUICK: Final = {"first_token_ms": 0, "tokens_per_s": 10_000}
SAID: Final = (
    ("", "Hello, how can I help you?"),
    ("I want to book a table for four on Sunday.", "Your table for four is booked."),
    ("Thank you.", "You are welcome."),
)


@dataclass(frozen=True, slots=True)
class Analysing:
    """An analyst of one process, and the sandbox that answers it."""

    analyst: Analyst
    sandbox: Sandbox

    async def look(self) -> None:
        """Make all that is due, to its end."""
        await self.analyst.look()
        await self.analyst.settled()

    @property
    def asked(self) -> list[list[dict[str, Any]]]:
        """The messages of each request for a report."""
        requests = [one for one in self.sandbox.requests if one.path.endswith("/chat/completions")]
        return [one.body["messages"] for one in requests]


@asynccontextmanager
async def analysing(
    api: Api, api_env: Mapping[str, str], *reports: str, **chat: Any
) -> AsyncIterator[Analysing]:
    """With a sandbox that answers with the reports, or makes its own from what was said."""
    script = parse_script({"chat": {**QUICK, "reports": list(reports), **chat}})
    async with serve(script) as sandbox:
        urls = {
            f"LLM_{name.upper()}_URL": f"{sandbox.http_url}/upstreams/{name}/v1"
            for name in UPSTREAMS
        }
        settings = Settings.from_env({**api_env, **urls}, dotenv=None)
        yield Analysing(Analyst(api.database, settings, Catalog.load()), sandbox)


async def new_bot(api: Api, analysis: Mapping[str, Any], **config: Any) -> str:
    """A bot that wants that."""
    answer = await api.send(
        "POST",
        "/api/v1/bots",
        headers={"Authorization": f"Bearer {api.token()}"},
        json={"name": "Desk", "config": {"analysis": analysis, **config}},
    )
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def ended_call(
    api: Api, bot_id: str | None, said: Sequence[tuple[str, str]] = SAID, **body: Any
) -> str:
    """A session in which that was said, and which is over."""
    created = await api.create(**({} if bot_id is None else {"bot_id": bot_id}), **body)
    session_id = str(created.json["id"])
    for index, (caller, agent) in enumerate(said):
        turn = NewTurn(
            id=TurnId(uuid4()), turn_index=index, user_transcript=caller, agent_response=agent
        )
        async with api.database.connection() as connection:
            await TurnRepository(connection).add_turn(SessionId(UUID(session_id)), turn)
    await api.send("DELETE", f"{SESSIONS}/{session_id}")
    return session_id


async def analysis_of(api: Api, session_id: str) -> dict[str, Any] | None:
    """As the session shows it, None where it does not."""
    session = (await api.get(f"{SESSIONS}/{session_id}")).json
    found: dict[str, Any] | None = session.get("analysis")
    return found
