"""What one reply asks of the model and the voice, and how much of that nobody heard.

    account of a reply ─┬─ request whose answer is given ─── used
                        ├─ request that was outrun or failed ─ void
                        └─ characters for the voice ───────── used
    a reply that was thrown away, or of which nothing was heard: all of it

It can be read at any moment: what is under way counts as far as it has come.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Self

from pipeline.stored_json import Stored


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens that the model read and wrote, characters that the voice was given."""

    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.characters + other.characters,
        )

    @classmethod
    def read(cls, stored: Stored | None) -> Self:
        """Nothing where nothing is known."""
        if stored is None:
            return cls()
        names = ("input_tokens", "output_tokens", "characters")
        return cls(*(stored.whole(name) for name in names))


def told_apart(used: Spent, discarded: Spent, *, is_heard: bool) -> tuple[Spent, Spent]:
    """What was used and what was not, now that it is known whether the answer was heard."""
    return (used, discarded) if is_heard else (Spent(), used + discarded)


def counts_of(used: Spent, discarded: Spent) -> dict[str, int]:
    """Both under the names that they have in a turn's record."""
    fates = (("used", asdict(used)), ("discarded", asdict(discarded)))
    return {f"{fate}_{name}": n for fate, counts in fates for name, n in counts.items()}


class Account:
    """What is asked for on behalf of one reply, or of one request of its. All of it `is_void` once
    nobody is to hear what comes of it."""

    def __init__(self) -> None:
        self.is_void = False
        self._characters = 0
        self._requests: list[Callable[[], Spent]] = []
        self._parts: list[Account] = []

    def part(self) -> "Account":
        """An account within this one, which may become void by itself."""
        part = Account()
        self._parts.append(part)
        return part

    def ask(self, spent: Callable[[], Spent]) -> None:
        """A request to a model is made; `spent` tells what it has come to by now."""
        self._requests.append(spent)

    def say(self, n_characters: int) -> None:
        """The voice is given a text."""
        self._characters += n_characters

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Whatever is asked for inside, also by new tasks, is put down here."""
        token = _at_hand.set(self)
        try:
            yield
        finally:
            _at_hand.reset(token)

    @property
    def used(self) -> Spent:
        """What is not void."""
        return Spent() if self.is_void else self._sum([part.used for part in self._parts])

    @property
    def void(self) -> Spent:
        """What nobody heard."""
        voids = [part.void for part in self._parts]
        if not self.is_void:
            return sum(voids, Spent())
        return self._sum([*voids, *(part.used for part in self._parts)])

    def _sum(self, of_parts: list[Spent]) -> Spent:
        own = [spent() for spent in self._requests]
        return sum([*own, *of_parts], Spent(characters=self._characters))


_at_hand: ContextVar[Account | None] = ContextVar("account", default=None)


def account_at_hand() -> Account:
    """Where to put down what is asked for; outside of a reply, one that nobody reads."""
    return _at_hand.get() or Account()


@dataclass(slots=True)
class Discards:
    """Answers that were thrown away, `n` of them. `before` was spent on some that are no longer
    known one by one."""

    n: int = 0
    accounts: list[Account] = field(default_factory=list)
    before: Spent = field(default_factory=Spent)

    def add(self, account: Account, *, is_answer: bool = True) -> None:
        """One more; a line of ours is no answer."""
        account.is_void = True
        self.n += is_answer
        self.accounts.append(account)

    def join(self, other: "Discards") -> None:
        """Those of a turn that goes on."""
        self.n += other.n
        self.accounts += other.accounts
        self.before += other.before

    def take(self) -> "Discards":
        """All of them; none are left."""
        taken = Discards(self.n, self.accounts, self.before)
        self.n, self.accounts, self.before = 0, [], Spent()
        return taken

    @property
    def spent(self) -> Spent:
        """What was asked for in vain."""
        return sum((account.void for account in self.accounts), self.before)
