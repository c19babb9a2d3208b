"""Whether a text passes the turn on."""

import pytest

from pipeline.asking import hands_over


@pytest.mark.parametrize(
    "text",
    [
        "Do you have a room",
        "How long does it take",
        "Okay, where is it",
        "When is it open",
        "I lost my card, can you block it",
        "You open at nine?",
        "yes",
        "No, thanks",
        "ठीक है",
        "haan ji",
        "kya aap Sunday ko khule hain",
        "आप कैसे हैं",
        "আপনি কখন খোলেন",
        "તમે ક્યારે ખોલો છો",
        "ನೀವು ಯಾವಾಗ ತೆರೆಯುತ್ತೀರಿ",
        "നിങ്ങൾ എപ്പോൾ തുറക്കും",
        "तुम्ही केव्हा उघडता",
        "ଆପଣ କେବେ ଖୋଲନ୍ତି",
        "ਤੁਸੀਂ ਕਦੋਂ ਖੋਲ੍ਹਦੇ ਹੋ",
        "நீங்கள் எப்போது திறப்பீர்கள்",
        "మీరు ఎప్పుడు తెరుస్తారు",
    ],
)
def test_a_question_or_a_yes_hands_over(text: str) -> None:
    assert hands_over(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!.",
        "I need a taxi",
        "When I get home I call you",
        "Yes I lost my card",
        "मुझे टेबल चाहिए",
    ],
)
def test_who_tells_something_may_go_on(text: str) -> None:
    assert not hands_over(text.replace("?!", ""))
