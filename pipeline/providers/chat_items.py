"""Our messages and tools as livekit-agents' chat context and tools."""

from collections.abc import Sequence
from typing import Any

from livekit.agents.llm import (
    ChatContext,
    ChatItem,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
    function_tool,
)
from livekit.agents.llm import Tool as FunctionTool

from pipeline.ports import Message, Tool


def chat_context(messages: Sequence[Message]) -> ChatContext:
    """The messages, each with its calls, in their order."""
    items: list[ChatItem] = []
    for index, message in enumerate(messages):
        items += _items(message, f"message-{index}")
    return ChatContext(items)


def _items(message: Message, group: str) -> list[ChatItem]:
    """A message and its calls have one group: the plugin makes one message of them again."""
    if message.role == "tool":
        return [FunctionCallOutput(call_id=message.call_id, output=message.text, is_error=False)]
    calls: list[ChatItem] = [
        FunctionCall(call_id=call.id, name=call.name, arguments=call.arguments, group_id=group)
        for call in message.calls
    ]
    if calls and not message.text:
        return calls
    return [ChatMessage(id=group, role=message.role, content=[message.text]), *calls]


def function_tools(tools: Sequence[Tool]) -> list[FunctionTool]:
    """The tools as their JSON Schemas. The plugin only declares them: who runs them is ours."""
    return [
        function_tool(
            _undeclared,
            raw_schema={
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        )
        for tool in tools
    ]


async def _undeclared(raw_arguments: dict[str, Any]) -> None:
    raise AssertionError("the plugin runs no tools")
