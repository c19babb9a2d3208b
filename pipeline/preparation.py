"""The answer that is prepared while the caller may still be ending their turn."""

import asyncio
from collections.abc import Callable

from core.supervision import STOP_S, see_ended
from pipeline.reply import Reply
from pipeline.spending import Discards
from pipeline.words import same_words


class Preparation:
    """Holds at most one reply in the making that nobody hears. `make` starts one for a text.

    A reply asks for no synthesis before `synthesise` or `take`. Those that are thrown away are put
    down in `discards`.
    """

    def __init__(self, make: Callable[[str], Reply], discards: Discards) -> None:
        self._make = make
        self._discards = discards
        self._text = ""
        self._reply: Reply | None = None
        self._closing: set[asyncio.Task[None]] = set()

    def prepare(self, text: str) -> None:
        """Start on the answer to `text`, unless that is what is being prepared."""
        if self._reply is not None and same_words(self._text, text):
            return
        self.discard()
        self._text, self._reply = text, self._make(text)

    def synthesise(self) -> None:
        """What is being prepared may be synthesised."""
        if self._reply is not None:
            self._reply.let_speak()

    def insist(self) -> None:
        """What is being prepared is likely to be wanted, whatever the model says of its words."""
        if self._reply is not None:
            self._reply.insist()

    def take(self, text: str) -> Reply:
        """The reply to `text`: the prepared one where the words are the same, else a new one."""
        self.prepare(text)
        self.synthesise()
        self.insist()
        reply, self._reply = self._reply, None
        assert reply is not None
        return reply

    def discard(self) -> None:
        """Stop what is being prepared; model and voice are closed in the background."""
        if self._reply is None:
            return
        self._discards.add(self._reply.account)
        task = asyncio.create_task(self._reply.stop(), name="reply-discard")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        self._reply = None

    async def close(self) -> None:
        """Stop, and wait until all is closed."""
        self.discard()
        await see_ended(self._closing, within_s=2 * STOP_S)
