"""How the finals of one turn become one text, and when two texts have the same words."""

import pytest

from pipeline.words import join_parts, same_words, words_beyond


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["How much does it?", "cost."], "How much does it cost."),
        (["Hello.", "What time is it?"], "Hello. What time is it?"),
        (["I want to", "book a table."], "I want to book a table."),
        (["मेरा नंबर है।", "नौ आठ"], "मेरा नंबर है। नौ आठ"),
        ([], ""),
    ],
)
def test_a_sentence_that_goes_on_loses_the_end_that_a_flush_gave_it(
    parts: list[str], text: str
) -> None:
    assert join_parts(parts) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What time is it", "what time is it?"),
        ("Well, yes.", "well yes"),
        ("धन्यवाद।", "धन्यवाद"),
        ("", "..."),
        ("A table for two", "A table for 2."),
        ("Okay", "OK."),
        ("okay", "o.k."),
        ("मुझे दो टेबल चाहिए", "मुझे २ टेबल चाहिए।"),
        ("मुझे दो टेबल चाहिए", "मुझे 2 टेबल चाहिए"),
        ("पाँच", "पांच"),
        ("नौ आठ सात", "987"),
        ("twenty-five", "25"),
        ("two hundred and fifty rupees", "₹250"),
        ("two hundred fifty thousand", "2,50,000"),
        ("one lakh fifty thousand", "1,50,000"),
        ("1.5 lakh", "150000"),
        ("एक लाख पचास हज़ार", "१,५०,०००"),
        ("my number is nine eight double seven oh one", "My number is 98 7701."),
        ("in twenty twenty six", "in 2026"),
        ("at five thirty p.m.", "at 5:30 PM"),
        ("the first of march", "The 1st of March"),
        ("three point five percent", "3.5%"),
        ("I don't know", "I do not know."),
        ("it's fine", "its fine"),
        ("um, I can't come", "I cannot come"),
        ("write to info at example dot com", "Write to info@example.com."),
        ("the e-mail", "the email"),
        ("no 007", "No. 007"),
        ("ক্ষমা করুন পাঁচ", "ক্ষমা করুন ৫"),
        ("ரெண்டு இரண்டு", "ரெண்டு 2"),
    ],
)
def test_the_same_words_may_have_another_form(one: str, other: str) -> None:
    assert same_words(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What time is it", "What time was it"),
        ("two tables", "tables two"),
        ("a table for two", "a table for ten"),
        ("twenty five", "twenty"),
        ("um", "no"),
        ("yes", ""),
        ("नहीं", "हाँ"),
        ("I can come", "I can't come"),
        ("1.5", "15"),
    ],
)
def test_other_words_are_no_form(one: str, other: str) -> None:
    assert not same_words(one, other)


@pytest.mark.parametrize(
    ("text", "start", "beyond"),
    [
        ("A table for 2, outside.", "a table for two", "outside."),
        ("A table for two", "a table for 2.", ""),
        ("A table for twenty five", "a table for twenty", None),
        ("No table", "a table", None),
        ("Yes.", "", "Yes."),
    ],
)
def test_words_beyond_a_beginning_are_found(text: str, start: str, beyond: str | None) -> None:
    assert words_beyond(text, start) == beyond
