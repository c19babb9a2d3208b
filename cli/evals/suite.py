"""A suite of conversations, as its file describes it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ConfigError

MOST_TRIES: Final = 100
MOST_TURNS: Final = 50
_MOST_PROBLEMS: Final = 20

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Wanted = Text | Annotated[list[Text], Field(min_length=1)]
"""Words, or a choice of them of which one is enough."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ToolWanted(_Part):
    """A call of a tool; of its arguments those that are named, the others may be anything."""

    name: Text
    arguments: dict[str, Any] = {}


class AnswerWanted(_Part):
    """What the answer to one thing that was said has to be. Words are compared without case,
    marks and markup."""

    says: list[Wanted] = []
    never_says: list[Text] = []
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

    says: list[Wanted] = []
    never_says: list[Text] = []
    tools: list[ToolWanted] = []
    end_reason: Text | None = None
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
        suite = Suite.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        raise ConfigError(f"{path}: {exc.strerror or 'cannot be read'}") from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{path}: {exc}") from exc
    except ValidationError as exc:
        raise ConfigError("\n".join(_problems(path, exc))) from exc
    missing = [
        f"{path}: {case.name}: no such file: {said.file}"
        for case in suite.case
        for said in case.say
        if said.file is not None and not (path.parent / said.file).is_file()
    ]
    if missing:
        raise ConfigError("\n".join(missing))
    return suite


def _problems(path: Path, exc: ValidationError) -> Sequence[str]:
    """A line each: where in the file, and which rule."""
    found = exc.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
    where = [".".join(map(str, one["loc"])) or "the suite" for one in found]
    return [f"{path}: {at}: {one['msg']}" for at, one in zip(where, found, strict=True)]
