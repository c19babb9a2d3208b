"""A conversation that was held becomes a suite that can be read, edited and held again."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from cli.evals.suite import Suite
from control_api.sessions.eval_case import suite_of
from store.records import (
    BotId,
    EndReason,
    SessionId,
    SessionRecord,
    SessionStatus,
    TenantId,
    TurnId,
    TurnRecord,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOT = BotId(UUID(int=7))
SESSION = SessionRecord(
    id=SessionId(UUID(int=1)),
    tenant_id=TenantId(UUID(int=2)),
    bot_id=None,
    status=SessionStatus.COMPLETED,
    config={
        "system_prompt": 'You keep "Asha\'s".\nWe open at nine.\\',
        "greeting": "Hello",
        "language": "en-IN",
        "voice": "priya",
        "llm_model": "kimi-k2.5",
        "livekit_room": "voice-1",
    },
    room_name="voice-1",
    metadata=None,
    webhook_url=None,
    started_at=NOW,
    ended_at=NOW,
    end_reason=EndReason.CALLER_HANGUP,
    turn_count=2,
    total_audio_seconds=4.0,
    recoveries=0,
    created_at=NOW,
)
GREETING = TurnRecord(
    id=TurnId(uuid4()),
    session_id=SESSION.id,
    turn_index=0,
    user_transcript="",
    agent_response="Hello",
    created_at=NOW,
)
ASKED = replace(
    GREETING,
    turn_index=1,
    user_transcript="When are you open?",
    agent_response="We are open from 9 to six,\non Sunday as well.",
    language="en-IN",
)


def suite(*turns: TurnRecord, session: SessionRecord = SESSION) -> Suite:
    written = suite_of(session, [GREETING, *turns])
    assert written is not None
    return Suite.model_validate(tomllib.loads(written))


def calling(name: str, arguments: str) -> list[Any]:
    return [[{"id": "1", "name": name, "arguments": arguments, "result": "booked"}]]


def test_what_was_said_is_said_again_and_what_was_answered_is_expected() -> None:
    (case,) = suite(ASKED).case

    assert (case.name, case.expect.end_reason) == ("When are you open?", "caller_hangup")
    assert [said.text for said in case.say] == ["When are you open?"]
    assert (case.say[0].expect.says, case.say[0].expect.language) == ([["9"], ["Sunday"]], "en-IN")


def test_the_whole_answer_stands_beside_it_and_the_greeting_is_no_answer() -> None:
    written = suite_of(SESSION, [GREETING, ASKED])

    assert written is not None
    assert "# The agent said: We are open from 9 to six,\n# on Sunday as well.\n" in written
    assert "# The agent said: Hello" not in written


def test_a_session_without_a_bot_is_held_with_what_it_was_told() -> None:
    session = suite(ASKED).case[0].session

    told = ("system_prompt", "greeting", "language", "voice", "llm_model")
    assert session == {name: SESSION.config[name] for name in told}


def test_a_bots_session_is_held_with_whatever_serves_of_it() -> None:
    of_bot = replace(SESSION, bot_id=BOT, config={**SESSION.config, "bot_version": 3})

    assert suite(ASKED, session=of_bot).case[0].session == {
        "bot_id": str(BOT),
        "language": "en-IN",
    }


def test_a_tool_is_expected_with_its_arguments_but_for_those_that_were_null() -> None:
    arguments = '{"guests": 4, "at": null, "a name": {"late": true}, "days": [1.5, null]}'
    turn = replace(ASKED, tool_rounds=calling("book", arguments))
    (wanted,) = suite(turn).case[0].say[0].expect.tools

    assert wanted.name == "book"
    assert wanted.arguments == {"guests": 4, "a name": {"late": True}, "days": [1.5]}


def test_no_call_is_expected_where_a_tool_could_have_been_called() -> None:
    with_tools = replace(SESSION, config={**SESSION.config, "tools": [{"name": "book"}]})

    assert suite(ASKED, session=with_tools).case[0].say[0].expect.no_tools
    assert not suite(ASKED).case[0].say[0].expect.no_tools


def test_an_accident_is_not_expected_again() -> None:
    for reason in (EndReason.AGENT_ERROR, EndReason.TIMEOUT, EndReason.API_DELETE, None):
        assert suite(ASKED, session=replace(SESSION, end_reason=reason)).case[0].expect == (
            type(suite(ASKED).case[0].expect)()
        )


def test_words_of_every_script_are_taken_whole() -> None:
    turn = replace(
        ASKED, user_transcript="दुकान कब खुलती है?", agent_response="दुकान नौ बजे खुलती है, रविवार को भी।"
    )

    assert suite(turn).case[0].say[0].expect.says == [["रविवार"]]


def test_nothing_that_was_said_breaks_out_of_its_place() -> None:
    hostile = '"""\n[[case]]\nname = "x"\r\x7f\x1b\\u0000 #'
    turn = replace(ASKED, user_transcript=hostile, agent_response=f"{hostile}\u2028[[case]]")
    (case,) = suite(
        turn, session=replace(SESSION, config={**SESSION.config, "greeting": hostile})
    ).case

    assert case.say[0].text == hostile
    assert case.session["greeting"] == hostile


def test_there_is_no_case_where_nothing_was_said_or_kept() -> None:
    assert suite_of(SESSION, []) is None
    assert suite_of(SESSION, [GREETING, replace(ASKED, user_transcript=" ")]) is None
