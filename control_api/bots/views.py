"""Bots and what they know as the API shows them: the contract's keys in the contract's order."""

import json
from collections.abc import Mapping
from typing import Any

from control_api.bots.schemas import BotConfig
from control_api.bots.tool_schemas import MASK
from control_api.request.json_values import moment, plain
from store.bots import BotRecord
from store.knowledge import DocumentRecord
from store.tools import ToolRecord


def bot_view(bot: BotRecord) -> dict[str, Any]:
    """A bot; its config holds the fields that were given, in the contract's order."""
    return {
        "id": str(bot.id),
        "name": bot.name,
        "system_prompt": bot.system_prompt,
        "config": _bot_config_view(bot.config),
        "is_active": bot.is_active,
        "created_at": moment(bot.created_at),
        "updated_at": moment(bot.updated_at),
    }


def _bot_config_view(config: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: config[key] for key in BotConfig.model_fields if key in config}
    if "tools" in shown:
        shown["tools"] = [_tool_view(ToolRecord.of(kept)) for kept in shown["tools"]]
    return shown


def _tool_view(tool: ToolRecord) -> dict[str, Any]:
    """A tool; of its headers the names."""
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(tool.parameters),
        "url": tool.url,
        "headers": dict.fromkeys(tool.header_names, MASK),
        "timeout_s": plain(tool.timeout_s),
        "say_while_waiting": tool.wait_line,
    }


def document_view(document: DocumentRecord) -> dict[str, Any]:
    """A document of a bot's knowledge."""
    return {
        "id": str(document.id),
        "name": document.name,
        "content": document.content,
        "created_at": moment(document.created_at),
    }
