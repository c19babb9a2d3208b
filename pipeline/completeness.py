"""Whether a text looks like a finished thought: a pure reading of its last words.

Recognisers punctuate finals but not always; what tells most is the last word. A sentence that
ends in a conjunction, a preposition, a filler or inside a number goes on after the pause.
"""

import re
from itertools import pairwise, takewhile
from typing import Final

# Words after which people go on, in the languages callers use, as recognisers spell them. Not
# those that answers end in as well: "no", "yes please", "thank you".
OPEN_ENDINGS: Final = frozenset(
    """
    a about an and are as at because but can could did does for from had has have he his how
    i if in into is it's its like my of on
    or our she so such than that the their them then
    they to uh um until very want was we were what when where which while who whose will with
    would your i'm i'd i'll let's maybe well actually also just
    been being between during every per since than towards whether without
    aur ya lekin magar kyunki ki ke ka ko se mein
    par agar toh to jab tab matlab woh yeh kya main mera
    और या लेकिन मगर क्योंकि कि के का की को से में पर अगर
    तो जब तब मतलब वो वह यह ये मैं मेरा मेरी मुझे हम जो
    এবং আর কিন্তু কারণ যদি যে অথবা মানে আমি আমার
    અને પણ કારણ કે જો અથવા એટલે હું મારું
    ಮತ್ತು ಆದರೆ ಏಕೆಂದರೆ ಅಥವಾ ಅಂದರೆ ನಾನು ನನ್ನ
    പക്ഷേ കാരണം അല്ലെങ്കിൽ എന്നാൽ ഞാൻ എന്റെ പിന്നെ
    आणि पण कारण किंवा म्हणजे जर मी माझा माझी
    ଏବଂ କିନ୍ତୁ କାରଣ କିମ୍ବା ମାନେ ମୁଁ ମୋର
    ਅਤੇ ਤੇ ਪਰ ਕਿਉਂਕਿ ਜਾਂ ਜੇ ਮਤਲਬ ਮੈਂ ਮੇਰਾ
    மற்றும் ஆனால் ஏனென்றால் அல்லது என்றால் நான் என்
    మరియు కానీ ఎందుకంటే లేదా అంటే నేను నా
    """.split()
)
LAST_AT_TIMES: Final = frozenset(
    """
    about actually also at can could did do does for from had has have he in just like maybe on
    our she so that them then they until very was well were when where will with without would
    de se par toh tab woh yeh kya mera तो तब वो वह यह ये मेरा मेरी मुझे हम
    """.split()
)
"""Of the open endings those that sentences end in now and then: "as good as it was"."""
SENTENCE_ENDS: Final = ".?!।॥…"
OPEN_MARKS: Final = ",;:-–—"
_NUMBER: Final = re.compile(r"^[\d,./:-]+$")
_TRAILING_DOTS: Final = re.compile(r"(\.\.\.|…)$")
SPOKEN_DIGITS: Final = frozenset(
    "zero one two three four five six seven eight nine oh double triple "
    "ek do teen char paanch chhe saat aath nau shunya "
    "एक दो तीन चार पांच पाँच छह छः सात आठ नौ शून्य".split()
)


# A question may end in these all the same: "where are you from", "what is this about".
ASKING: Final = frozenset("what who whom whose where which when why how".split())
STRANDED: Final = frozenset("about do does for from like with".split())
LONGEST_STRANDED: Final = 5
"""Words of such a question. In a longer one the pause is before what the preposition is for."""
# ... and behind these a question inside a sentence has its verb last: "tell me where my order is".
ASKED_OF: Final = frozenset(
    """
    me us know ask see say tell wonder wondering understand remember explain check out sure idea
    """.split()
)
WHOLE_ENDINGS: Final = (("as", "well"), ("very", "well"))
# A clause that begins in these waits for another one: "if it rains on Sunday", "before I pay".
SUBORDINATORS: Final = frozenset(
    "if when whenever before after unless although though while until once because since "
    "agar jab jaise अगर जब जैसे".split()
)
# ... but for those that ask: "when is", "when do you". Nobody says "before" so.
AUXILIARIES: Final = frozenset(
    "is are was were do does did can could will would shall should has have am".split()
)
LONGEST_CLAUSE: Final = 7
"""Words of such a clause. A longer text has the other one in it, mostly."""
_GIVEN_NEXT: Final = ("number", "name", "nambar", "naam", "नंबर", "नाम")
LEADING_ON: Final = (
    ("tell", "me"),
    ("let", "me"),
    ("show", "me"),
    ("want", "to", "know"),
    ("like", "to", "know"),
    ("wondering",),
    *((noun, verb) for noun in _GIVEN_NEXT for verb in ("hai", "है")),
)
DIGITS_OF_A_NUMBER: Final = 10
"""As an Indian mobile number: with them a dictated number is complete."""
_DIGIT: Final = re.compile(r"\d")


