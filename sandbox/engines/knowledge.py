"""Finds the sentences of a prompt that answer a question: BM25 over few, short sentences."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

STOP_WORDS = frozenset(
    "a about all also am an and any are as at be been but by can could did do does for from get "
    "give going had has have hello her here hi him his how i if in into is it its just know let "
    "like looking me more much my need no not of okay on one or our out please say should so some "
    "tell thank thanks that the their them then there these they this to up us want was we were "
    "what when where which who why will with would yes you your "
    "है हैं का की के को में से और क्या कब कैसे कहाँ कहां कितने कितना मैं मुझे आप हम यह वह पर भी तो हो बताइए बताओ "
    "बताएं कृपया ही ने था थी थे लिए जी अपना अपने मेरा मेरी मेरे".split()
)
_INSTRUCTION = re.compile(
    r"^(you are|you're|you must|you should|you speak|you answer|you reply|you help|your (job|role|"
    r"task|goal)|answer|reply|respond|keep|be |always|never|do not|don't|speak|use |if |act |help "
    r"|greet|ask |introduce|stay|avoid|make sure|remember|end |start )",
    re.IGNORECASE,
)
_SAME = {
    "hours": "open", "timing": "open", "timings": "open", "opening": "open", "opens": "open",
    "cost": "price", "costs": "price", "charge": "price", "charges": "price", "fee": "price",
    "fees": "price", "rupees": "price", "address": "locate", "located": "locate",
    "location": "locate", "situated": "locate", "closed": "close", "closing": "close",
    "closes": "close", "sell": "sell", "sold": "sell", "buy": "sell", "purchase": "sell",
    "delivered": "deliver", "delivery": "deliver", "ship": "deliver", "shipping": "deliver",
    "phone": "phone", "telephone": "phone", "refund": "return", "refunds": "return",
    "expensive": "price", "take": "accept", "pay": "accept", "payment": "accept",
    "accepted": "accept", "accepts": "accept",
}  # fmt: skip
_IMPLIED = (("where", "locate"), ("how much", "price"), ("कहाँ", "पता"), ("कहां", "पता"))
"""Question words that name what they ask for."""
_ASKED_FOR = frozenset(term for _, term in _IMPLIED)
_UNKNOWN_SHARE = 0.8
_SATURATION, _LENGTH_WEIGHT = 1.2, 0.6


@dataclass(frozen=True)
class Finding:
    sentence: str
    score: float
    coverage: float
    """Share of the question's own words, by weight, that the sentence holds."""


class Knowledge:
    """The factual sentences of all texts given to the agent; its instructions are left out."""

    def __init__(self, texts: Iterable[str]) -> None:
        every = [sentence for text in texts for sentence in split_sentences(text)]
        self.sentences = [s for s in every if not _INSTRUCTION.match(s) and content_terms(s)]
        self._terms = [Counter(content_terms(sentence)) for sentence in self.sentences]
        self._spread = Counter(term for terms in self._terms for term in terms)
        lengths = [terms.total() for terms in self._terms]
        self._mean_length = sum(lengths) / len(lengths) if lengths else 1.0

    def search(self, question: str, most: int = 2) -> list[Finding]:
        """Best first; sentences that share no word with the question are not among them."""
        terms = sorted(set(content_terms(question)))
        findings = [
            self._weigh(sentence, counts, terms)
            for sentence, counts in zip(self.sentences, self._terms, strict=True)
        ]
        findings = [finding for finding in findings if finding.score > 0]
        return sorted(findings, key=lambda finding: -finding.score)[:most]

    def _weigh(self, sentence: str, counts: Counter[str], terms: list[str]) -> Finding:
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * counts.total() / self._mean_length
        score = found = everything = 0.0
        for term in terms:
            weight = self._rarity(term)
            everything += weight
            count = counts[term]
            if count:
                found += weight
                score += weight * count * (_SATURATION + 1) / (count + _SATURATION * length)
        return Finding(sentence, score, found / everything if everything else 0.0)

    def _rarity(self, term: str) -> float:
        spread = self._spread[term]
        if spread == 0 and term not in _ASKED_FOR:
            # A word that no sentence has says little against one that has the others.
            return _UNKNOWN_SHARE * self._weight_of(1)
        return self._weight_of(spread)

    def _weight_of(self, spread: int) -> float:
        return math.log(1 + (len(self.sentences) - spread + 0.5) / (spread + 0.5))


def split_sentences(text: str) -> list[str]:
    """Lines, list items and sentences; Markdown marks are dropped."""
    parts = re.split(r"(?<=[.!?।])\s+|\n+", text)
    clean = (re.sub(r"^[\s\-*#•>\d.)]*(?=\D)|[*_`]+", "", part).strip() for part in parts)
    return [part for part in clean if len(part) > 2]


def content_terms(text: str) -> list[str]:
    """Lower-case stems of the words that carry meaning."""
    plain = text.lower()
    terms = [stem(word) for word in words_of(plain) if word not in STOP_WORDS]
    return terms + [term for asked, term in _IMPLIED if plain.startswith(asked)]


def words_of(text: str) -> list[str]:
    """Words of any script, without what an apostrophe adds: "what's" is "what"."""
    words = (
        word.partition("'")[0] for word in re.findall(r"[\w\u0900-\u0963\u0966-\u0dff']+", text)
    )
    return [word for word in words if word]


def stem(word: str) -> str:
    """Cuts English endings, roughly: both sides of a comparison are cut alike."""
    if word in _SAME or word in _SAME.values():
        return _SAME.get(word, word)
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word.removesuffix("e") if len(word) > 4 else word
