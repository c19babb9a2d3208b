"""Chat completions of every upstream, through the OpenAI client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import openai as sdk
import pytest

from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from tests.eventually import eventually
from tests.integration.sandbox_clients import DEADLINE_S, openai

QUICK: dict[str, Any] = {"first_token_ms": 0, "tokens_per_s": 10_000}
REPLY = "It opens at nine."
HELLO: list[Any] = [{"role": "user", "content": "When do you open?"}]
SARVAM = ("/v1", "sarvam-105b")
ROUTER = ("/upstreams/openrouter/v1", "moonshotai/kimi-k2.5")


@asynccontextmanager
async def scripted(**chat: Any) -> AsyncIterator[Sandbox]:
    async with serve(parse_script({"chat": {**QUICK, "replies": [REPLY], **chat}})) as sandbox:
        yield sandbox


async def stream(
    sandbox: Sandbox, host: tuple[str, str] = SARVAM, **extra: Any
) -> AsyncIterator[Any]:
    """The chunks of a streamed answer."""
    path, model = host
    async with openai(sandbox, path) as client, asyncio.timeout(DEADLINE_S):
        chunks = await client.chat.completions.create(
            model=model, messages=HELLO, stream=True, **extra
        )
        async for chunk in chunks:
            yield chunk


async def collect(chunks: AsyncIterator[Any], heard: list[str]) -> None:
    """Add each token as it comes, so that those before an error are kept."""
    async for chunk in chunks:
        heard += [choice.delta.content or "" for choice in chunk.choices]


async def text_of(chunks: AsyncIterator[Any]) -> str:
    heard: list[str] = []
    await collect(chunks, heard)
    return "".join(heard)


@pytest.mark.parametrize(
    "host",
    [
        SARVAM,
        ("/v2", "gemma4"),
        ROUTER,
        (
            "/upstreams/clarifai/v1",
            "https://clarifai.com/moonshotai/chat-completion/models/Kimi-K2_5",
        ),
        ("/upstreams/moonshot/v1", "kimi-k2.6"),
        ("/upstreams/local/v1", "anything"),
        ("/upstreams/sarvam/v2", "sarvam-105b"),
    ],
)
async def test_every_upstream_streams_the_reply(host: tuple[str, str]) -> None:
    async with scripted() as sandbox:
        assert await text_of(stream(sandbox, host)) == REPLY


async def test_a_stream_ends_with_its_reason_and_then_the_usage() -> None:
    async with scripted() as sandbox:
        options = {"include_usage": True}
        chunks = [chunk async for chunk in stream(sandbox, stream_options=options)]

    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == []
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (4, 4)


async def test_openrouter_always_sends_usage_and_its_own_fields() -> None:
    async with scripted() as sandbox:
        chunks = [chunk async for chunk in stream(sandbox, ROUTER)]

    assert chunks[-1].usage.cost == 0.0
    assert chunks[0].id.startswith("gen-")
    assert chunks[0].provider == "sandbox"


async def test_a_whole_answer_stops_at_max_tokens() -> None:
    async with scripted() as sandbox, openai(sandbox) as client:
        answer = await client.chat.completions.create(
            model="sarvam-105b", messages=HELLO, max_tokens=2
        )

    assert answer.choices[0].message.content == "It opens"
    assert answer.choices[0].finish_reason == "length"


async def test_replies_take_turns_rules_win_and_echo_returns_the_question() -> None:
    rules = [{"match": "never", "reply": "no"}]
    async with scripted(replies=["one", "two"], rules=rules) as sandbox:
        assert [await text_of(stream(sandbox)) for _ in range(3)] == ["one", "two", "one"]
    async with scripted(rules=[{"match": "do you OPEN", "reply": "at nine"}]) as sandbox:
        assert await text_of(stream(sandbox)) == "at nine"
    async with scripted(echo=True) as sandbox:
        assert await text_of(stream(sandbox)) == "When do you open?"


async def test_a_fault_strikes_its_upstream_alone_and_as_often_as_told() -> None:
    fault = {"upstream": "openrouter", "status": 429, "retry_after_s": 7, "times": 1}
    async with scripted(faults=[fault]) as sandbox:
        assert await text_of(stream(sandbox)) == REPLY
        with pytest.raises(sdk.RateLimitError) as busy:
            await text_of(stream(sandbox, ROUTER))
        assert await text_of(stream(sandbox, ROUTER)) == REPLY

    assert busy.value.response.headers["Retry-After"] == "7"
    assert busy.value.body == {"code": 429, "message": "scripted fault"}


async def test_a_fault_can_name_a_model() -> None:
    async with scripted(faults=[{"model": "conversations", "status": 503}]) as sandbox:
        assert await text_of(stream(sandbox)) == REPLY
        with pytest.raises(sdk.InternalServerError):
            await text_of(stream(sandbox, ("/v1", "sarvam-105b-conversations")))


async def test_an_error_in_mid_stream_comes_after_its_tokens() -> None:
    fault = {"kind": "mid_stream", "after_tokens": 2, "message": "upstream broke"}
    heard: list[str] = []
    async with scripted(faults=[fault]) as sandbox:
        with pytest.raises(sdk.APIError, match="upstream broke"):
            await collect(stream(sandbox, ROUTER), heard)

    assert "".join(heard) == "It opens"


async def test_the_mid_stream_error_has_openrouters_form() -> None:
    async with (
        scripted(faults=[{"kind": "mid_stream"}]) as sandbox,
        aiohttp.ClientSession() as http,
    ):
        url = f"{sandbox.http_url}/upstreams/openrouter/v1/chat/completions"
        body = {"model": ROUTER[1], "messages": HELLO, "stream": True}
        headers = {"Authorization": "Bearer k"}
        async with http.post(url, json=body, headers=headers) as response:
            lines = (await response.text()).split("\n\n")

    assert response.status == 200
    assert '"error": {"code": "server_error", "message": "scripted fault"}' in lines[0]
    assert '"finish_reason": "error"' in lines[0]
    assert "[DONE]" not in "".join(lines)


async def test_a_dropped_stream_ends_in_a_connection_error() -> None:
    fault = {"kind": "drop", "after_tokens": 1}
    async with scripted(faults=[fault]) as sandbox:
        with pytest.raises(sdk.APIConnectionError):
            await text_of(stream(sandbox))


async def test_an_error_dressed_as_the_end_tells_its_cause_to_who_looks_for_it() -> None:
    fault = {"kind": "dressed", "after_tokens": 2}
    async with scripted(faults=[fault]) as sandbox:
        chunks = [chunk async for chunk in stream(sandbox, ROUTER)]

    last = chunks[-1].choices[0]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "It opens"
    assert (last.finish_reason, last.native_finish_reason) == ("stop", "network_error")
    assert all(chunk.usage is None for chunk in chunks)


@pytest.mark.parametrize("kind", ["empty", "blank", "reasoning"])
@pytest.mark.parametrize("host", [SARVAM, ROUTER])
async def test_an_answer_without_words_ends_like_any_other(
    kind: str, host: tuple[str, str]
) -> None:
    async with scripted(faults=[{"kind": kind}]) as sandbox:
        options = {"include_usage": True}
        chunks = [chunk async for chunk in stream(sandbox, host, stream_options=options)]

    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    thought = [
        getattr(delta, "reasoning", None) or getattr(delta, "reasoning_content", None) or ""
        for delta in deltas
    ]
    assert deltas[0].role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert "".join(delta.content or "" for delta in deltas).strip() == ""
    assert "".join(thought) == (REPLY if kind == "reasoning" else "")
    assert chunks[-1].usage.completion_tokens == (0 if kind == "empty" else 4)


async def test_a_late_token_comes_after_its_delay_and_the_rest_follows() -> None:
    fault = {"kind": "late", "after_tokens": 1, "delay_ms": 200}
    async with scripted(faults=[fault]) as sandbox:
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        times = [loop.time() async for chunk in stream(sandbox) if chunk.choices[0].delta.content]

    assert len(times) == 4
    assert times[1] - asked_at >= 0.2


async def test_a_fault_can_strike_some_of_the_requests() -> None:
    async with scripted(faults=[{"kind": "empty", "percent": 25}]) as sandbox:
        answers = [await text_of(stream(sandbox)) for _ in range(8)]

    assert [index for index, answer in enumerate(answers) if answer == ""] == [3, 7]


async def test_what_is_scripted_may_change_while_it_serves() -> None:
    fault = {"kind": "status", "status": 400, "times": 1}
    async with scripted() as sandbox:
        assert await text_of(stream(sandbox)) == REPLY
        sandbox.follow(parse_script({"chat": {**QUICK, "replies": ["No."], "faults": [fault]}}))
        with pytest.raises(sdk.BadRequestError):
            await text_of(stream(sandbox))
        assert await text_of(stream(sandbox)) == "No."


async def test_comment_lines_fill_the_wait_and_are_skipped() -> None:
    chat = {"first_token_ms": 60, "comment_interval_ms": 10}
    async with scripted(**chat) as sandbox:
        assert await text_of(stream(sandbox, ROUTER)) == REPLY


async def test_a_hanging_upstream_says_nothing_until_the_client_leaves() -> None:
    async with scripted(faults=[{"kind": "hang"}]) as sandbox:
        with pytest.raises(sdk.APITimeoutError):
            await text_of(stream(sandbox, timeout=0.1))
        (received,) = sandbox.requests.to("/v1/chat/completions")

        async def is_over() -> bool:
            return not received.is_open

        await eventually(is_over, what="the end of the hanging request")

    assert received.was_dropped
    assert received.body["messages"] == HELLO


async def test_models_are_listed() -> None:
    async with scripted() as sandbox, openai(sandbox) as client:
        models = [model.id async for model in client.models.list()]

    assert models == ["sarvam-105b", "sarvam-105b-conversations"]


@pytest.mark.parametrize(("path", "status"), [("/v1", 403), ("/upstreams/moonshot/v1", 401)])
async def test_a_refused_key_has_the_upstreams_own_status(path: str, status: int) -> None:
    script = parse_script({"refused_keys": ["bad"]})
    async with serve(script) as sandbox, openai(sandbox, path, key="bad") as client:
        with pytest.raises(sdk.APIStatusError) as refused:
            await client.models.list()

    assert refused.value.status_code == status


async def test_v2_refuses_an_unknown_field_and_v1_lets_it_pass() -> None:
    async with scripted() as sandbox:
        assert await text_of(stream(sandbox, extra_body={"store": True})) == REPLY
        with pytest.raises(sdk.BadRequestError) as refused:
            await text_of(stream(sandbox, ("/v2", "gemma4"), extra_body={"store": True}))

    assert refused.value.body is not None
    assert "Unknown field: store" in str(refused.value)


async def test_an_unknown_upstream_and_route_are_not_found() -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        for path in ("/upstreams/nobody/v1/models", "/v3/models"):
            async with http.get(sandbox.http_url + path) as response:
                assert response.status == 404
                assert (await response.json())["error"]["code"] == "not_found_error"


WEATHER: Any = {
    "type": "function",
    "function": {"name": "find_weather", "parameters": {"type": "object"}},
}
CALLING: dict[str, Any] = {
    "match": "open",
    "before": "Let me see.",
    "reply": "It says {result}.",
    "tool_calls": [{"name": "find_weather", "arguments": '{"city": "Pune"}'}],
}


async def test_a_call_comes_in_pieces_after_its_words() -> None:
    async with scripted(rules=[CALLING]) as sandbox:
        chunks = [chunk async for chunk in stream(sandbox, tools=[WEATHER])]

    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    pieces = [call for delta in deltas for call in delta.tool_calls or ()]
    assert "".join(delta.content or "" for delta in deltas) == "Let me see."
    assert (pieces[0].index, pieces[0].function.name) == (0, "find_weather")
    assert len(pieces) > 2
    assert all(piece.id is None for piece in pieces[1:])
    assert "".join(piece.function.arguments for piece in pieces) == '{"city": "Pune"}'
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


async def test_the_reply_comes_once_the_call_has_its_result() -> None:
    async with scripted(rules=[CALLING]) as sandbox, openai(sandbox) as client:
        asked = {"model": "sarvam-105b", "tools": [WEATHER]}
        first = await client.chat.completions.create(messages=HELLO, **asked)  # type: ignore[call-overload]
        message = first.choices[0].message
        result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "rain"}
        history = [*HELLO, message.model_dump(exclude_none=True), result]
        second = await client.chat.completions.create(messages=history, **asked)  # type: ignore[call-overload]

    assert first.choices[0].finish_reason == "tool_calls"
    assert second.choices[0].message.content == "It says rain."


async def test_no_call_is_made_where_no_tool_is_offered_or_none_may_be_called() -> None:
    async with scripted(rules=[CALLING]) as sandbox:
        assert await text_of(stream(sandbox)) == "It says ."
        forbidden = stream(sandbox, tools=[WEATHER], tool_choice="none")
        assert await text_of(forbidden) == "It says ."


async def test_moonshots_calls_are_named_after_their_function() -> None:
    async with scripted(rules=[CALLING]) as sandbox:
        host = ("/upstreams/moonshot/v1", "kimi-k2.6")
        chunks = [chunk async for chunk in stream(sandbox, host, tools=[WEATHER])]

    ids = [c.id for k in chunks for choice in k.choices for c in choice.delta.tool_calls or ()]
    assert ids[0] == "functions.find_weather:0"
