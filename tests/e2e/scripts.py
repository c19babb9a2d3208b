"""How the stand-ins behave in these tests: what is heard, answered and said, and what fails."""

from dataclasses import replace
from typing import Final

from sandbox.script import (
    ChatFault,
    ChatScript,
    ReplyRule,
    Script,
    ScriptedCall,
    SttScript,
    TtsFault,
    TtsScript,
)
from tests.e2e.speech import BOOK_TABLE, OPENING_HOURS, heard

GREETING: Final = "Hello, how can I help you?"
STORY: Final = (
    "Once there was an old ferryman who knew every stone of the river. "
    "Each morning before sunrise he counted the reeds along the northern bank, "
    "and each evening he told the children on the jetty what the water had whispered to him."
)
HOURS: Final = "We are open from nine to six, on Sunday as well."
TABLE: Final = "Gladly, a table for two is yours at eight."
YES: Final = "Yes."
FAREWELL: Final = "Thank you for asking, goodbye!"

TALK: Final = Script(
    stt=SttScript(utterances=(heard(OPENING_HOURS), heard(BOOK_TABLE))),
    chat=ChatScript(
        first_token_ms=60,
        replies=(YES,),
        rules=(
            ReplyRule("opening hours", HOURS),
            ReplyRule("book a table", TABLE),
            ReplyRule("a story", STORY),
        ),
    ),
    tts=TtsScript(first_byte_ms=60, ms_per_char=30),
)
"""Two questions are heard in turn, and answered."""
LEAVE: Final = ReplyRule("goodbye", "", FAREWELL, (ScriptedCall("end_call"),))
"""The agent hangs up when it is told goodbye."""


def hearing(stt: SttScript) -> Script:
    """The same, but for recognition."""
    return replace(TALK, stt=stt)


def thinking(*faults: ChatFault) -> Script:
    """The same with failing language models."""
    return replace(TALK, chat=replace(TALK.chat, faults=faults))


def speaking(*faults: TtsFault, refused: tuple[str, ...] = ()) -> Script:
    """The same with a failing voice, or one that is refused."""
    return replace(TALK, tts=replace(TALK.tts, faults=faults, refused_speakers=refused))
