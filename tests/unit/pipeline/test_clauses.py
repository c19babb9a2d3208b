"""Tokens become pieces: early, whole, and fit to be spoken."""

import random
import re

import pytest

from pipeline.clauses import LONGEST_PIECE_CHARS, Clauses, Piece
from pipeline.spoken.reading import Reading

TEXTS = (
    "Sure, one moment please. Your table for four is booked for this evening at eight.",
    "It costs Rs. 1,200.50 in all, and pi is 3.14 or so. Dr. Rao will see you at 5 p.m. today.",
    "जी हाँ, आपकी बुकिंग हो गई है। कृपया शाम को आठ बजे आइए। धन्यवाद॥",
    "We are open every day of the week from nine in the morning until six in the evening",
    "See https://example.com/menu?day=1&x=2,3 for the menu; call +91-98765-43210 if not.",
    "First of all:\n- bread\n- butter\n- jam\nThat is all for today.",
    "1. Open the door.\n2. Close the door.\n3. Repeat that until it is evening.",
    "word " * 120,
    "നമസ്കാരം, നിങ്ങളുടെ ബുക്കിംഗ് ഉറപ്പായി. വൈകുന്നേരം എട്ട് മണിക്ക് വരൂ.",
)


def pieces_of(*tokens: str) -> list[Piece]:
    clauses = Clauses("en-IN")
    pieces = [piece for token in tokens for piece in clauses.push(token)]
    return [*pieces, *clauses.end()]


def split_anywhere(text: str, dice: random.Random) -> list[str]:
    tokens = []
    while text:
        size = dice.choice((1, 1, 2, 3, 5, 9, 30))
        tokens.append(text[:size])
        text = text[size:]
    return tokens


@pytest.mark.parametrize("text", TEXTS)
def test_no_word_is_lost_or_moved_however_the_tokens_fall(text: str) -> None:
    words = re.sub(r"^\s*- ", "", text, flags=re.MULTILINE).split()
    dice = random.Random(7)
    for _ in range(60):
        pieces = pieces_of(*split_anywhere(text, dice))
        assert " ".join(piece.reading.written for piece in pieces).split() == words
        assert all(0 < len(piece.reading.written) <= LONGEST_PIECE_CHARS for piece in pieces)
        assert pieces[-1].is_flushed


def by_word(text: str) -> list[str]:
    return [piece.reading.written for piece in pieces_of(*re.findall(r"\s*\S+", text))]


def test_the_first_clause_comes_on_its_own_as_soon_as_the_next_word_begins() -> None:
    clauses = Clauses("en-IN")
    assert clauses.push("Sure, one moment please.") == []
    assert clauses.push(" Your") == [
        Piece(Reading.verbatim("Sure, one moment please."), is_flushed=True)
    ]


def test_a_first_clause_that_is_too_short_waits_for_more() -> None:
    assert by_word("Yes, of course, we can.")[0] == "Yes, of course,"


@pytest.mark.parametrize(
    "opening", ["Sure!", "Yes.", "Of course.", "जी।", "ज़रूर।", "ঠিক আছে।", "हो?"]
)
def test_an_opening_sentence_goes_out_however_short_it_is(opening: str) -> None:
    clauses = Clauses("en-IN")
    assert clauses.push(opening) == []
    assert clauses.push(" We") == [Piece(Reading.verbatim(opening), is_flushed=True)]


@pytest.mark.parametrize(
    "text",
    [
        "1. Open the door of the house and go in.",
        "10. Open the door of the house and go in.",
        "Dr. Rao will see you this evening at his house.",
        "Shri. Rao will see you this evening at his house.",
        "A. Rao will see you this evening at his house.",
        "... And then we went home in the evening.",
    ],
)
def test_what_only_looks_like_a_sentence_does_not(text: str) -> None:
    assert len(by_word(text)[0]) >= 12


def test_what_follows_a_short_opening_is_not_kept_until_its_sentence_is_whole() -> None:
    pieces = pieces_of(*re.findall(r"\s*\S+", "Sure! We are open from nine to six on every day."))
    assert pieces[:2] == [
        Piece(Reading.verbatim("Sure!"), is_flushed=True),
        Piece(Reading.verbatim("We are open from nine to six on"), is_flushed=False),
    ]


def test_only_one_short_sentence_is_spoken_on_its_own() -> None:
    assert by_word("Sure! Yes! No! We are open.") == ["Sure!", "Yes! No! We are open."]


