"""The sign for an unfinished turn, however a model writes it and however it is cut."""

import pytest

from pipeline.verdict import Judgement, SignReader, Verdict


def read(*tokens: str) -> tuple[str, Verdict | None]:
    reader = SignReader()
    said = "".join(map(reader.push, tokens))
    return said + reader.end(), reader.verdict


@pytest.mark.parametrize(
    "tokens",
    [
        ("…",),
        ("...",),
        (".", ".", "."),
        ("..", "."),
        (" ", "…"),
        ("\n\n…\n",),
        (". . .",),
        ("“", "…", "”"),
        ("**…**",),
        ("`", "...", "`"),
        ("(…)",),
        ("……",),
    ],
)
def test_a_sign_is_never_said(tokens: tuple[str, ...]) -> None:
    assert read(*tokens) == ("", Verdict.UNFINISHED)


@pytest.mark.parametrize(
    "tokens", [("… Go on, please.",), ("...", "I am", " listening."), ("…Yes?",)]
)
def test_words_behind_a_sign_are_not_said_either(tokens: tuple[str, ...]) -> None:
    assert read(*tokens) == ("", Verdict.UNFINISHED)


@pytest.mark.parametrize(
    "tokens",
    [
        ("We", " open at nine."),
        (" ", "“", "Sure", "”…"),
        ("Well… yes.",),
        (".5 percent.",),
        (".", "5 percent."),
        ("*", "Sure", "*"),
        (".",),
        (),
    ],
)
def test_an_answer_is_said_as_it_is(tokens: tuple[str, ...]) -> None:
    assert read(*tokens) == ("".join(tokens), Verdict.DONE)


def test_an_answer_is_told_by_its_first_word() -> None:
    reader = SignReader()
    assert [reader.push(" "), reader.verdict] == ["", None]
    assert [reader.push("We"), reader.verdict] == [" We", Verdict.DONE]


def test_a_verdict_is_about_the_words_that_were_asked_about() -> None:
    judgement = Judgement()
    judgement.tell("I want to", Verdict.UNFINISHED)
    assert judgement.of("I want to") is None, "nobody asked"
    judgement.ask("I want to")
    judgement.tell("I want", Verdict.DONE)
    assert judgement.of("I want to.") is Verdict.AWAITED
    judgement.tell("I want to", Verdict.UNFINISHED)
    assert judgement.of("i want to") is Verdict.UNFINISHED
    assert judgement.of("I want to go") is None


def test_a_verdict_is_overruled_once_for_each_answer() -> None:
    judgement = Judgement()
    judgement.ask("I want to")
    assert not judgement.overrule()
    judgement.tell("I want to", Verdict.UNFINISHED)
    assert [judgement.overrule(), judgement.overrule()] == [True, False]
    judgement.ask("I want to")
    assert judgement.overrule()
