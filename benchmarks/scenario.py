"""Scenarios: what is played, to which session, on which scripted providers. Data only."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.clips import ClipRecord, load_clips
from core.unfinished import SIGN
from sandbox.script import SpokenPause, Utterance
from sandbox.scripted.punctuation import HABITS

SCENARIOS_DIR: Final = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """`clips` are played round and round; `session` is the create body; `sandbox` the script."""

    name: str
    clips: tuple[ClipRecord, ...]
    session: Mapping[str, Any]
    sandbox: Mapping[str, Any]

    def on(
        self,
        latencies: "Latencies",
        punctuation: str = HABITS[0],
        told_rightly: int | None = None,
    ) -> "Scenario":
        """The same on providers with the latencies that were asked for, a recogniser of that
        habit, and a model that tells, rightly so often, whether the caller is done."""
        sandbox = {**self.sandbox}
        entries = (
            *latencies.entries(),
            ("stt", "punctuation", punctuation),
            ("chat", "unfinished_sign", None if told_rightly is None else SIGN),
            ("chat", "told_rightly_percent", told_rightly),
        )
        for table, key, value in entries:
            if value is not None:
                sandbox[table] = {**sandbox.get(table, {}), key: value}
        return replace(self, sandbox=sandbox)

    @property
    def tells_unfinished(self) -> bool:
        """Whether its model is asked whether the caller is done."""
        return bool(self.sandbox["chat"].get("unfinished_sign"))

    def reply_to(self, text: str) -> str:
        """What the scripted model answers: the first rule that matches, else its only reply."""
        chat = self.sandbox["chat"]
        matching = (rule for rule in chat.get("rules", ()) if _matches(rule["match"], text))
        rule = next(matching, None)
        if rule is not None:
            return str(rule["reply"])
        (reply,) = chat["replies"]
        return str(reply)

    def script(self) -> dict[str, Any]:
        """The sandbox's script: its latencies, and the clips' texts as what is recognised."""
        heard = [_utterance(clip) for clip in self.clips]
        return {**self.sandbox, "stt": {**self.sandbox.get("stt", {}), "utterances": heard}}

    def write_script(self, path: Path) -> None:
        """As a file."""
        script = self.script()
        tables = {name: of for name, of in script.items() if isinstance(of, dict)}
        top = {name: value for name, value in script.items() if name not in tables}
        lines = [f"{name} = {_toml(value)}" for name, value in top.items()]
        for name, table in tables.items():
            lines += [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Latencies:
    """Of the scripted providers; None keeps the scenario's."""

    stt_ms: int | None = None
    partial_ms: int | None = None
    silence_window_ms: int | None = None
    first_token_ms: int | None = None
    first_token_jitter_ms: int | None = None
    tokens_per_s: float | None = None
    tts_first_byte_ms: int | None = None

    def entries(self) -> tuple[tuple[str, str, int | float | None], ...]:
        """(table, key, value) in the sandbox's script."""
        return (
            ("stt", "latency_ms", self.stt_ms),
            ("stt", "partial_latency_ms", self.partial_ms),
            ("stt", "silence_window_ms", self.silence_window_ms),
            ("chat", "first_token_ms", self.first_token_ms),
            ("chat", "jitter_ms", self.first_token_jitter_ms),
            ("chat", "tokens_per_s", self.tokens_per_s),
            ("tts", "first_byte_ms", self.tts_first_byte_ms),
        )

    def over(self, others: "Latencies") -> "Latencies":
        """These, and the others' where these keep silent."""
        mine = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(others, **mine)


PROFILES: Final[Mapping[str, Latencies]] = {
    "lab": Latencies(),
    # As measured in the field; the first token comes 350 +- 150 ms after the request.
    "field": Latencies(
        stt_ms=250,
        partial_ms=250,
        first_token_ms=200,
        first_token_jitter_ms=300,
        tts_first_byte_ms=250,
    ),
}
"""Provider latencies by name: the scenario's own, and the field's."""


def load_scenario(name: str) -> Scenario:
    """Raises OSError, KeyError for a clip that the manifest lacks."""
    with (SCENARIOS_DIR / f"{name}.toml").open("rb") as file:
        data = tomllib.load(file)
    known = {record.file: record for record in load_clips()}
    return Scenario(
        name=name,
        clips=tuple(known[clip] for clip in data["clips"]),
        session=data["session"],
        sandbox=data["sandbox"],
    )


def utterance_of(clip: ClipRecord) -> Utterance:
    """What is recognised of it."""
    pauses = tuple(
        SpokenPause(
            len(pause.words_before.split()),
            pause.voiced_before_ms,
            whole=pause.kind == "complete",
        )
        for pause in clip.pauses
    )
    return Utterance(clip.text, clip.voiced_ms, pauses=pauses)


def _utterance(clip: ClipRecord) -> dict[str, Any]:
    entry = utterance_of(clip)
    heard: dict[str, Any] = {"text": entry.text, "speech_ms": entry.speech_ms}
    if entry.pauses:
        heard["pauses"] = [asdict(pause) for pause in entry.pauses]
    return heard


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _toml(value: object) -> str:
    """Scalars and lists as JSON writes them are TOML; tables need `=`."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(of)}" for key, of in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(of) for of in value) + "]"
    return json.dumps(value)
