"""The first request to a language model, made before there is one.

The client loads half of itself and builds its message types at the first request, its transport
some more: 0.2 s in which the caller's sound waits, too. Requests that are answered from memory, and
one to nowhere, do that beforehand; they leave no socket, thread or loop behind, so that processes
may be forked afterwards.
"""

import asyncio
from contextlib import suppress
from typing import Final

import httpx2
from openai import AsyncOpenAI

from pipeline.providers.chat_stream import ChatStream

_ANSWER: Final = b"""\
data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",\
"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}

data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",\
"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

data: [DONE]

"""

_NOWHERE: Final = "/dev/null/none"


def run() -> None:
    """Ask, and read the answer to its end. Not to be called inside of an event loop."""
    asyncio.run(_ask())


async def _ask() -> None:
    transport = httpx2.MockTransport(_answer)
    answer = ChatStream()
    async with httpx2.AsyncClient(transport=transport) as http:
        client = AsyncOpenAI(api_key="none", http_client=http)
        chunks = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        async for chunk in chunks:
            answer.read(chunk)
        await client.models.list()
    answer.end()
    async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport(uds=_NOWHERE)) as http:
        with suppress(httpx2.ConnectError):
            await http.get("http://nowhere")


async def _answer(request: httpx2.Request) -> httpx2.Response:
    if request.method == "GET":
        return httpx2.Response(200, json={"object": "list", "data": []})
    return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, content=_ANSWER)
