"""Each of the catalog's languages says dates, times, amounts and signs in its own words."""

import pytest

from core.catalog import Catalog
from pipeline.spoken.languages import TABLES, language_of
from pipeline.spoken.reader import read

LANGUAGES = [language.id for language in Catalog.load().languages]

SAID = {
    "en-IN": "12 March 2026, 10:15 PM; 2.5 lakh rupees, 10 to 12, about 500, number 1",
    "hi-IN": "12 मार्च 2026, रात 10:15; 2.5 लाख रुपये, 10 से 12, लगभग 500, नंबर 1",
    "bn-IN": "12 মার্চ 2026, রাত 10:15; 2.5 লাখ টাকা, 10 থেকে 12, প্রায় 500, নম্বর 1",
    "ta-IN": "12 மார்ச் 2026, இரவு 10:15; 2.5 லட்சம் ரூபாய், 10 முதல் 12, சுமார் 500, நம்பர் 1",
    "te-IN": "12 మార్చి 2026, రాత్రి 10:15; 2.5 లక్షల రూపాయలు, 10 నుండి 12, సుమారు 500, నంబర్ 1",
    "kn-IN": "12 ಮಾರ್ಚ್ 2026, ರಾತ್ರಿ 10:15; 2.5 ಲಕ್ಷ ರೂಪಾಯಿ, 10 ರಿಂದ 12, ಸುಮಾರು 500, ನಂಬರ್ 1",
    "ml-IN": "12 മാർച്ച് 2026, രാത്രി 10:15; 2.5 ലക്ഷം രൂപ, 10 മുതൽ 12, ഏകദേശം 500, നമ്പർ 1",
    "mr-IN": "12 मार्च 2026, रात्री 10:15; 2.5 लाख रुपये, 10 ते 12, सुमारे 500, नंबर 1",
    "gu-IN": "12 માર્ચ 2026, રાત્રે 10:15; 2.5 લાખ રૂપિયા, 10 થી 12, આશરે 500, નંબર 1",
    "pa-IN": "12 ਮਾਰਚ 2026, ਰਾਤ 10:15; 2.5 ਲੱਖ ਰੁਪਏ, 10 ਤੋਂ 12, ਲਗਭਗ 500, ਨੰਬਰ 1",
    "od-IN": "12 ମାର୍ଚ୍ଚ 2026, ରାତି 10:15; 2.5 ଲକ୍ଷ ଟଙ୍କା, 10 ରୁ 12, ପ୍ରାୟ 500, ନମ୍ବର 1",
}
WRITTEN = "12/03/2026, 22:15; ₹2.5 {lakh}, 10-12, ~500, #1"
SENTENCES = {
    "hi-IN": (
        "आपका ओटीपी ४८२९ है, १५०००० रुपये, ९८७६५ ४३२१० पर।",
        "आपका ओटीपी 4 8 2 9 है, 1,50,000 रुपये, 9 8 7 6 5, 4 3 2 1 0 पर।",
    ),
    "bn-IN": (
        "আপনার ওটিপি ৪৮২৯, ১৫০০০০ টাকা, ৯৮৭৬৫ ৪৩২১০।",
        "আপনার ওটিপি 4 8 2 9, 1,50,000 টাকা, 9 8 7 6 5, 4 3 2 1 0।",
    ),
    "ta-IN": (
        "உங்கள் ஓடிபி 4829, 150000 ரூபாய், 98765 43210.",
        "உங்கள் ஓடிபி 4 8 2 9, 1,50,000 ரூபாய், 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "te-IN": (
        "మీ ఓటీపీ 4829, 150000 రూపాయలు, 98765 43210.",
        "మీ ఓటీపీ 4 8 2 9, 1,50,000 రూపాయలు, 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "kn-IN": (
        "ನಿಮ್ಮ ಒಟಿಪಿ ೪೮೨೯, 150000 ರೂಪಾಯಿ, 98765 43210.",
        "ನಿಮ್ಮ ಒಟಿಪಿ 4 8 2 9, 1,50,000 ರೂಪಾಯಿ, 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "ml-IN": (
        "നിങ്ങളുടെ ഒടിപി 4829, 150000 രൂപ, 98765 43210.",
        "നിങ്ങളുടെ ഒടിപി 4 8 2 9, 1,50,000 രൂപ, 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "mr-IN": (
        "तुमचा ओटीपी ४८२९, १५०००० रुपये, ९८७६५ ४३२१०.",
        "तुमचा ओटीपी 4 8 2 9, 1,50,000 रुपये, 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "gu-IN": (
        "તમારો ઓટીપી ૪૮૨૯, ૧૫૦૦૦૦ રૂપિયા, ૯૮૭૬૫ ૪૩૨૧૦.",
        "તમારો ઓટીપી 4 8 2 9, 1,50,000 રૂપિયા, 9 8 7 6 5, 4 3 2 1 0.",
    ),
    "pa-IN": (
        "ਤੁਹਾਡਾ ਓਟੀਪੀ ੪੮੨੯, 150000 ਰੁਪਏ, 98765 43210।",
        "ਤੁਹਾਡਾ ਓਟੀਪੀ 4 8 2 9, 1,50,000 ਰੁਪਏ, 9 8 7 6 5, 4 3 2 1 0।",
    ),
    "od-IN": (
        "ଆପଣଙ୍କ ଓଟିପି ୪୮୨୯, 150000 ଟଙ୍କା, 98765 43210।",
        "ଆପଣଙ୍କ ଓଟିପି 4 8 2 9, 1,50,000 ଟଙ୍କା, 9 8 7 6 5, 4 3 2 1 0।",
    ),
    "en-IN": (
        "Your OTP 4829, 150000 rupees, 98765 43210.",
        "Your OTP 4 8 2 9, 1,50,000 rupees, 9 8 7 6 5, 4 3 2 1 0.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_and_dates_are_said_in_the_language(language: str) -> None:
    written = WRITTEN.format(lakh=language_of(language).scales["lakh"])
    assert read(written, language).spoken == SAID[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_number_is_is_told_by_the_words_of_the_language(language: str) -> None:
    written, spoken = SENTENCES[language]
    assert read(written, language).spoken == spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_and_codes_are_said_in_english_in_every_language(language: str) -> None:
    reading = read("first_last@example.co.in, ORD-48213, C#, 24/7", language)
    assert reading.spoken == (
        "first underscore last at example dot co dot in, O R D, 4 8 2 1 3, C sharp, 24 by 7"
    )


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "आपका order ORD-48213 है, call करें 98765 43210 पर",
            "आपका order O R D, 4 8 2 1 3 है, call करें 9 8 7 6 5, 4 3 2 1 0 पर",
        ),
        ("Meeting 12/03/2026 को है", "Meeting 12 मार्च 2026 को है"),
        (
            "The meeting is on 12/03/2026, 10-12 people",
            "The meeting is on 12 March 2026, 10 to 12 people",
        ),
        ("रात 22:15 बजे", "रात 10:15 बजे"),
        ("₹500/महीना, 5 * 3 = 15", "₹500 प्रति महीना, 5 गुणा 3 बराबर 15"),
        ("Tom & Jerry देखो, -5°C", "Tom और Jerry देखो, minus 5 डिग्री सेल्सियस"),
        ("आपका PIN 4829 है", "आपका PIN 4 8 2 9 है"),
    ],
)
def test_mixed_text_is_said_in_the_language_that_it_is_mixed_into(
    written: str, spoken: str
) -> None:
    assert read(written, "hi-IN").spoken == spoken


def test_every_language_of_the_catalog_has_its_table() -> None:
    assert {language.partition("-")[0] for language in LANGUAGES} == set(TABLES)
    assert language_of("or-IN") is language_of("od-IN")
    assert language_of("fr-FR") is language_of("en-IN")
    days = {language: read("2026-02-03", language).spoken for language in LANGUAGES}
    assert all(day.startswith("3 ") and day.endswith(" 2026") for day in days.values())
