"""What scripted stand-ins hear, answer and say, how fast, and how they fail: data only.

A script is a TOML file with the tables below; every key has a default. Times are integer
milliseconds of wall clock unless the name says otherwise. ``jitter_ms`` adds a uniform
0…jitter_ms to every latency of its table, from ``seed``.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.chat_habit import ChatHabit
from sandbox.script_reader import Rule, ScriptError, read_table
from sandbox.scripted.punctuation import HABITS

_MS = {"rule": Rule(least=0, most=600_000)}
_POSITIVE = {"rule": Rule(least=0.01, most=100_000)}
_COUNT = {"rule": Rule(least=0, most=1_000_000)}
_STATUS = {"rule": Rule(least=400, most=599)}
_ENDPOINT = {"rule": Rule(choices=("any", "legacy", "realtime"))}


@dataclass(frozen=True)
class SpokenPause:
    """After so many ``words``, and ``speech_ms`` of voice, the speaker pauses; ``whole`` where
    nobody could tell by the words that there is more."""

    words: int = field(metadata={"rule": Rule(least=1)})
    speech_ms: int = field(metadata={"rule": Rule(least=1)})
    whole: bool = False


@dataclass(frozen=True)
class Utterance:
    """What is recognised in the k-th utterance of a connection.

    ``speech_ms`` is the clip's voiced duration as ``sandbox.speech_gate.measure_voiced_ms``
    counts it; with it each word is known once it was spoken, by its letters' share of the voice or
    by ``word_ends_ms``, the voiced time at each word's end. ``pauses``, in order, part it into
    stretches: at a pause just the words before it are out.
    An entry with ``speech_ms`` and no words is a sound, such as a cough: nothing is recognised.
    """

    text: str
    speech_ms: int | None = field(default=None, metadata={"rule": Rule(least=1)})
    language: str | None = None
    pauses: tuple[SpokenPause, ...] = ()
    word_ends_ms: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.word_ends_ms and len(self.word_ends_ms) != len(self.text.split()):
            raise ScriptError(f"word_ends_ms: {self.text!r} has another number of words")


@dataclass(frozen=True)
class SttFault:
    """An error event ``after_ms`` after the handshake; then a close when ``close_code`` is set.

    ``drop`` cuts the connection without a close frame instead; ``mute`` leaves it open and takes
    all that comes, but nothing is answered any more. With ``after_voiced_ms`` the moment is in the
    midst of speech, when so much voice was heard. ``handshake_ms`` is no fault of the connection
    but how long it takes to come about. ``times`` counts connections.
    """

    after_ms: int = field(default=0, metadata=_MS)
    after_voiced_ms: int = field(default=0, metadata=_MS)
    handshake_ms: int = field(default=0, metadata=_MS)
    mute: bool = False
    endpoint: str = field(default="any", metadata=_ENDPOINT)
    code: str = "backend_unavailable"
    message: str = "scripted fault"
    is_fatal: bool = False
    status_code: int | None = field(default=None, metadata=_STATUS)
    close_code: int | None = field(default=None, metadata={"rule": Rule(least=1000, most=4999)})
    drop: bool = False
    times: int | None = field(default=None, metadata=_COUNT)


@dataclass(frozen=True)
class FinalFault:
    """What becomes of the next finals, ``times`` of them: without its words (``empty``), later by
    ``late_ms``, told twice (``double``), or never (``lost``).
    """

    kind: str = field(metadata={"rule": Rule(choices=("empty", "late", "double", "lost"))})
    late_ms: int = field(default=0, metadata=_MS)
    endpoint: str = field(default="any", metadata=_ENDPOINT)
    times: int | None = field(default=None, metadata=_COUNT)


@dataclass(frozen=True)
class SttScript:
    """Recognition. ``latency_ms`` runs from the end of speech (or the flush) to the final.

    ``silence_window_ms`` stands for the providers' own (realtime 500; legacy 1000, or 500 with
    high sensitivity) where the client names none. A partial tells what was spoken until
    ``partial_latency_ms`` before it, at most one each ``partial_interval_ms``, and only where that
    changes it. ``revised_percent`` of the words are misheard at first where they are a partial's
    last: the next one has them right. Finals do; ``punctuation`` says which marks all of them bear
    (see ``scripted.punctuation``).
    ``refuse_realtime_status`` answers the realtime handshake with that HTTP status.
    The end of speech that the provider itself notices is told before its final, or after it with
    ``final_first``: the world has both.
    With ``resumes`` a new connection goes on where the last final left the script, as a recogniser
    does when a lone caller's connection is made anew; else each begins with the first entry.
    ``max_sockets`` at once, both protocols together, and the account's quota is reached: the next
    realtime session is closed with 1003, a legacy one is refused with 429.
    """

    utterances: tuple[Utterance, ...] = ()
    latency_ms: int = field(default=50, metadata=_MS)
    silence_window_ms: int | None = field(default=None, metadata=_MS)
    partials: bool = True
    partial_interval_ms: int = field(default=200, metadata={"rule": Rule(least=20)})
    partial_latency_ms: int = field(default=50, metadata=_MS)
    revised_percent: int = field(default=0, metadata={"rule": Rule(least=0, most=100)})
    punctuation: str = field(default="vendor", metadata={"rule": Rule(choices=HABITS)})
    jitter_ms: int = field(default=0, metadata=_MS)
    refuse_realtime_status: int | None = field(default=None, metadata=_STATUS)
    resumes: bool = False
    final_first: bool = False
    max_sockets: int | None = field(default=None, metadata=_COUNT)
    finals: tuple[FinalFault, ...] = ()
    faults: tuple[SttFault, ...] = ()


@dataclass(frozen=True)
class ScriptedCall:
    """A call of a tool. ``arguments`` is sent as it is, JSON or not."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True)
