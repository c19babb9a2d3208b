"""Chat answers by script: rules, echo or the next reply, at a steady rate of tokens."""

import re
import time
from collections.abc import AsyncGenerator, Sequence

from sandbox.clock import Jitter, wait_until
from sandbox.engines.report import report_of
from sandbox.ports import ChatRequest, ToolCall
from sandbox.script import ChatScript, ReplyRule, Utterance
from sandbox.scripted.broken_off import BrokenOff
from sandbox.scripted.wording import Wording


class ScriptedTalker:
    """The replies' cycle is one for the whole sandbox, not one a conversation."""

    def __init__(self, script: ChatScript, seed: int, utterances: Sequence[Utterance] = ()) -> None:
        self._script = script
        self._broken_off = BrokenOff(utterances, script.told_rightly_percent, seed)
        self._jitter = Jitter(script.jitter_ms, seed + 2)
        self._wording = Wording(script, seed)
        self._next = self._n_reports = 0

    async def reply(self, request: ChatRequest) -> AsyncGenerator[str | ToolCall]:
        asked_at_s = time.monotonic() + self._jitter.draw_s()
        first_s = asked_at_s + self._script.first_token_ms / 1000
        for index, token in enumerate(self._choose(request)):
            await wait_until(first_s + index / self._script.tokens_per_s)
            yield token

    def _choose(self, request: ChatRequest) -> list[str | ToolCall]:
        if (report := report_of(request)) is not None:
            return [*split_tokens(self._next_report(report))]
        if self._has_broken_off(request):
            return [self._script.unfinished_sign]
        rule = self._matching(request)
        results = results_so_far(request)
        if rule is not None and rule.tool_calls and request.may_call and not results:
            calls = [ToolCall(call.name, call.arguments) for call in rule.tool_calls]
            return [*split_tokens(rule.before), *calls]
        reply = None
        if rule is not None:
            reply = rule.reply.replace("{result}", results[-1] if results else "")
        if self._script.draws:
            said, now_s = last_user_text(request), time.monotonic()
            return [*split_tokens(self._wording.word(said, request.model, now_s, reply))]
        return [*split_tokens(self._next_reply(request) if reply is None else reply)]

    def _next_report(self, made: str) -> str:
        if not self._script.reports:
            return made
        report = self._script.reports[self._n_reports % len(self._script.reports)]
        self._n_reports += 1
        return report

    def _has_broken_off(self, request: ChatRequest) -> bool:
        sign = self._script.unfinished_sign
        is_asked = any(sign in m.text for m in request.messages if m.role == "system")
        return bool(sign) and is_asked and self._broken_off.tells(last_user_text(request))

    def _matching(self, request: ChatRequest) -> ReplyRule | None:
        said = last_user_text(request)
        rules = self._script.rules
        return next((one for one in rules if re.search(one.match, said, re.IGNORECASE)), None)

    def _next_reply(self, request: ChatRequest) -> str:
        said = last_user_text(request)
        if self._script.echo or not self._script.replies:
            return said
        reply = self._script.replies[self._next % len(self._script.replies)]
        self._next += 1
        return reply


def last_user_text(request: ChatRequest) -> str:
    return next((m.text for m in reversed(request.messages) if m.role == "user"), "")


def results_so_far(request: ChatRequest) -> list[str]:
    """What tools have answered since the user spoke last."""
    results: list[str] = []
    for message in reversed(request.messages):
        if message.role == "user":
            break
        results += [message.text] * (message.role == "tool")
    return results[::-1]


def split_tokens(text: str) -> list[str]:
    """Words with the space before them; joined again they are the text."""
    return re.findall(r"\s*\S+", text)
