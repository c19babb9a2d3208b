"""Makes replies: the model's answers, and lines that are said as they are."""

from pipeline.heard import SpeakingRate
from pipeline.history import History
from pipeline.parts import Parts, Script
from pipeline.reply import Reply, fixed_line
from pipeline.tool_use import ToolUse
from pipeline.tools import ToolLines, ToolTalk


class Answers:
    """One for a session. Who is given a reply owns it; all but a `silence` are being made."""

    def __init__(self, parts: Parts, script: Script, history: History) -> None:
        self._voice = parts.voice
        self._history = history
        self._rate = SpeakingRate()
        lines = ToolLines(script.wait, script.farewell)
        self._talk = ToolTalk(parts.model, parts.toolbox, lines, may_end_call=script.may_end_call)

    def answer(self, caller_text: str) -> Reply:
        """What the model says to this, after all that was said before."""
        use = ToolUse()
        source = self._talk.source(self._history.asking(caller_text), use)
        reply = Reply(source, self._voice, self._rate, asks_model=True, tools=use)
        reply.start()
        return reply

    def line(self, text: str) -> Reply:
        """This, and nothing else."""
        reply = Reply(fixed_line(text), self._voice, self._rate, line=text)
        reply.start()
        return reply

    def silence(self) -> Reply:
        """A reply that nobody makes: for words that get none."""
        return Reply(fixed_line(""), self._voice, self._rate)
