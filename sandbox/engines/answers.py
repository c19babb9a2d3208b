"""The sandbox's chat: answers from what it was given, in one or two short spoken sentences.

In order: what the caller said about themselves, small talk, the sentences of the prompts that
fit the question, and at last an honest line that names what it has no answer to.
"""

import re
import time
from collections.abc import AsyncGenerator
from datetime import datetime

from sandbox.clock import wait_until
from sandbox.engines import hindi, memory
from sandbox.engines.knowledge import (
    STOP_WORDS,
    Finding,
    Knowledge,
    split_sentences,
    words_of,
)
from sandbox.engines.report import report_of
from sandbox.engines.smalltalk import Smalltalk, strip_greeting
from sandbox.ports import ChatMessage, ChatRequest

_TOKEN_S = 0.025
"""A word each: four times as fast as speech."""
_GOOD_COVERAGE = 0.4
_SECOND_SHARE = 0.75
"""A second sentence is said when it fits nearly as well as the first."""
_MOST_CHARS = 220
_IDENTITY = re.compile(r"^(?:you are|you're|your name is)\s+(.+)", re.IGNORECASE)
_TO_CALLERS = re.compile(r"^you (?:can|may|will|get|need|have to)\b", re.IGNORECASE)
_NO_TOPIC = frozenset(
    "uh um hmm oh ah long far take explain sell buy make find think want wanted need needed thing "
    "things something anything everything talk speak".split()
)
_JOINTS = frozenset(("of", "in", "for"))
_MOST_TOPIC_WORDS = 5


class RetrievalTalker:
    async def reply(self, request: ChatRequest) -> AsyncGenerator[str]:
        started_s = time.monotonic()
        for index, token in enumerate(re.findall(r"\s*\S+", answer(request, _local_now()))):
            await wait_until(started_s + index * _TOKEN_S)
            yield token


def answer(request: ChatRequest, now: datetime) -> str:
    """The whole reply to the last user message."""
    said = [message.text.strip() for message in request.messages if message.role == "user"]
    last = said[-1] if said else ""
    if (report := report_of(request)) is not None:
        return report
    prompts = [m.text for m in request.messages if m.role in ("system", "developer")]
    knowledge = Knowledge(prompts)
    if hindi.is_hindi(request, last):
        return _answer_in_hindi(last, knowledge, now)
    if not last:
        return "Hello! How can I help you?"
    return (
        memory.recall(last, said[:-1])
        or _repeat(last, request.messages)
        or Smalltalk(_identity(prompts), lambda: now).answer(last)
        or _look_up(strip_greeting(last), knowledge)
        or _acknowledge(last)
        or _admit(last, len(said))
    )


def _answer_in_hindi(said: str, knowledge: Knowledge, now: datetime) -> str:
    if not said:
        return hindi.HELLO
    return hindi.answer(said, now) or _look_up(said, knowledge) or hindi.admit(_topic(said))


def _look_up(question: str, knowledge: Knowledge) -> str | None:
    findings = knowledge.search(question)
    if not findings or findings[0].coverage < _GOOD_COVERAGE:
        return None
    chosen = [_speak_for_house(findings[0].sentence)]
    if len(findings) > 1 and _fits_too(findings[0], findings[1]):
        chosen.append(_speak_for_house(findings[1].sentence))
    return " ".join(chosen)


def _fits_too(first: Finding, second: Finding) -> bool:
    fits = second.score >= _SECOND_SHARE * first.score and second.coverage >= _GOOD_COVERAGE
    return fits and len(first.sentence) + len(second.sentence) <= _MOST_CHARS


def _speak_for_house(sentence: str) -> str:
    """A fact told to the agent ("You sell …") as the agent tells it ("We sell …")."""
    if not _TO_CALLERS.match(sentence):
        sentence = re.sub(r"^You\b", "We", sentence)
        sentence = re.sub(r"^Your\b", "Our", sentence)
    sentence = re.sub(r"^(?:Q|A|Question|Answer)\s*:\s*", "", sentence)
    return sentence if sentence[-1] in ".!?।" else f"{sentence}."


def _identity(prompts: list[str]) -> str:
    """ "You are Asha, the receptionist." -> "I am Asha, the receptionist." """
    for sentence in (s for prompt in prompts for s in split_sentences(prompt)):
        match = _IDENTITY.match(sentence)
        if match:
            who = re.sub(r"\byour\b", "my", match.group(1), flags=re.IGNORECASE).rstrip(".!")
            verb = "My name is" if sentence.lower().startswith("your name") else "I am"
            return f"{verb} {who}."
    return ""


def _repeat(said: str, messages: tuple[ChatMessage, ...]) -> str | None:
    asks = r".*\b(?:repeat (?:that|it)|say (?:that|it) again|pardon|come again)\b.*"
    if not re.fullmatch(asks, said.lower().strip(" ?.!")):
        return None
    return next((m.text for m in reversed(messages) if m.role == "assistant" and m.text), None)


def _acknowledge(said: str) -> str | None:
    """A caller who says who they are, or a fact about themselves, and asks nothing."""
    if "?" in said:
        return None
    name = memory.find_name(said)
    if name is not None:
        return f"Nice to meet you, {name}. How can I help you?"
    facts = list(memory.find_facts([said]).items())
    if facts:
        thing, value = facts[-1]
        return f"Thank you, I have noted that your {thing} is {value}."
    return None


def _admit(said: str, turn: int) -> str:
    topic = _topic(said)
    if not topic:
        return "I am sorry, I did not follow that. Could you say it in other words?"
    lines = (
        f"I am sorry, I was not told anything about {topic}.",
        f"I do not know about {topic}, because nobody has told me. Is there something else?",
        f"About {topic} I have no information, I am afraid.",
    )
    return lines[turn % len(lines)]


def _topic(said: str) -> str:
    """The longest run of telling words ("capital of France"), or empty."""
    runs: list[list[str]] = [[]]
    for word in words_of(said):
        plain = word.lower()
        if plain in _JOINTS and runs[-1]:
            runs[-1].append(plain)
        elif plain in STOP_WORDS or plain in _NO_TOPIC:
            runs.append([])
        else:
            runs[-1].append(word)
    longest = max(runs, key=len)[:_MOST_TOPIC_WORDS]
    while longest and longest[-1] in _JOINTS:
        longest.pop()
    return " ".join(longest)


def _local_now() -> datetime:
    return datetime.now().astimezone()
