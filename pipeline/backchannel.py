"""Words that keep a speaker going without taking the turn."""

import re
from typing import Final

# As recognisers spell them, in the catalog's languages; a phrase is one if all its words are.
BACKCHANNELS: Final = frozenset(
    """
    ok okay yeah yes yep yup mm mmm mhm hmm hm
    uh huh uhhuh uh-huh mm-hm mm-hmm mhmm um ah oh right sure
    cool great nice good fine wow i see really
    haan han haa ha hmm achha accha acha theek thik hai ji sahi bilkul
    हाँ हां हा हम्म हूँ हूं अच्छा ठीक है जी सही बिल्कुल ओके
    হ্যাঁ হুম আচ্ছা ঠিক আছে জি ওকে
    હા હં હમ્મ અચ્છા બરાબર ઠીક છે જી ઓકે
    ಹೌದು ಹೂಂ ಹ್ಮ್ ಸರಿ ಆಯ್ತು ಓಕೆ
    അതെ ഉം ഹം ശരി ഓക്കേ ആ
    हो होय बरं बरोबर ठीक आहे
    ହଁ ହମ୍ ଆଚ୍ଛା ଠିକ୍ ଅଛି
    ਹਾਂ ਹੂੰ ਅੱਛਾ ਠੀਕ ਹੈ ਜੀ
    ஆமா ஆமாம் ம் ஹ்ம் சரி ஓகே
    అవును ఊఁ ఊ హ్మ్ సరే ఓకే
    """.split()
)
MAX_WORDS: Final = 3
_WORD: Final = re.compile(r"[^\s.,!?।…;:\"']+")


def is_backchannel(text: str) -> bool:
    """Whether `text` is at most three words, all of them listening noises. False for no words."""
    words = _WORD.findall(text.casefold())
    return 0 < len(words) <= MAX_WORDS and all(word in BACKCHANNELS for word in words)
