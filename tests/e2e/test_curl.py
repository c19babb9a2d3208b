"""The five calls of the API's guide, made with curl."""

import asyncio
import json
import shutil
from dataclasses import dataclass

import pytest

from tests.e2e.account import Account, Json

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

TIMEOUT_S = 60.0
BODY = """{
    "system_prompt": "You are a helpful assistant.",
    "voice": "shubh",
    "language": "en-IN",
    "llm_model": "kimi-k2.5",
    "tts_provider": "sarvam",
    "max_duration_seconds": 300,
    "webhook_url": "https://your-app.com/webhooks/voice"
  }"""


@dataclass(frozen=True)
class Printed:
    """What curl wrote: the response's status and body."""

    status: int
    body: str

    @property
    def json(self) -> Json:
        """The body."""
        value: Json = json.loads(self.body)
        return value


async def curl(*arguments: str) -> Printed:
    """Run it; raises `AssertionError` when it cannot reach the API."""
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--show-error", "--write-out", "\\n%{http_code}", *arguments),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(TIMEOUT_S):
        output, _ = await process.communicate()
    assert process.returncode == 0
    body, _, status = output.decode().rpartition("\n")
    return Printed(int(status), body)


async def test_the_guides_calls_create_list_read_and_delete_a_session(account: Account) -> None:
    sessions = f"{account.url}/v1/voice/sessions"
    key = ("-H", f"Authorization: Bearer {account.key}")
    is_json = ("-H", "Content-Type: application/json")

    created = await curl("-X", "POST", sessions, *key, *is_json, "-d", BODY)
    at = f"{sessions}/{created.json['id']}"
    got = await curl(at, *key)
    transcript = await curl(f"{at}/transcript?format=json", *key)
    deleted = await curl("-X", "DELETE", at, *key)
    listed = await curl(f"{sessions}?status=completed&limit=50&offset=0", *key)

    assert created.status == 201
    assert created.json["status"] == "created"
    assert {**json.loads(BODY), "webhook_url": None}.items() <= {
        **created.json["config"],
        "webhook_url": None,
    }.items()
    assert created.json["ws_url"].startswith("ws")
    assert created.json["token"].count(".") == 2
    assert (got.status, transcript.status, transcript.body) == (200, 200, "[]")
    assert got.json == {k: v for k, v in created.json.items() if k not in ("ws_url", "token")}
    assert (deleted.status, deleted.body) == (204, "")
    assert listed.status == 200
    (only,) = json.loads(listed.body)
    assert only["end_reason"] == "api_delete"
    assert {**only, "end_reason": None, "ended_at": None, "status": "created"} == got.json
