from cli.doctor.report import table, talk_report
from control_api.health.checks.finding import Finding
from control_api.talk.conversation import Talk
from control_api.talk.judging import Judged


def test_a_table_tells_needed_from_optional() -> None:
    lines = table(
        [
            Finding("postgres", "h:1", is_ok=True, version="18.0", latency_ms=3),
            Finding("livekit", "ws://h", is_ok=False, advice="start it"),
            Finding("worker", "http://h", is_ok=False, is_needed=False, advice="later"),
        ]
    ).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["ok", "FAIL", "away"]
    assert lines[2].endswith("start it")


def test_a_talk_is_shown_stage_by_stage_then_what_to_do() -> None:
    talk = Talk(model="kimi-k2.5 at openrouter", heard="Hello.", recognition_ms=90)
    talk.punctuation = "end"
    talk.advice = ["the model did not answer: choose another, or another host"]
    lines = talk_report(talk).splitlines()

    assert [line.split("  ")[0] for line in lines] == [
        *("model", "heard", "answer", "recognition", "first token", "voice", "total"),
        *("full stops", "to do"),
    ]
    assert lines[3].endswith("90 ms")
    assert lines[6].endswith(" -")
    assert lines[7].endswith("only at the end")


def test_a_talk_shows_how_well_the_model_tells_that_a_caller_has_broken_off() -> None:
    judged = Judged(12, ("yes please",), "set tells_unfinished = true")
    lines = talk_report(Talk(), judged).splitlines()

    assert [line for line in lines if "told" in line or "set" in line] == [
        "broken off   11 of 12 told rightly",
        "told wrong   yes please",
        "to do        set tells_unfinished = true",
    ]
