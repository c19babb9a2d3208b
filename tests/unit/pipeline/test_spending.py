"""What a reply asked for, told apart by whether anybody heard it."""

import asyncio

import pytest

from core.errors import ProviderClosed
from pipeline.metering import Meter, MeteredVoice
from pipeline.ports import Message
from pipeline.providers.chat_stream import Tokens
from pipeline.providers.token_count import TokenCount, TokenScale
from pipeline.race import Patience
from pipeline.spending import Account, Discards, Spent, account_at_hand
from tests.unit.pipeline.fake_upstream import (
    HANGS,
    QUESTION,
    FakeUpstream,
    Routed,
    answer,
)
from tests.unit.pipeline.fake_voice import FakeVoice

READ = len(QUESTION[0].text) // 4
HELLO = "We open at nine."
RACE = Patience(4.0, 5.0, 0.8, races=True)


async def heard(routed: Routed, *, is_spoken: bool = True) -> Account:
    account = Account()
    with account.at_hand():
        await routed.items(lambda: not is_spoken)
    return account


async def test_the_answer_that_is_given_is_used() -> None:
    account = await heard(Routed(FakeUpstream("first", answer(HELLO))))
    assert (account.used, account.void) == (Spent(READ, 4), Spent())


async def test_who_lost_the_race_was_asked_in_vain() -> None:
    slow, quick = FakeUpstream("slow", HANGS), FakeUpstream("quick", answer(HELLO))
    account = await heard(Routed(slow, quick, patience=RACE))
    assert (account.used, account.void) == (Spent(READ, 4), Spent(READ))


async def test_an_answer_that_breaks_unspoken_was_in_vain() -> None:
    breaking = [*answer("We open"), (0.1, ProviderClosed("first", "broke"))]
    routed = Routed(FakeUpstream("first", breaking), FakeUpstream("second", answer(HELLO)))
    account = await heard(routed, is_spoken=False)
    assert (account.used, account.void) == (Spent(READ, 4), Spent(READ, 2))


async def test_a_reply_that_is_thrown_away_is_void_with_all_its_requests() -> None:
    slow, quick = FakeUpstream("slow", HANGS), FakeUpstream("quick", answer(HELLO))
    account, discards = await heard(Routed(slow, quick, patience=RACE)), Discards()
    discards.add(account)
    assert (account.used, discards.spent) == (Spent(), Spent(2 * READ, 4))


async def test_what_a_host_tells_takes_the_place_of_an_estimate() -> None:
    account, count = Account(), TokenCount([Message("user", "When do you open?")])
    account.ask(count.spent)
    assert account.used == Spent(), "nothing was sent yet"
    count.is_under_way = True
    count.add("At")
    assert account.used == Spent(4, 1)
    count.told = Tokens(11, 3)
    assert account.used == Spent(11, 3)


def test_a_request_is_counted_as_it_was_asked() -> None:
    question = [Message("user", "When do you open?")]
    count = TokenCount(question, is_under_way=True)
    before = count.spent()
    question.append(Message("tool", "A result that is told to the next request alone."))

    assert count.spent() == before


def test_what_is_estimated_follows_what_the_host_told_before() -> None:
    scale, question = TokenScale(), [Message("user", "आप कब खुलते हैं?")]
    n_bytes = len(question[0].text.encode())
    whole = TokenCount(question, scale, told=Tokens(n_bytes // 2, 3))
    whole.add_to(Meter())
    cut = TokenCount(question, scale, is_under_way=True)
    assert cut.spent() == Spent(n_bytes // 2)


@pytest.mark.parametrize("read", [0, 1, 10_000])
def test_a_host_that_counts_beyond_all_reason_teaches_nothing(read: int) -> None:
    scale = TokenScale()
    scale.learn(400, read)
    assert scale == TokenScale()


async def test_replies_that_are_made_at_once_keep_their_own_accounts() -> None:
    first, second = Account(), Account()

    async def speak(account: Account, text: str) -> None:
        with account.at_hand():
            async with MeteredVoice(FakeVoice(), Meter()).speak() as speech:
                await asyncio.create_task(speech.say(text))

    await asyncio.gather(speak(first, "Nine. "), speak(second, "At nine o'clock."))
    assert (first.used.characters, second.used.characters) == (5, 16)
    assert account_at_hand().used == Spent()