class ReplyRule:
    """Answers ``reply`` when the regular expression ``match`` is found in the user's text.

    Where the request offers tools, ``tool_calls`` are made first, after the words ``before``; the
    reply comes once they have results. ``{result}`` in it stands for the last of those.
    """

    match: str
    reply: str = ""
    before: str = ""
    tool_calls: tuple[ScriptedCall, ...] = ()

    def __post_init__(self) -> None:
        _check_pattern(self.match, "match")


@dataclass(frozen=True)
class ChatFault:
    """How a matching request fails; the first ``times`` requests only, when that is set, and of
    those that match so many in a hundred as ``percent`` says, evenly spread.

    ``status``: HTTP ``status`` with ``code``, ``message`` and ``Retry-After``.
    ``mid_stream``: an error chunk after ``after_tokens`` tokens. ``hang``: silence from there
    on. ``late``: silence there for ``delay_ms``, then the rest. ``drop``: the connection is cut
    there. ``dressed``: an error there that looks like the answer's end, as OpenRouter passes it
    on: ``stop``, no usage, the cause in ``native_finish_reason`` alone.
    ``empty``, ``blank``, ``reasoning``: a whole answer with no words, nothing but white space,
    nothing but reasoning.
    """

    kind: str = field(
        default="status",
        metadata={
            "rule": Rule(
                choices=(
                    "status",
                    "mid_stream",
                    "hang",
                    "late",
                    "drop",
                    "dressed",
                    "empty",
                    "blank",
                    "reasoning",
                )
            )
        },
    )
    upstream: str = ""
    model: str = ""
    status: int = field(default=503, metadata=_STATUS)
    code: str = ""
    message: str = "scripted fault"
    retry_after_s: int | None = field(default=None, metadata=_COUNT)
    after_tokens: int = field(default=0, metadata=_COUNT)
    delay_ms: int = field(default=1000, metadata=_MS)
    times: int | None = field(default=None, metadata=_COUNT)
    percent: int = field(default=100, metadata={"rule": Rule(least=1, most=100)})

    def __post_init__(self) -> None:
        _check_pattern(self.model, "model")


@dataclass(frozen=True)
class ChatScript:
    """Answers: the first matching rule, else the user's text back (``echo``), else the next reply.

    With ``draws`` the reply is drawn instead, and opened by one of the ``openings`` in so many of a
    hundred answers as ``opening_percent`` says; of alternatives, "{six|seven}", one is drawn, in a
    rule's reply too. All that is drawn belongs to the model, the words asked, and how often they
    were: who asks in the same order is answered in the same words (see ``scripted.wording``).

    With an ``unfinished_sign`` it answers with that alone to who has broken off, where a system
    message speaks of the sign; so many texts of a hundred as ``told_rightly_percent`` says are
    judged rightly, both kinds alike (see ``scripted.broken_off``).

    Who asks for a report in JSON, by a schema, gets the next of the ``reports``, and made from the
    transcript where there are none (see ``engines.report``).

    A token is one word with the space before it. ``comment_interval_ms`` > 0 sends SSE comment
    lines at that interval until the first token, as OpenRouter does.
    """

    replies: tuple[str, ...] = ("This is a scripted reply.",)
    rules: tuple[ReplyRule, ...] = ()
    reports: tuple[str, ...] = ()
    echo: bool = False
    draws: bool = False
    openings: tuple[str, ...] = ()
    opening_percent: int = field(default=50, metadata={"rule": Rule(least=0, most=100)})
    unfinished_sign: str = ""
    told_rightly_percent: int = field(default=100, metadata={"rule": Rule(least=0, most=100)})
    first_token_ms: int = field(default=100, metadata=_MS)
    tokens_per_s: float = field(default=100.0, metadata=_POSITIVE)
    jitter_ms: int = field(default=0, metadata=_MS)
    comment_interval_ms: int = field(default=0, metadata=_MS)
    faults: tuple[ChatFault, ...] = ()
    habits: tuple[ChatHabit, ...] = ()


