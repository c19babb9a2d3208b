"""A suite of conversations, as its file describes it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from cli.caller.clip import read_clip
from cli.caller.errors import ClipError
from core.errors import ConfigError
from store.records import EndReason

MOST_TRIES: Final = 100
MOST_TURNS: Final = 50
_MOST_PROBLEMS: Final = 20


def _has_words(text: str) -> str:
    if not any(c.isalnum() for c in text):
        raise ValueError("holds no letter and no digit, and marks are not compared")
    return text


def _as_choice(given: object) -> object:
    return [given] if isinstance(given, str) else given


Text = Annotated[str, Field(min_length=1, max_length=4000)]
Words = Annotated[Text, AfterValidator(_has_words)]
Choice = Annotated[list[Words], Field(min_length=1), BeforeValidator(_as_choice)]
"""Words of which one is enough; in the file also one alone."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ToolWanted(_Part):
    """A call of a tool; of its arguments those that are named, the others may be anything."""

    name: Text
    arguments: dict[str, Any] = {}


class AnswerWanted(_Part):
    """What the answer to one thing that was said has to be. Words are compared without case,
    marks and markup."""

    says: list[Choice] = []
    never_says: list[Words] = []
    tools: list[ToolWanted] = []
    no_tools: bool = False
    first_audio_within_ms: Annotated[int, Field(gt=0)] | None = None
    language: Text | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.tools and self.no_tools:
            raise ValueError("`tools` and `no_tools` exclude each other")
        return self


class Say(_Part):
    """One thing that the caller says: a text that is typed, or a sound file that is played."""

    text: Text | None = None
    file: Path | None = Field(default=None, strict=False)
    expect: AnswerWanted = AnswerWanted()

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.text is None) == (self.file is None):
            raise ValueError("needs either `text` or `file`")
        return self


class PlayedCaller(_Part):
    """A caller whom a model plays, by text, until it says that it is done or `turns` are over."""

    role: Text
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] = 8


class CallWanted(_Part):
    """What the whole call has to be. `rubric`: what the judge is asked about the transcript."""

    says: list[Choice] = []
    never_says: list[Words] = []
    tools: list[ToolWanted] = []
    end_reason: EndReason | None = Field(default=None, strict=False)
    rubric: Text | None = None


class Case(_Part):
    """One conversation. `passes`: of its tries so many have to be right; all, where not said."""

    name: Text
    session: dict[str, Any] = {}
    say: list[Say] = []
    caller: PlayedCaller | None = None
    expect: CallWanted = CallWanted()
    tries: Annotated[int, Field(ge=1, le=MOST_TRIES)] | None = None
    passes: Annotated[int, Field(ge=1, le=MOST_TRIES)] | None = None

    @model_validator(mode="after")
    def _has_one_caller(self) -> Self:
        if bool(self.say) == (self.caller is not None):
            raise ValueError("needs either `say` or `caller`")
        return self


class Suite(_Part):
    """`session`: fields of every case's session, a case's own over them. `model`: the catalog's,
    which plays callers and judges."""

    name: Text
    session: dict[str, Any] = {}
    model: Text | None = None
    tries: Annotated[int, Field(ge=1, le=MOST_TRIES)] = 1
    case: Annotated[list[Case], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [case.name for case in self.case]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two cases are called {twice[0]!r}")
        for case in self.case:
            if self.model is None and (case.caller or case.expect.rubric):
                raise ValueError(f"case {case.name!r} needs the suite's `model`")
            if (case.passes or 1) > self.tries_of(case):
                raise ValueError(f"case {case.name!r}: `passes` is more than its tries")
        return self

    def tries_of(self, case: Case) -> int:
        return case.tries or self.tries

    def passes_of(self, case: Case) -> int:
        """How many of its tries have to be right."""
        return case.passes or self.tries_of(case)

    def body_of(self, case: Case) -> dict[str, Any]:
        """The fields of a session for one try."""
        return {**self.session, **case.session}


def chosen(suite: Suite, *, names: Sequence[str] | None, tries: int | None) -> Suite:
    """With the named cases alone, each played so often. Raises `ConfigError` for a name unknown."""
    known = {case.name: case for case in suite.case}
    if unknown := [name for name in names or () if name not in known]:
        raise ConfigError(f"--case: the suite has no case called {unknown[0]!r}")
    cases = [known[name] for name in names] if names else list(suite.case)
    if tries is not None:
        cases = [case.model_copy(update={"tries": tries, "passes": None}) for case in cases]
    return suite.model_copy(update={"case": cases})


def read_suite(path: Path) -> Suite:
    """Sound files are found from the suite's own folder. Raises `ConfigError` naming each fault."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigError(f"{path}: {exc.strerror or 'cannot be read'}") from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{path}: {exc}") from exc
    try:
        suite = Suite.model_validate(given)
    except ValidationError as exc:
        found = exc.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
        problems = [f"{_place(one['loc'], given)}: {_rule(one['msg'])}" for one in found]
    else:
        problems = list(_unplayable(suite, path.parent))
    if problems:
        raise ConfigError("\n".join(f"{path}: {problem}" for problem in problems))
    return suite


def _unplayable(suite: Suite, folder: Path) -> Iterator[str]:
    """A line for each sound file that cannot be played: nobody shall learn it in a call."""
    for case in suite.case:
        for number, said in enumerate(case.say, start=1):
            if said.file is None:
                continue
            try:
                read_clip(folder / said.file)
            except ClipError as exc:
                yield f"case {case.name!r}: say {number}: {exc}"


def _place(steps: Sequence[str | int], given: Mapping[str, Any]) -> str:
    """Where in the file, counted from one: `case 'Hours': say 1: expect.says 2`."""
    match steps:
        case ("case", int(number), *rest):
            parts = [_called(given["case"][number], number)]
        case rest:
            parts = []
    match rest:
        case ("say", int(number), *inner):
            parts.append(f"say {number + 1}")
        case inner:
            pass
    named = "".join(f" {one + 1}" if isinstance(one, int) else f".{one}" for one in inner)
    return ": ".join([*parts, *filter(None, [named.lstrip(".")])]) or "the suite"


def _called(case: object, number: int) -> str:
    name = case.get("name") if isinstance(case, dict) else None
    return f"case {name!r}" if isinstance(name, str) else f"case {number + 1}"


def _rule(message: str) -> str:
    return message.removeprefix("Value error, ")
