"""Whether someone who said just this is likely to be done."""

import pytest

from pipeline.completeness import is_punctuated, looks_complete


@pytest.mark.parametrize(
    "text",
    [
        "What are your opening hours?",
        "What are your opening hours on Sunday",
        "I want to book a table.",
        "No.",
        "no thanks",
        "Yes please.",
        "Thank you.",
        "How are you",
        "Can you repeat it",
        'He said "go away"',
        "What is that for?",
        "My table is for 4 people",
        "At half past 5",
        "Where are you from",
        "When is it open",
        "Before I paid.",
        "If it rains on Sunday the tour is cancelled, I think",
        "When the light stays red you have to change it",
        "And what is this about",
        "Hello, what do you do",
        "Can you tell me where the shop is",
        "I would like to know how much it is",
        "I am not sure what the fees are",
        "Do you deliver on the weekend as well",
        "My number is 98765 43210",
        "nine eight seven six five four three two one zero",
        "मुझे एक टेबल चाहिए।",
        "आप कैसे हैं?",
        "aapka naam kya hai",
        "আমি একটা টেবিল চাই।",
        "મારે ટેબલ જોઈએ છે.",
        "ನನಗೆ ಟೇಬಲ್ ಬೇಕು.",
        "എനിക്ക് ഒരു ടേബിൾ വേണം.",
        "मला टेबल हवे आहे.",
        "ମୋତେ ଟେବୁଲ ଦରକାର।",
        "ਮੈਨੂੰ ਮੇਜ਼ ਚਾਹੀਦਾ ਹੈ।",
        "எனக்கு ஒரு மேசை வேண்டும்.",
        "నాకు ఒక టేబుల్ కావాలి.",
    ],
)
def test_a_finished_thought_looks_complete(text: str) -> None:
    assert looks_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?",
        "...",
        "I want to",
        "I want to.",
        "Book a table and",
        "Well, um",
        "Because,",
        "I was thinking...",
        "I was thinking…",
        "My name is",
        "I want to know what",
        "Could you please tell me",
        "I would like to know",
        "I have been waiting since",
        "मेरा नंबर है",
        "mera number hai",
        "If it rains on Sunday",
        "Thank you. Before I pay",
        "When I try to log in",
        "अगर आप कल आएँ",
        "The place that I come from",
        "The place where I live is",
        "What I want to know is",
        "I want to know what is",
        "Well, I paid so well",
        "Who is",
        "It costs 5 -",
        "nine eight seven",
        "My number is 98 76",
        "9",
        "मुझे टेबल चाहिए और",
        "अगर",
        "मेरा नंबर नौ आठ",
        "mujhe table chahiye lekin",
        "আমি চাই কিন্তু",
        "મારે જોઈએ છે પણ",
        "ನನಗೆ ಬೇಕು ಆದರೆ",
        "എനിക്ക് വേണം പക്ഷേ",
        "मला हवे आहे पण",
        "ମୋତେ ଦରକାର କିନ୍ତୁ",
        "ਮੈਨੂੰ ਚਾਹੀਦਾ ਹੈ ਪਰ",
        "எனக்கு வேண்டும் ஆனால்",
        "నాకు కావాలి కానీ",
    ],
)
def test_what_ends_open_goes_on(text: str) -> None:
    assert not looks_complete(text)


@pytest.mark.parametrize("text", ["Book a table.", "Really? ", "मुझे टेबल चाहिए।"])
def test_a_sentence_end_is_seen(text: str) -> None:
    assert is_punctuated(text)


@pytest.mark.parametrize("text", ["Book a table", "", "Well...", "Well…", "Yes,"])
def test_what_is_no_sentence_end_is_none(text: str) -> None:
    assert not is_punctuated(text)
