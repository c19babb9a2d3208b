"""As much of a Dockerfile as tells what each of its stages does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's base, its name ("" for the last) and what it does, in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, instruction: str) -> list[str]:
        return [argument for name, argument in self.steps if name == instruction]

    @property
    def copied(self) -> set[str]:
        """What of the checkout it takes, without a slash at the end."""
        own = [one for one in self.all_of("COPY") if not one.startswith("--from")]
        return {source.rstrip("/") for one in own for source in one.split()[:-1]}

    @property
    def environment(self) -> dict[str, str]:
        pairs = (pair for one in self.all_of("ENV") for pair in one.split())
        return dict(pair.split("=", 1) for pair in pairs)


def stages(text: str) -> Iterator[Stage]:
    """Every stage, in order."""
    whole = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    stage = None
    for line in filter(None, whole.splitlines()):
        instruction, _, argument = line.partition(" ")
        if instruction == "FROM":
            if stage:
                yield stage
            base, _, name = argument.partition(" AS ")
            stage = Stage(base, name)
        elif stage:
            stage.steps.append((instruction, argument))
    if stage:
        yield stage
