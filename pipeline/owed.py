"""What a conversation that is taken up owes its caller: made before anybody can hear it.

the reply at hand    its rest
one nobody heard     what was owed to a caller whose connection was lost
none, or heard out   the greeting where nothing was said yet; else a line that tells that the
                     agent is back, unless the caller noticed nothing
an end               nothing more than a farewell that was not heard out
"""

from dataclasses import dataclass
from typing import Self

from pipeline.exchange import Exchange
from pipeline.floor import Floor
from pipeline.parts import Script
from pipeline.reply import Reply
from pipeline.resumption import ResumePoint


@dataclass(slots=True)
class Owed:
    """All are being made, and at most one is there."""

    rest: Reply | None = None
    again: Exchange | None = None
    line: Reply | None = None

    @classmethod
    def at(cls, point: ResumePoint, floor: Floor, script: Script) -> Self:
        """Start to make it."""
        left, snapshot = point.at_hand, point.snapshot
        if left is not None and (rest := floor.prepare_rest(left)) is not None:
            return cls(rest=rest)
        is_farewell = left is not None and left.leads_to is not None
        if is_farewell or point.farewell_heard is not None or snapshot.winding_down is not None:
            return cls()
        if point.unheard is not None:
            return cls(again=floor.again(point.unheard))
        if point.is_untouched:
            return cls(line=floor.prepare_line(script.greeting))
        return cls() if point.is_planned else cls(line=floor.prepare_line(script.back))

    async def stop(self) -> None:
        """Nobody will hear it."""
        again = self.again.reply if self.again is not None else None
        for reply in (self.rest, again, self.line):
            if reply is not None:
                await reply.stop()
