"""Listening noises do not take the turn; words do."""

import pytest

from pipeline.backchannel import is_backchannel


@pytest.mark.parametrize(
    "text",
    [
        "mm-hm",
        "Mm-hmm.",
        "OK",
        "Okay, okay.",
        "Yeah, I see.",
        "Right...",
        "haan ji",
        "हाँ जी",
        "ठीक है।",
        "আচ্ছা",
        "হ্যাঁ, ঠিক আছে।",
        "બરાબર",
        "ಸರಿ ಸರಿ",
        "ശരി",
        "ठीक आहे",
        "ଠିକ୍ ଅଛି",
        "ਹਾਂ ਜੀ",
        "ஆமாம் சரி",
        "అవును",
    ],
)
def test_a_listening_noise_is_a_backchannel(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "no",
        "stop",
        "ok stop",
        "yes yes yes yes",
        "okay but wait",
        "रुको",
        "नहीं",
        "ठीक है लेकिन",
        "না",
        "வேண்டாம்",
        "వద్దు",
    ],
)
def test_words_are_no_backchannel(text: str) -> None:
    assert not is_backchannel(text)
