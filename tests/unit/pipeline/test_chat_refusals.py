"""What hosts' refusals come to, as they word them."""

import pytest

from core.catalog import QUIRKS, Quirk
from pipeline.providers.chat_refusals import Wanted, wanted

EXTRAS = {"reasoning_effort": "none", "chat_template_kwargs": {}}
NEVER: list[tuple[int, str, Quirk]] = [
    (400, "registry.ollama.ai/library/gemma3:4b does not support tools", "no_tools"),
    (
        400,
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "no_tools",
    ),
    (404, "No endpoints found that support tool use. To learn more about …", "no_tools"),
    (500, "tools param requires --jinja flag", "no_tools"),
    (400, "Tool calling is not supported for this model", "no_tools"),
    (422, "Extra inputs are not permitted: tools", "no_tools"),
    (
        400,
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "alternates",
    ),
    (500, "Jinja Exception: Conversation roles must alternate user/assistant", "alternates"),
    (400, "After the optional system message, conversation roles must alternate", "alternates"),
    (400, "System role not supported", "no_system"),
    (400, "This model does not support system messages.", "no_system"),
    (400, "Reasoning is mandatory for this endpoint and cannot be disabled.", "no_extras"),
    (400, "Unknown field: chat_template_kwargs", "no_extras"),
    (422, "[{'type': 'extra_forbidden', 'loc': ['body', 'reasoning_effort']}]", "no_extras"),
]


@pytest.mark.parametrize(("status", "message", "quirk"), NEVER)
def test_what_a_host_never_takes_is_remembered(status: int, message: str, quirk: Quirk) -> None:
    expected = Wanted(frozenset({quirk}), is_lasting=True)
    assert wanted(status, {"message": message}, EXTRAS) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Invalid schema for function 'book': tools[0].function.parameters is not an object",
        "tools.0.function.name: must match the pattern",
        "messages.3.tool_call_id is unknown",
    ],
)
def test_one_bad_tool_costs_nobody_else_theirs(message: str) -> None:
    assert wanted(400, message, EXTRAS) == Wanted(frozenset({"no_tools"}), is_lasting=False)


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_that_does_not_say_why_is_met_with_the_plainest_request(status: int) -> None:
    found = wanted(status, "Bad Request", EXTRAS)
    assert found == Wanted(frozenset(QUIRKS) - {"opens_in_thought"}, is_lasting=False)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "tools are not supported with this key"),
        (404, "model not found"),
        (429, "too many requests for tools"),
        (500, "internal error"),
        (503, "no tools available"),
        (400, "This model's maximum context length is 4096 tokens"),
    ],
)
def test_other_failures_ask_for_nothing(status: int, message: str) -> None:
    assert wanted(status, message, EXTRAS) == Wanted()
