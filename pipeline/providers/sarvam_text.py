"""What a model writes → what Sarvam's voices read as people say it.

The service reads numbers, amounts and abbreviations by its language, but some ways of writing them
mislead it: a long number without commas, a phone number as one amount, a date in digits.

    ₹150000/- → ₹1,50,000 (one lakh fifty thousand)     9876543210 → 9 8 7 6 5 4 3 2 1 0
    2026-03-05, 05/03/2026 → 5 March 2026               560001 → 5 6 0 0 0 1
"""

import re
from typing import Final

MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "gu": "જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટેમ્બર ઑક્ટોબર નવેમ્બર ડિસેમ્બર",
    "kn": "ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್",
    "ml": "ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ",
    "mr": "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",
    "od": "ଜାନୁଆରୀ ଫେବୃଆରୀ ମାର୍ଚ୍ଚ ଏପ୍ରିଲ ମେ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର",
    "pa": "ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "te": "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జూలై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
}
_ISO_DATE: Final = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_DAY_FIRST_DATE: Final = re.compile(r"(?<![\d/.])(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?![\d/])")
_ONLY: Final = re.compile(r"(?<=\d)/-")
_AMOUNT: Final = re.compile(r"((?:₹|\bRs\.?|\bINR) ?)(\d{5,15})(?![\d\w]|,\d)")
_DIGITS: Final = re.compile(r"(?<![\w.,₹])(\+\d{1,3}[ -]?)?(\d{5,18})(?![\d\w]|[.,]\d)")
DIALLED_DIGITS: Final = 6
"""Codes, postal codes and phone numbers have six and more; with fewer it is an amount."""


def readable(text: str, language: str) -> str:
    """`text` with its numbers, dates and amounts as the voice of `language` (BCP-47) takes them."""
    prefix = language.partition("-")[0]
    months = MONTHS.get(prefix, MONTHS["en"]).split()
    text = _ISO_DATE.sub(lambda d: _date(d, months, (3, 2, 1)), text)
    text = _DAY_FIRST_DATE.sub(lambda d: _date(d, months, (1, 2, 3)), text)
    text = _AMOUNT.sub(lambda a: a.group(1) + _grouped(a.group(2)), _ONLY.sub("", text))
    return _DIGITS.sub(_number, text)


def _date(written: re.Match[str], months: list[str], places: tuple[int, int, int]) -> str:
    """As written where it is no date: the month counts, a day is not looked up in a calendar."""
    day, month, year = (int(written.group(place)) for place in places)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return written.group()
    return f"{day} {months[month - 1]} {year}"


def _number(written: re.Match[str]) -> str:
    """What is dialled or copied digit by digit, a smaller number with commas."""
    country, digits = written.group(1) or "", written.group(2)
    if not country and len(digits) < DIALLED_DIGITS and digits[0] != "0":
        return _grouped(digits)
    spelt = " ".join(re.findall(r"\d", country + digits))
    return f"plus {spelt}" if country else spelt


def _grouped(digits: str) -> str:
    """Thousands, lakhs and crores: 1,23,45,678."""
    head, tail = digits[:-3], digits[-3:]
    pairs = re.findall(r"\d{1,2}", head[::-1])
    return ",".join([*(pair[::-1] for pair in reversed(pairs)), tail])
