"""A caller asks, in speech and in writing, and is answered: room, rows and transcripts agree."""

import pytest

from cli.caller.turn import Turn
from tests.e2e import room
from tests.e2e.account import Account, Json, call
from tests.e2e.scripts import GREETING, HOURS, TABLE
from tests.e2e.speech import BOOK_TABLE, OPENING_HOURS, spoken

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]

STAGES = ("stt_ms", "first_token_ms", "tts_ttfb_ms", "first_audio_ms", "eou_delay_ms", "total_ms")
SAID = [("", GREETING), (OPENING_HOURS.text, HOURS), (BOOK_TABLE.text, TABLE)]


def sides(turns: list[Json]) -> list[tuple[str, str]]:
    """Both sides of each turn."""
    return [(turn["user_transcript"], turn["agent_response"]) for turn in turns]


async def test_two_spoken_questions_are_answered_and_room_rows_and_texts_agree(
    account: Account,
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        talking = await account.get(session["id"])
        await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 1)
        await caller.play(spoken(BOOK_TABLE))
        await room.turn(caller, 2)
        await room.state(caller, "listening")
    ended = await account.ended(session["id"])
    turns = await account.turns(session["id"])

    assert talking["status"] == "active"
    assert talking["started_at"] is not None
    assert (talking["ended_at"], talking["duration_seconds"]) == (None, None)
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
    assert ended["started_at"] == talking["started_at"]
    assert ended["duration_seconds"] > turns[-1]["ended_at_ms"] / 1000
    assert ended["turn_count"] == 3
    spoken_s = (OPENING_HOURS.voiced_ms + BOOK_TABLE.voiced_ms) / 1000
    assert spoken_s < ended["total_audio_seconds"] < ended["duration_seconds"]

    assert sides(turns) == SAID
    assert [turn["turn_index"] for turn in turns] == [0, 1, 2]
    assert not any(turn["interrupted"] for turn in turns)
    assert all(turn[stage] is None or turn[stage] > 0 for turn in turns for stage in STAGES)
    assert all(turn[stage] is not None for turn in turns[1:] for stage in STAGES)
    assert [stage for stage in STAGES if turns[0][stage] is not None] == ["tts_ttfb_ms"]
    times = [at for turn in turns for at in (turn["started_at_ms"], turn["ended_at_ms"])]
    assert times == sorted(times)

    assert room.final_texts(caller, "caller") == [OPENING_HOURS.text, BOOK_TABLE.text]
    assert room.final_texts(caller, "agent") == [GREETING, HOURS, TABLE]
    states = [state for _, state in caller.agent_states]
    answered = ["thinking", "speaking", "listening"]
    assert states[-6:] == answered * 2
    kept = [Turn.model_validate({**turn, "created_at": None}) for turn in turns]
    told = [caller.turns[index].model_copy(update={"created_at": None}) for index in range(3)]
    assert told == kept


async def test_the_transcript_reads_the_same_in_every_format(account: Account) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 1)
    turns = await account.turns_stored(session["id"], 2)
    await account.delete(session["id"])

    lines = [f"Agent: {GREETING}", f"User: {OPENING_HOURS.text}", f"Agent: {HOURS}"]
    assert await account.transcript(session["id"], "txt") == "".join(f"{one}\n" for one in lines)
    cues = (await account.transcript(session["id"], "srt")).strip().split("\n\n")
    assert [cue.split("\n")[2] for cue in cues] == lines
    assert [cue.split("\n")[0] for cue in cues] == ["1", "2", "3"]
    last_end = cues[-1].split("\n")[1].split(" --> ")[1]
    assert last_end == srt_time(turns[-1]["ended_at_ms"])


def srt_time(at_ms: int) -> str:
    """A moment as SubRip writes it."""
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"00:{minutes:02}:{seconds:02},{milliseconds:03}"


async def test_a_written_message_is_answered_aloud(account: Account) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        await caller.say_text("When are your opening hours?")
        await room.turn(caller, 1)
        await account.delete(session["id"])
    turns = await account.turns_stored(session["id"], 2)
    assert sides(turns) == [("", GREETING), ("When are your opening hours?", HOURS)]
    assert (turns[1]["stt_ms"], turns[1]["interrupted"]) == (None, False)
    assert turns[1]["first_audio_ms"] > 0