SOCKET_FAULTS = ("handshake", "hang_up", "freeze")
_TTS_FAULTS = ("error", "drop", "stall", *SOCKET_FAULTS)


@dataclass(frozen=True)
class TtsFault:
    """How a matching synthesis fails once ``after_ms`` of its audio was sent.

    ``error``: an error message with ``code`` (HTTP: that status). ``drop``: the connection is
    cut. ``stall``: no more audio and no final event.
    Or how a socket fails, whatever is said on it: ``handshake`` takes ``after_ms``; so long after
    it ``hang_up`` cuts the connection, and ``freeze`` leaves it open without anybody there, not
    even for pings. Then ``times`` counts sockets.
    """

    kind: str = field(default="error", metadata={"rule": Rule(choices=_TTS_FAULTS)})
    speaker: str = ""
    after_ms: int = field(default=0, metadata=_MS)
    code: int = field(default=500, metadata=_STATUS)
    message: str = "scripted fault"
    times: int | None = field(default=None, metadata=_COUNT)

    def __post_init__(self) -> None:
        _check_pattern(self.speaker, "speaker")


@dataclass(frozen=True)
class TtsScript:
    """Synthesis. ``realtime_factor`` is seconds of audio produced in a second after the first byte.

    A word of n letters sounds for n * ``ms_per_char`` (see ``scripted.voice``).
    A text in which one of the regular expressions ``refused_texts`` is found is refused with 422,
    what else is said is spoken. More than ``max_sockets`` at once are refused with 429.
    """

    first_byte_ms: int = field(default=80, metadata=_MS)
    realtime_factor: float = field(default=10.0, metadata=_POSITIVE)
    ms_per_char: int = field(default=60, metadata={"rule": Rule(least=5, most=1000)})
    chunk_ms: int = field(default=200, metadata={"rule": Rule(least=10, most=5000)})
    jitter_ms: int = field(default=0, metadata=_MS)
    refused_speakers: tuple[str, ...] = ()
    refused_texts: tuple[str, ...] = ()
    max_sockets: int | None = field(default=None, metadata=_COUNT)
    faults: tuple[TtsFault, ...] = ()

    def __post_init__(self) -> None:
        for pattern in self.refused_texts:
            _check_pattern(pattern, "refused_texts")


@dataclass(frozen=True)
class Script:
    """The whole behaviour of one sandbox. ``idle_close_s`` closes a silent socket."""

    seed: int = 0
    refused_keys: tuple[str, ...] = ()
    idle_close_s: float = field(default=60.0, metadata=_POSITIVE)
    stt: SttScript = SttScript()
    chat: ChatScript = ChatScript()
    tts: TtsScript = TtsScript()


def parse_script(data: Mapping[str, Any]) -> Script:
    """Raises ScriptError naming the key that is wrong."""
    return read_table(Script, data)


def load_script(path: Path) -> Script:
    """Read a TOML file; raises ScriptError naming the file, and the key where there is one."""
    try:
        with path.open("rb") as file:
            return parse_script(tomllib.load(file))
    except OSError as exc:
        raise ScriptError(f"{path}: {exc.strerror}") from exc
    except tomllib.TOMLDecodeError as exc:
        raise ScriptError(f"{path}: {exc}") from exc
    except ScriptError as exc:
        raise ScriptError(f"{path}: {exc}") from exc


def _check_pattern(pattern: str, name: str) -> None:
    try:
        re.compile(pattern)
    except re.error as exc:
        raise ScriptError(f"{name}: {pattern!r} is no regular expression ({exc})") from exc
