import pytest

from sandbox.tts_socket import split_sentences, split_whole_words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hello there, fri", ("Hello there, ", "fri")),
        ("Hello there.", ("Hello there.", "")),
        ("Hello ", ("Hello ", "")),
        ("Hel", ("", "Hel")),
    ],
)
def test_only_whole_words_are_said_before_a_flush(text: str, parts: tuple[str, str]) -> None:
    assert split_whole_words(text) == parts


def test_sentences_are_joined_up_to_the_bound() -> None:
    assert split_sentences("One two. Three four. Five.", 20) == ["One two. Three four.", "Five."]


def test_a_decimal_point_ends_no_sentence() -> None:
    assert split_sentences("It is 3.5 km. Walk.", 14) == ["It is 3.5 km.", "Walk."]


def test_a_long_sentence_is_split_between_words() -> None:
    chunks = split_sentences("word " * 40, 50)

    assert " ".join(chunks).split() == ["word"] * 40
    assert all(len(chunk) <= 50 for chunk in chunks)


def test_blank_text_is_nothing_to_say() -> None:
    assert split_sentences("  \n ", 50) == []
