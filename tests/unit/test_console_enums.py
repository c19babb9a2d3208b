"""The closed lists of words, as the console has them."""

from pathlib import Path

from tests.console_enums import typescript

CONSOLE = Path(__file__).parents[2] / "console" / "src" / "api" / "enums.ts"


def test_the_console_knows_each_word_that_the_api_may_say() -> None:
    assert CONSOLE.read_text(encoding="utf-8") == typescript(), (
        "write it anew: python -m tests.console_enums > console/src/api/enums.ts"
    )


def test_the_words_of_a_field_are_named_by_schema_and_field() -> None:
    written = typescript()

    assert '  SessionStatus: ["created", "active", "completed", "failed", "timeout"],\n' in written
    assert '  VoiceModelStatus: ["available", "maintenance", "retired"],\n' in written
    assert "  TalkedPunctuation: [" in written
    assert "en-IN" not in written