def looks_complete(text: str) -> bool:
    """Whether someone who said just this is likely to be done. False for no words at all."""
    stripped = text.strip()
    if not stripped or stripped[-1] in OPEN_MARKS or _TRAILING_DOTS.search(stripped):
        return False
    words = words_of(stripped)
    if not words:
        return False
    last = words[-1]
    if stripped[-1] == "?":
        return True
    if _is_number(last):
        return not _is_dictating(words)
    if _leads_on(words, is_ended=stripped[-1] in SENTENCE_ENDS):
        return False
    return not _ends_open(words) or (last in STRANDED and _asks(words))


def breaks_off(text: str) -> bool:
    """Whether no sentence ends so: behind "the" or "because" a full stop is none."""
    words = words_of(text)
    return bool(words) and words[-1] not in LAST_AT_TIMES and _ends_open(words)


def is_punctuated(text: str) -> bool:
    """Whether the recogniser has set a sentence's end behind `text`."""
    stripped = text.strip()
    return stripped[-1:] in set(SENTENCE_ENDS) and not _TRAILING_DOTS.search(stripped)


def words_of(text: str) -> list[str]:
    """Its words in lower case, without what ends it."""
    return text.strip().rstrip(SENTENCE_ENDS + "\"')").casefold().split()


def last_sentence(words: list[str]) -> list[str]:
    """The words behind the last full stop or comma."""
    starts = [i + 1 for i, word in enumerate(words[:-1]) if word[-1] in SENTENCE_ENDS + ","]
    return words[starts[-1] :] if starts else words


def _leads_on(words: list[str], *, is_ended: bool) -> bool:
    """Whether the last sentence is half of one: a clause that waits, a verb without its object.
    A full stop says that the clause was an answer: "When did you call?" "Before I paid."."""
    sentence = last_sentence(words)
    if any(tuple(sentence[-len(end) :]) == end for end in LEADING_ON):
        return True
    is_clause = len(sentence) > 1 and sentence[0] in SUBORDINATORS
    is_half = is_clause and sentence[1] not in AUXILIARIES and len(sentence) <= LONGEST_CLAUSE
    return is_half and not is_ended


def _ends_open(words: list[str]) -> bool:
    """Whether the last word is one that people go on after, and not by chance the sentence's."""
    if words[-1] not in OPEN_ENDINGS or tuple(words[-2:]) in WHOLE_ENDINGS:
        return False
    return not _asks_inside(last_sentence(words))


def _asks_inside(sentence: list[str]) -> bool:
    """Whether it ends in a question that a sentence leads up to, its verb last."""
    if sentence[-1] not in AUXILIARIES:
        return False
    asked = [before in ASKED_OF and word in ASKING for before, word in pairwise(sentence[:-2])]
    return any(asked)


def _asks(words: list[str]) -> bool:
    """Whether the last sentence is short and begins as a question."""
    sentence = last_sentence(words)
    is_short = 3 <= len(sentence) <= LONGEST_STRANDED
    return is_short and any(word.partition("'")[0] in ASKING for word in sentence[:2])


def _is_number(word: str) -> bool:
    return bool(_NUMBER.match(word)) or word in SPOKEN_DIGITS


def _is_dictating(words: list[str]) -> bool:
    """Whether the words end in a run of numbers that is likely to go on."""
    run = list(takewhile(_is_number, reversed(words)))
    n_digits = sum(len(_DIGIT.findall(word)) or 1 for word in run)
    if n_digits >= DIGITS_OF_A_NUMBER:
        return False
    return len(run) > 1 or len(words) == 1
