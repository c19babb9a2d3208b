"""What the caller said about themselves earlier in the conversation."""

import re
from collections.abc import Iterable

_NO_NAME = (
    "not|a|an|the|in|at|from|on|it|my|your|looking|calling|going|here|fine|good|well|sorry|just|"
    "interested|very|ok|okay|sure|happy|about|for|what|why|how|when|where|all"
)
_NAME = re.compile(
    rf"\b(?i:my name is|my name's|call me|this is|i am|i'm)\s+(?i:(?!(?:{_NO_NAME})\b))"
    r"([A-Za-z][A-Za-z'-]+(?: [A-Z][a-z'-]+)?)"
)
_SURE_NAME = re.compile(r"\b(?:my name is|my name's|call me)\b", re.IGNORECASE)
_FACT = re.compile(r"\bmy ([a-z][a-z ]{1,30}?) (?:is|are|was) ([^.?!,]{1,60})", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:what(?:'s| is| was| are)|tell me|do you (?:know|remember)) (?:\w+ ){0,2}?my ([a-z ]+)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho am i\b", re.IGNORECASE)


def find_name(text: str) -> str | None:
    """A name that this text states: surely after "my name is", else only if it is capitalised."""
    match = _NAME.search(text)
    if match is None:
        return None
    name = match.group(1)
    if not (_SURE_NAME.search(text) or name[0].isupper()):
        return None
    return " ".join(part.capitalize() for part in name.split())


def find_facts(texts: Iterable[str]) -> dict[str, str]:
    """ "my order number is 12" -> {"order number": "12"}; a later one wins."""
    facts: dict[str, str] = {}
    for text in texts:
        if _asks(text):
            continue
        for thing, value in _FACT.findall(text):
            facts[thing.lower().strip()] = value.strip()
        name = find_name(text)
        if name is not None:
            facts["name"] = name
    return facts


def recall(question: str, earlier: Iterable[str]) -> str | None:
    """The answer to "what is my …", from what was said before; None when that is not asked."""
    match = _ASKED.search(question)
    if match is None and not _WHO.search(question):
        return None
    thing = match.group(1).lower().strip() if match else "name"
    facts = find_facts(earlier)
    for known, value in facts.items():
        if known in thing or thing in known:
            return f"You are {value}." if known == "name" else f"You said your {known} is {value}."
    return f"You have not told me your {thing} yet."


def _asks(text: str) -> bool:
    return _ASKED.search(text) is not None
