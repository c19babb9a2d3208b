"""What the model is told of the conversation so far; of replies only what was heard."""

from typing import Final

from pipeline.ports import Message

MAX_EXCHANGES: Final = 40
"""Exchanges kept. Older ones are dropped first: prompts stay bounded in an hour-long session."""


class History:
    """The system prompt and the latest exchanges."""

    def __init__(self, system_prompt: str) -> None:
        self._system = Message("system", system_prompt)
        self._exchanges: list[tuple[str, str]] = []

    def add(self, caller_text: str, heard_text: str) -> None:
        """Remember an exchange; either side may be empty."""
        self._exchanges.append((caller_text, heard_text))
        del self._exchanges[:-MAX_EXCHANGES]

    def asking(self, caller_text: str) -> list[Message]:
        """The messages that ask for an answer to `caller_text`."""
        messages = [self._system]
        for caller, heard in self._exchanges:
            if caller:
                messages.append(Message("user", caller))
            if heard:
                messages.append(Message("assistant", heard))
        return [*messages, Message("user", caller_text)]
