"""What is only for eyes is taken out as markup, and never out of a word."""

import random
import time

import pytest

from pipeline.spoken.markup import MOST_HELD, Markup, as_written

KEPT = (
    "first_last@example.co.in",
    "C# and C++ and F#",
    "5 * 3 is 15, 5*3 too, and 10_000",
    "x_1 and snake_case_name and की_एक",
    "price 500* and ****1234",
    "dial *99# or *123*1#",
    "#1 of 3, and #45",
    "~500 people and a ~ b",
    "a < b, x<y, List<int> and 5 <6",
    "Minus - five, and 3 - 2",
    "don`t and can't",
    "see [note] or [1]",
    "it was built in 1653[1][2], they say",
    "₹ 500 and 20 %",
    "ന്‍ stays, र्‍य stays",
    "a | b and A&B; c",
    "Your alarm ⏰ is set → go",
)
REMOVED = (
    ("**Bold** and _soft_ and `code`", "Bold and soft and code"),
    ("***Both*** __strong__ *soft*!", "Both strong soft!"),
    ("**₹500** or *(maybe)*, **नमस्ते**।", "₹500 or (maybe), नमस्ते।"),
    ("**Note:** two **words in bold**s", "Note: two words in bolds"),
    ("~~no~~ yes", "no yes"),
    ("`first_last` and ``a_b``", "first_last and a_b"),
    ("# A heading #\ntext", "A heading text"),
    ("### Three", "Three"),
    ("- one\n- two\n  * three\n+ four", "one two three four"),
    ("• one", "one"),
    ("- [x] done\n- [ ] open", "done open"),
    ("1. Open\n2. Close", "1. Open 2. Close"),
    ("> quoted\n> more", "quoted more"),
    ("above\n---\nbelow\n***\nend", "above below end"),
    ("| Plan | Price |\n|:--|--:|\n| Basic | ₹500 |", "Plan Price Basic ₹500"),
    ("Read [the menu](https://x.y/z_(1)) first", "Read the menu first"),
    ("See ![a picture](a.png) and [**bold** link](u 'v')", "See a picture and bold link"),
    ("See [the menu][1] and [**ours**][].", "See the menu and ours."),
    ('So [it](u "title"), then[^1] that【4†source】.', "So it, then that."),
    ("This <b>is</b> <span class='x y'>so</span><br/>and <!-- not --> so", "This is so and so"),
    ("One<br>two <laugh> three", "One two three"),
    ('<speak>Hello <break time="1s"/>there</speak>', "Hello there"),
    ("Mail <ravi@x.in> or <https://x.in/a>", "Mail ravi@x.in or https://x.in/a"),
    ('Here:\n```json\n{"a_b": [1, 2]}\n```\nDone.', "Here: Done."),
    ('Here ```json {"a": 1}``` done', "Here done"),
    ("```\nx = 1\n```\nDone", "Done"),
    ("```text\nJust _words_.\n```\nDone", "Just words. Done"),
    ("Before ```python\nprint(1)", "Before"),
    (r"\*not bold\* and 5 \* 3", "*not bold* and 5 * 3"),
    ("Tom &amp; Jerry&nbsp;too", "Tom & Jerry too"),
    ("  much \n\n space ", "much space"),
)


@pytest.mark.parametrize("text", KEPT)
def test_a_sign_that_is_no_markup_stays(text: str) -> None:
    assert as_written(text) == text


@pytest.mark.parametrize(("text", "written"), REMOVED)
def test_markup_is_taken_out(text: str, written: str) -> None:
    assert as_written(text) == written


@pytest.mark.parametrize("text", [*KEPT, *(text for text, _ in REMOVED)])
def test_the_text_is_the_same_however_the_stream_is_cut(text: str) -> None:
    dice = random.Random(5)
    for _ in range(40):
        markup, told, rest = Markup(), "", text
        while rest:
            size = dice.choice((1, 1, 2, 3, 7))
            told += markup.push(rest[:size])
            rest = rest[size:]
        told += markup.end()
        assert " ".join(told.split()) == as_written(text)


def test_a_word_waits_for_its_end_and_no_longer() -> None:
    markup = Markup()
    assert markup.push("See **bo") == "See "
    assert markup.push("ld** now") == "bold "
    assert markup.end() == "now"


def test_a_block_that_is_open_says_nothing() -> None:
    markup = Markup()
    assert markup.push("Look: ```py\nfirst_") == "Look: \n"
    assert markup.push("line\n" * 1000) == ""
    assert markup.push("``` and on").split() == ["and"]


@pytest.mark.parametrize("begun", ["x", "[", "[a](", "<a ", "<!--", "【"])
def test_what_never_ends_is_text_after_a_while(begun: str) -> None:
    markup = Markup()
    told = "".join(markup.push(begun) for _ in range(4 * MOST_HELD))
    assert len(told) >= (4 * MOST_HELD - 1) * len(begun) - MOST_HELD


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "_",
        "*",
        "~",
        "`",
        "#",
        "[",
        "[a](",
        "<a ",
        "<a b=",
        "<!-",
        "|a",
        "**a ",
        "&a",
        "\\*",
        "\n> ",
    ],
)
def test_hostile_text_is_read_in_no_time(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    began = time.process_time()
    markup = Markup()
    for at in range(0, len(text), 5):
        markup.push(text[at : at + 5])
    markup.end()
    as_written(text)
    assert time.process_time() - began < 5.0
