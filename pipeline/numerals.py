"""Numbers as recognisers write them, in words or in digits → the same digits.

    two hundred and fifty   250 ─┐                  nine eight seven   98 7 ─▶ 987
    2 सौ पचास               २५० ─┴▶ 250              twenty twenty six       ─▶ 2026

A run of numbers is read greedily: what does not fit the number so far begins the next one, and
the digits of all of them follow each other.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_ENGLISH: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
""".split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_HINDI: Final = """
शून्य एक दो तीन चार पांच छह सात आठ नौ दस
ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस
इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस
इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अडतीस उनतालीस चालीस
इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अडतालीस उनचास पचास
इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ
इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सडसठ अडसठ उनहत्तर सत्तर
इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी अस्सी
इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे
इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे
""".split()
_UP_TO_TEN: Final = """
sunya ek do teen char panch chhe saat aath nau das
shunya ek do tin chaar paanch chhah sat ath nau dus
শূন্য এক দুই তিন চার পাংচ ছয সাত আট নয দশ
શૂન્ય એક બે ત્રણ ચાર પાંચ છ સાત આઠ નવ દસ
ಸೊನ್ನೆ ಒಂದು ಎರಡು ಮೂರು ನಾಲ್ಕು ಐದು ಆರು ಏಳು ಎಂಟು ಒಂಬತ್ತು ಹತ್ತು
പൂജ്യം ഒന്ന് രണ്ട് മൂന്ന് നാല് അഞ്ച് ആറ് ഏഴ് എട്ട് ഒമ്പത് പത്ത്
शून्य एक दोन तीन चार पाच सहा सात आठ नऊ दहा
ଶୂନ ଏକ ଦୁଇ ତିନି ଚାରି ପାଞ୍ଚ ଛଅ ସାତ ଆଠ ନଅ ଦଶ
ਸਿਫਰ ਇੱਕ ਦੋ ਤਿੰਨ ਚਾਰ ਪੰਜ ਛੇ ਸੱਤ ਅੱਠ ਨੌਂ ਦਸ
பூஜ்ஜியம் ஒன்று இரண்டு மூன்று நான்கு ஐந்து ஆறு ஏழு எட்டு ஒன்பது பத்து
సున్నా ఒకటి రెండు మూడు నాలుగు ఐదు ఆరు ఏడు ఎనిమిది తొమ్మిది పది
"""
"""One language a line, zero first; spelt as `words` folds them: no nukta, no chandrabindu."""
_VALUES: Final[dict[str, int]] = {
    **{word: n % 11 for n, word in enumerate(_UP_TO_TEN.split())},
    **{word: n for n, word in enumerate(_HINDI)},
    **{word: n for n, word in enumerate(_ENGLISH)},
    **{word: 10 * n for n, word in enumerate(_TENS, start=2)},
    **dict.fromkeys(("छः", "छ", "छे"), 6),
}
_HUNDRED: Final = 100
_SCALES: Final = {
    **dict.fromkeys(("hundred", "sau", "सौ"), _HUNDRED),
    **dict.fromkeys(("thousand", "hazaar", "hazar", "हजार"), 1000),
    **dict.fromkeys(("lakh", "lakhs", "lac", "लाख"), 100_000),
    "million": 1_000_000,
    **dict.fromkeys(("crore", "crores", "karod", "करोड"), 10_000_000),
}
_BETWEEN: Final = ("and", "point", "oh")
_REPEATS: Final = {"double": 2, "triple": 3}
_ORDINALS: Final = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1
    )
}
_ORDINAL_ENDS: Final = ("st", "nd", "rd", "th")


def with_digits(tokens: Sequence[str]) -> list[str]:
    """Folded words with every run of numbers as one token of digits."""
    told: list[str] = []
    run: list[str] = []
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        if _belongs(token, run, following):
            run.append(token)
            continue
        is_after_number = bool(run)
        told += [_read(run)] if run else []
        run = []
        told += _ordinal(token, is_after_number=is_after_number)
    return told + ([_read(run)] if run else [])


def _is_number(token: str) -> bool:
    return token in _VALUES or token.replace(".", "", 1).isdigit()


def _belongs(token: str, run: Sequence[str], following: str) -> bool:
    """Whether a token goes on with the run of numbers, or begins one."""
    goes_on = _is_number(following)
    if token in _SCALES:
        return bool(run)
    if token in _BETWEEN:
        return bool(run) and goes_on
    return _is_number(token) or (token in _REPEATS and goes_on)


def _ordinal(token: str, *, is_after_number: bool) -> list[str]:
    if token in _ORDINALS:
        return [str(_ORDINALS[token]), "th"]
    return ["th"] if is_after_number and token in _ORDINAL_ENDS else [token]


def _read(run: Sequence[str]) -> str:
    numbers, repeat = [_Number()], 1
    for word in run:
        if word in _REPEATS:
            repeat = _REPEATS[word]
        elif word in _SCALES:
            numbers[-1].scale(_SCALES[word])
        elif word == "point":
            numbers += [_Number("."), _Number()]
        elif word != "and":
            for _ in range(repeat):
                if not numbers[-1].take(word):
                    numbers.append(_Number())
                    numbers[-1].take(word)
            repeat = 1
    return "".join(map(str, numbers))


class _Number:
    """One number of a run. `room`: what is less still fits, as units into "twenty"."""

    def __init__(self, written: str = "") -> None:
        self._written = written
        self._total = self._part = Decimal(0)
        self._room = Decimal("Infinity")

    def take(self, token: str) -> bool:
        """Add a part, digits or a word; False where it does not fit."""
        is_word = token in _VALUES or token in _BETWEEN
        value = Decimal(_VALUES.get(token, 0) if is_word else token)
        is_first = self._room.is_infinite()
        if not is_first and not 0 < value < self._room:
            return False
        self._written = token if is_first and not is_word else ""
        self._part += value
        is_tens = is_word and value >= 20 and not value % 10
        self._room = Decimal(10 if is_tens else 0)
        return True

    def scale(self, by: int) -> None:
        """The part becomes hundreds, or is over as thousands, lakhs, crores."""
        self._written = ""
        self._room = Decimal(by)
        self._part *= by
        if by > _HUNDRED:
            self._total, self._part = self._total + self._part, Decimal(0)

    def __str__(self) -> str:
        is_empty = self._room.is_infinite()
        return self._written or ("" if is_empty else f"{(self._total + self._part).normalize():f}")