def test_without_punctuation_the_first_piece_comes_at_thirty_characters_unflushed() -> None:
    pieces = pieces_of(*re.findall(r"\s*\S+", "We are open from nine to six on every single day."))
    assert pieces[0] == Piece(Reading.verbatim("We are open from nine to six on"), is_flushed=False)
    assert pieces[-1].is_flushed


def test_later_pieces_are_sentences_of_some_length() -> None:
    first, *later = by_word(
        "Of course, sir. It is. It was. It will be so for a long time, I hope. Is that fine?"
    )
    assert first == "Of course, sir."
    assert later == ["It is. It was. It will be so for a long time, I hope.", "Is that fine?"]


@pytest.mark.parametrize(
    "text",
    [
        "You owe Rs. 1,200.50 to us",
        "The value is 3.14159 sharp",
        "Please ask Dr. Rao for it",
        "It is with J. R. Tata now",
        "Any fruit, e.g. apples",
        "Look at example.com/a.b",
    ],
)
def test_a_dot_inside_a_number_a_name_or_an_address_ends_nothing(text: str) -> None:
    assert by_word(text)[0].split()[-1] in (text.split()[-1], "fruit,")


def test_a_danda_ends_a_sentence() -> None:
    assert by_word("आपकी बुकिंग हो गई है। कृपया आइए।")[0] == "आपकी बुकिंग हो गई है।"


def test_a_model_that_never_punctuates_is_cut_between_words() -> None:
    pieces = by_word("word " * 120)
    assert len(pieces) > 2
    assert all(set(piece.split()) == {"word"} for piece in pieces)


def test_a_word_without_end_is_cut_all_the_same() -> None:
    pieces = pieces_of("A" * 1000)
    assert "".join(piece.reading.written for piece in pieces) == "A" * 1000
    assert max(len(piece.reading.written) for piece in pieces) <= LONGEST_PIECE_CHARS


NUMBERS = (
    "You can reach our office tomorrow on +91 98765 43210 or 1800 123 4567, any time.",
    "For the last two months the bill is Rs. 150000 rupees or 2.5 lakh in all, due 12/03/2026.",
    "Please tell the driver that your one time password is 4829 and your order is ORD-48213.",
    "The shop is open for you on every single day from 9 - 6, at least 10 – 12 hours a day.",
    "Write to **first_last@example.co.in** or see [the menu](https://x.in/a_b), _please_. C# 5 * 3",
    'Here:\n```json\n{"a": 1}\n```\n- one ⏰\n- two\n| a | b |\n|---|---|\n| c | d |\nDone.',
    "आपका ओटीपी 4829 है, और कृपया इस नंबर पर बात करें 98765 43210 या फिर ₹2.5 लाख भेजें।",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_said_is_the_same_however_the_tokens_fall(text: str) -> None:
    whole = " ".join(piece.reading.spoken for piece in pieces_of(text))
    dice = random.Random(11)
    for _ in range(60):
        pieces = pieces_of(*split_anywhere(text, dice))
        assert " ".join(piece.reading.spoken for piece in pieces) == whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("You can reach us every day on 98765 43210 until nine in the evening", "98765 43210"),
        ("The price of that one will be Rs. 150000 rupees for you and yours", "Rs. 150000 rupees"),
        ("It is open for you every day from 10 – 12 and then again later on", "10 – 12"),
        ("We have very many lovely rooms & breakfast for you and yours", "rooms & breakfast"),
        ("Your payment came from the card XXXX XXXX 9012 this morning", "XXXX XXXX 9012"),
    ],
)
def test_no_piece_ends_within_a_number(text: str, number: str) -> None:
    assert any(number in piece for piece in by_word(text))


def test_digits_without_end_are_cut_all_the_same() -> None:
    pieces = pieces_of(*["98765 "] * 500)
    assert all(len(piece.reading.written) <= LONGEST_PIECE_CHARS for piece in pieces)
    assert " ".join(piece.reading.written for piece in pieces).split() == ["98765"] * 500


def test_the_end_of_a_line_ends_what_is_said_of_it() -> None:
    first, *_ = pieces_of("Here are the plans\n", "- Basic\n", "- Pro\n")
    assert first.reading.written == "Here are the plans"
    assert first.reading.spoken == "Here are the plans."


@pytest.mark.parametrize("written", ["", " ", "...", "—", "👍", "**", "---", "!?"])
def test_what_holds_no_word_is_nothing_to_say(written: str) -> None:
    assert pieces_of(written) == []
