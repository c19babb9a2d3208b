"""The snippets that docs/webhooks.md shows, run against what the sender really sent."""

import asyncio
import base64
import json
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

import pytest
from multidict import CIMultiDict

from cli.toolchain import NODE, find
from store.pool import Database
from tests.conftest import missing
from tests.eventually import eventually
from tests.integration.receiver import Received, running_receiver
from tests.integration.webhook_rows import Shop, running_sender
from tests.servers import ROOT, MissingServer

_BLOCK: Final = re.compile(r"```(python|javascript)\n(.*?)```", re.DOTALL)
_NODE_S: Final = 30
BODY_JS: Final = """
import fs from "node:fs";
const {headers, body, secret} = JSON.parse(fs.readFileSync(0));
const req = {headers}, rawBody = Buffer.from(body, "base64"), webhookSecret = secret;
let answered = 200;
const res = {status: (code) => { answered = code; return {send: () => {}}; }};
function handle() {
SNIPPET
}
handle();
console.log(answered === 200 ? "genuine" : "forged");
"""
STANDARD_JS: Final = """
import fs from "node:fs";
const {headers, body, secret} = JSON.parse(fs.readFileSync(0));
SNIPPET
try {
  verify(Buffer.from(body, "base64"), headers, secret);
  console.log("genuine");
} catch (error) {
  console.log("forged");
}
"""


@dataclass(frozen=True)
class Delivered:
    """A delivery as a receiver got it, and the secret that it is said to be signed with."""

    headers: dict[str, str]
    body: bytes
    secret: str


def snippets(language: str) -> list[str]:
    text = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
    return [code for found, code in _BLOCK.findall(text) if found == language]


@pytest.fixture
async def delivered(database: Database) -> Delivered:
    shop = await Shop.opened(database)
    async with running_receiver() as receiver, running_sender(database):
        await shop.session(receiver.url, {"note": "नमस्ते, \U0001f44b"})
        await eventually(shop.is_told)
    (one,) = receiver.received
    return Delivered(lower(one), one.body, await shop.default_secret())


@pytest.fixture
def forged(delivered: Delivered) -> list[Delivered]:
    """The same with another body, and under another secret."""
    other = delivered.secret[:-2] + ("A=" if delivered.secret[-2] != "A" else "E=")
    body = delivered.body.replace(b"created", b"creaded")
    assert body != delivered.body
    return [
        Delivered(delivered.headers, body, delivered.secret),
        Delivered(delivered.headers, delivered.body, other),
    ]


def lower(one: Received) -> dict[str, str]:
    return {name.lower(): value for name, value in one.headers.items()}


async def run_body_python(given: Delivered) -> str:
    """The first Python snippet, as the body of a handler."""

    async def body() -> bytes:
        return given.body

    request = SimpleNamespace(headers=CIMultiDict(given.headers), body=body)
    lines = "\n    ".join(snippets("python")[0].splitlines())
    scope: dict[str, Any] = {}
    exec(f"async def handle(request, webhook_secret):\n    {lines}\n", scope)
    try:
        await scope["handle"](request, given.secret)
    except AssertionError:
        return "forged"
    return "genuine"


async def run_standard_python(given: Delivered) -> str:
    scope: dict[str, Any] = {}
    exec(snippets("python")[1], scope)
    try:
        scope["verify"](given.body, given.headers, given.secret)
    except ValueError:
        return "forged"
    return "genuine"


async def run_node(template: str, snippet: str, given: Delivered) -> str:
    imported = re.findall(r"^import .*;$", snippet, re.MULTILINE)
    rest = snippet
    for line in imported:
        rest = rest.replace(line, "")
    script = "\n".join(imported) + template.replace("SNIPPET", rest.replace("export ", ""))
    body = base64.b64encode(given.body).decode()
    message = {"headers": given.headers, "body": body, "secret": given.secret}
    folder = find(NODE, ROOT / ".data/tools")
    if folder is None:
        missing(MissingServer("node: put it on PATH"))
        return ""
    process = await asyncio.create_subprocess_exec(
        *(str(folder / "node"), "--input-type=module", "-e", script),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(_NODE_S):
        written, _ = await process.communicate(json.dumps(message).encode())
    assert process.returncode == 0
    return written.decode().strip()


async def test_the_python_snippet_of_the_bodys_signature_verifies(
    delivered: Delivered, forged: list[Delivered]
) -> None:
    assert await run_body_python(delivered) == "genuine"
    assert [await run_body_python(one) for one in forged] == ["forged"] * 2


async def test_the_javascript_snippet_of_the_bodys_signature_verifies(
    delivered: Delivered, forged: list[Delivered]
) -> None:
    snippet = snippets("javascript")[0]

    assert await run_node(BODY_JS, snippet, delivered) == "genuine"
    assert [await run_node(BODY_JS, snippet, one) for one in forged] == ["forged"] * 2


async def test_the_python_snippet_of_standard_webhooks_verifies(
    delivered: Delivered, forged: list[Delivered]
) -> None:
    assert await run_standard_python(delivered) == "genuine"
    late = {**delivered.headers, "webhook-timestamp": "1776600000"}
    replayed = Delivered(late, delivered.body, delivered.secret)
    assert [await run_standard_python(one) for one in (*forged, replayed)] == ["forged"] * 3


async def test_the_javascript_snippet_of_standard_webhooks_verifies(
    delivered: Delivered, forged: list[Delivered]
) -> None:
    snippet = snippets("javascript")[1]

    assert await run_node(STANDARD_JS, snippet, delivered) == "genuine"
    assert [await run_node(STANDARD_JS, snippet, one) for one in forged] == ["forged"] * 2
