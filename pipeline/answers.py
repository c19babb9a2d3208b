"""Makes replies: the model's answers, and lines that are said as they are."""

from collections.abc import Callable
from functools import partial

from pipeline.heard import SpeakingRate
from pipeline.history import History
from pipeline.judged import Judging
from pipeline.parts import Parts, Script
from pipeline.repetition import beyond
from pipeline.reply import Reply, TokenSource, behind, fixed_line
from pipeline.rounds import rounds_from_json
from pipeline.snapshot import AtHand
from pipeline.spoken.markup import as_written
from pipeline.tool_use import ToolUse
from pipeline.tools import ToolLines, ToolTalk
from pipeline.verdict import Verdict

OnVerdict = Callable[[str, Verdict], None]


class Answers:
    """One for a session. Who is given a reply owns it; all but a `silence` are being made."""

    def __init__(self, parts: Parts, script: Script, history: History) -> None:
        self._voice = parts.voice
        self._history = history
        self._rate = SpeakingRate()
        self._language = script.language
        self._farewell = script.farewell
        lines = ToolLines(script.wait, script.farewell)
        self._talk = ToolTalk(
            parts.model,
            parts.toolbox,
            lines,
            may_end_call=script.may_end_call,
            tells_unfinished=parts.tells_unfinished,
        )

    def answer(self, caller_text: str, on_verdict: OnVerdict = lambda *_: None) -> Reply:
        """What the model says to this, after all that was said and called before. `on_verdict` is
        told what it says of these words, where it is asked that."""
        use = ToolUse(judging=Judging(partial(on_verdict, caller_text)))
        return self._made(self._source(caller_text, use), use)

    def owed(self) -> Reply:
        """What the model says to the last words that are recorded and were not answered."""
        reply = self.answer("")
        reply.let_speak()
        reply.insist()
        return reply

    def line(self, text: str, use: ToolUse | None = None) -> Reply:
        """This, and nothing else."""
        return self._line(as_written(text), use)

    def rest(self, left: AtHand) -> Reply | None:
        """What is still to be said of a reply that another process began, None where nothing is.

        An answer that was not made to its end is asked for again.
        """
        use = ToolUse(rounds=rounds_from_json(left.rounds), spent_s=left.tools_s)
        asks_model = bool(left.caller_text) or left.is_owed
        if asks_model and not left.is_whole and left.leads_to is None:
            source = self._source(left.caller_text, use)
            if left.heard:
                source = beyond(left.heard, source)
            reply = self._made(behind(left.before_calls, source), use)
            reply.let_speak()
            reply.insist()
            return reply
        is_silent_farewell = left.leads_to is not None and not left.heard
        rest = left.rest or (self._farewell if is_silent_farewell else "")
        return self._line(rest, use) if rest else None

    def _line(self, written: str, use: ToolUse | None) -> Reply:
        reply = self._reply(fixed_line(written), tools=use, line=written)
        reply.start()
        return reply

    def _source(self, caller_text: str, use: ToolUse) -> TokenSource:
        return self._talk.source(self._history.asking(caller_text, use.rounds), use)

    def _made(self, source: TokenSource, use: ToolUse) -> Reply:
        reply = self._reply(source, asks_model=True, tools=use)
        reply.start()
        return reply

    def silence(self) -> Reply:
        """A reply that nobody makes: for words that get none."""
        return self._reply(fixed_line(""))

    def _reply(
        self,
        source: TokenSource,
        *,
        asks_model: bool = False,
        tools: ToolUse | None = None,
        line: str = "",
    ) -> Reply:
        return Reply(
            source,
            self._voice,
            self._rate,
            language=self._language,
            asks_model=asks_model,
            tools=tools,
            line=line,
        )
