"""An answer that is asked for again often begins as the first one did: that part was heard.

    heard     Sure, one moment. We are open from nine
    again                       We are open from nine to six on Sunday.
    said                                              to six on Sunday.

What repeats all that was heard from the beginning of one of its sentences on is left out; an
answer that begins in other words is said whole. Its markup is taken out first: it may begin in what
was heard and end in what is new.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Final

from pipeline.reply import Token, TokenSource
from pipeline.spoken.markup import Markup
from pipeline.words import words_of

_WORD: Final = re.compile(r"\s*\S+\s*")
_SENTENCE: Final = re.compile(r"(?<=[.!?।॥…])\s+")


def beyond(heard: str, source: TokenSource) -> TokenSource:
    """`source` without what it repeats of `heard`."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[Token]]:
        async with source() as tokens, aclosing(_new(heard, tokens)) as new:
            yield new

    return opened


async def _new(heard: str, tokens: AsyncIterator[Token]) -> AsyncGenerator[Token]:
    repetition = Repetition(heard)
    async for token in tokens:
        if not isinstance(token, str):
            yield token
        elif new := repetition.push(token):
            yield new
    if new := repetition.end():
        yield new


class Repetition:
    """Feed it the text of an answer; it gives back what is new, and keeps what it cannot tell."""

    def __init__(self, heard: str) -> None:
        sentences = _SENTENCE.split(heard)
        endings = (" ".join(sentences[n:]) for n in range(len(sentences)))
        self._endings = [words for ending in endings if (words := words_of(ending))]
        self._kept = ""
        self._markup = Markup()

    def push(self, text: str) -> str:
        """More of the answer."""
        self._kept += self._markup.push(text)
        words = _WORD.findall(self._kept)
        if words and not words[-1][-1].isspace():
            words.pop()  # it may go on
        return self._told_apart(words)

    def end(self) -> str:
        """There is no more."""
        self._kept += self._markup.end()
        new = self._told_apart(_WORD.findall(self._kept))
        self._kept = ""
        return new

    def _told_apart(self, words: list[str]) -> str:
        said = [words_of(word) for word in words]
        flat = [word for one in said for word in one]
        shared = [one for one in self._endings if one[: len(flat)] == flat[: len(one)]]
        if any(len(one) > len(flat) for one in shared):
            return ""
        n_heard = max(map(len, shared), default=0)
        while n_heard > 0:
            n_heard -= len(said.pop(0))
            self._kept = self._kept.removeprefix(words.pop(0))
        new, self._kept, self._endings = self._kept, "", []
        return new
