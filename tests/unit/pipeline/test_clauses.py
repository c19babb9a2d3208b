"""Tokens become pieces: early, whole, and fit to be spoken."""

import random
import re

import pytest

from pipeline.clauses import LONGEST_PIECE_CHARS, Clauses, Piece, speakable

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
    clauses = Clauses()
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
        assert " ".join(piece.text for piece in pieces).split() == words
        assert all(0 < len(piece.text) <= LONGEST_PIECE_CHARS for piece in pieces)
        assert pieces[-1].is_flushed


def by_word(text: str) -> list[str]:
    return [piece.text for piece in pieces_of(*re.findall(r"\s*\S+", text))]


def test_the_first_clause_comes_on_its_own_as_soon_as_the_next_word_begins() -> None:
    clauses = Clauses()
    assert clauses.push("Sure, one moment please.") == []
    assert clauses.push(" Your") == [Piece("Sure, one moment please.", is_flushed=True)]


def test_a_first_clause_that_is_too_short_waits_for_more() -> None:
    assert by_word("Yes, of course, we can.")[0] == "Yes, of course,"


def test_without_punctuation_the_first_piece_comes_at_thirty_characters_unflushed() -> None:
    pieces = pieces_of(*re.findall(r"\s*\S+", "We are open from nine to six on every single day."))
    assert pieces[0] == Piece("We are open from nine to six on", is_flushed=False)
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
    assert "".join(piece.text for piece in pieces) == "A" * 1000
    assert max(len(piece.text) for piece in pieces) <= LONGEST_PIECE_CHARS


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**Bold** and _soft_ and `code`", "Bold and soft and code"),
        ("# A heading", "A heading"),
        ("- one\n- two", "one two"),
        ("• one", "one"),
        ("Read [the menu](https://x.y/z) first", "Read the menu first"),
        ("Done 👍🏽 ✨ well ❤️", "Done well"),
        ("A family 👨‍👩‍👧 room", "A family room"),
        ("Press 1️⃣ now", "Press 1 now"),
        ("Minus - five", "Minus - five"),
        ("ന്‍ stays, र्‍य stays", "ന്‍ stays, र्‍य stays"),
        ("₹ 500 and 20 %", "₹ 500 and 20 %"),
        ("That is 5*3 or 10_000", "That is 5*3 or 10_000"),
        ("  much \n\n space ", "much space"),
    ],
)
def test_what_is_only_for_eyes_is_not_spoken(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


@pytest.mark.parametrize("written", ["", " ", "...", "—", "👍", "**", "---", "!?"])
def test_what_holds_no_word_is_nothing_to_say(written: str) -> None:
    assert pieces_of(written) == []
