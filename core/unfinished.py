"""How a model is asked whether the caller has broken off, and the sign by which it says so.

The agent waits by it (`pipeline.verdict`); `vaarta doctor --talk` tries how well a model tells.
"""

import re
from typing import Final

SIGN: Final = "…"
INSTRUCTION: Final = (
    "You may be asked before the caller has finished. Where their last words clearly break off in "
    f"mid-thought, as “I want to” or “my number is” do, answer {SIGN} and nothing else, no word. "
    "Where they could be all that the caller wants to say, answer as ever, without that sign."
)
"""At the end of the system prompt: the same in all of a session's requests, so that what a host
keeps of the last one serves the next."""
_DRESS: Final = r"\s*_`\"'“”‘’()\[\]"
_SIGN: Final = re.compile(rf"[{_DRESS}]*(?:…|\.[{_DRESS}]*\.)[{_DRESS}.…]*")
_MAY_BECOME_SIGN: Final = re.compile(rf"[{_DRESS}]*\.?[{_DRESS}]*")
_MARKS: Final = re.compile(rf"[{_DRESS}.…]*")


def opens_with_sign(answer: str) -> bool:
    """However it is written: as three dots, in quotes, with words behind it."""
    return _SIGN.match(answer) is not None


def may_become_sign(beginning: str) -> bool:
    """Whether what follows may make it one."""
    return _MAY_BECOME_SIGN.fullmatch(beginning) is not None


def has_words(answer: str) -> bool:
    """Whether it is more than marks."""
    return _MARKS.fullmatch(answer) is None
