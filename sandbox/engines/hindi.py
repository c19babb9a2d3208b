"""The lines for a conversation in Hindi; facts are found in the prompt as in English."""

import re
from datetime import datetime

from sandbox.ports import ChatRequest

_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_ASKS_HINDI = re.compile(r"\b(?:in|speak|reply in|answer in|use) hindi\b|\bhi-IN\b", re.IGNORECASE)
_TOPICS = (
    (r"नमस्ते|नमस्कार|हैलो|हेलो|हेल्लो", "नमस्ते! मैं आपकी क्या मदद कर सकता हूँ?"),
    (r"धन्यवाद|शुक्रिया|थैंक", "आपका स्वागत है।"),
    (r"अलविदा|फिर मिलेंगे|बाय", "नमस्ते, अपना ध्यान रखिए।"),
    (r"कैसे हो|कैसे हैं|कैसी हैं", "मैं ठीक हूँ, धन्यवाद। मैं आपकी क्या मदद करूँ?"),
    (
        r"आप कौन|तुम कौन|मॉडल|असली|नाम क्या",
        "मैं स्थानीय सैंडबॉक्स हूँ, कोई असली भाषा मॉडल नहीं। जो मुझे बताया गया है, उसी से जवाब देता हूँ।",
    ),
    (r"क्या कर सकते|मदद", "मुझे जो जानकारी दी गई है, मैं उसके बारे में बता सकता हूँ।"),
)
HELLO = _TOPICS[0][1]


def is_hindi(request: ChatRequest, said: str) -> bool:
    """The caller's own words decide; a prompt that asks for Hindi does where they are few."""
    if said:
        letters = len(re.findall(r"\w", said))
        if len(_DEVANAGARI.findall(said)) * 3 > letters:
            return True
    prompts = " ".join(m.text for m in request.messages if m.role in ("system", "developer"))
    return bool(_ASKS_HINDI.search(prompts)) or len(_DEVANAGARI.findall(prompts)) > 40


def answer(said: str, now: datetime) -> str | None:
    """Small talk in Hindi; None when it is none."""
    if re.search(r"समय|कितने बजे|टाइम", said) and re.search(r"अभी|क्या|बजे हैं", said):
        return f"अभी {now.hour % 12 or 12} बजकर {now.minute} मिनट हुए हैं।"
    for pattern, line in _TOPICS:
        if re.search(pattern, said):
            return line
    return None


def admit(topic: str) -> str:
    if topic:
        return f"माफ़ कीजिए, {topic} के बारे में मुझे कुछ नहीं बताया गया है।"
    return "माफ़ कीजिए, मैं समझ नहीं पाया। क्या आप दोबारा कहेंगे?"
