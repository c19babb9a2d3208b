"""What a caller types while their session changes hands is taken by one of the two."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest_asyncio

from agent.room.caller_sound import TYPED_BEFORE_S, CallerSound
from agent.room.early_sound import EarlySound
from core.supervision import Tasks
from pipeline.conversation import Conversation


class FakeConversation:
    """Takes what it is told."""

    def __init__(self) -> None:
        self.typed: list[str] = []

    def hear_text(self, text: str) -> None:
        self.typed.append(text)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest_asyncio.fixture
async def tasks() -> AsyncIterator[Tasks]:
    async with Tasks.owned(lambda *_: None) as tasks:
        yield tasks


def following(conversation: FakeConversation, tasks: Tasks, *, is_heard: bool) -> CallerSound:
    early = cast(EarlySound, None)  # only a track has some
    return CallerSound(tasks, cast(Conversation, conversation), early, is_heard=is_heard)


async def test_what_is_typed_is_taken_at_once(tasks: Tasks) -> None:
    conversation = FakeConversation()
    following(conversation, tasks, is_heard=True).read("Hello?")
    assert conversation.typed == ["Hello?"]


async def test_what_is_typed_before_the_successor_may_answer_is_taken_then(tasks: Tasks) -> None:
    conversation = FakeConversation()
    sound = following(conversation, tasks, is_heard=False)
    held_at = now()
    await asyncio.sleep(2.0)
    for text in ("Hello?", "Are you there?"):
        sound.read(text)
    assert conversation.typed == []

    sound.hear_kept(0.0, held_at=held_at)
    sound.read("Good.")

    assert conversation.typed == ["Hello?", "Are you there?", "Good."]


async def test_what_the_predecessor_has_taken_is_not_taken_again(tasks: Tasks) -> None:
    conversation = FakeConversation()
    sound = following(conversation, tasks, is_heard=False)
    sound.read("Tell me a story.")
    await asyncio.sleep(2 * TYPED_BEFORE_S)
    sound.read("Another one.")
    await asyncio.sleep(TYPED_BEFORE_S / 2)

    sound.hear_kept(0.0, held_at=now())

    assert conversation.typed == ["Another one."]
