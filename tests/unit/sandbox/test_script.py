import tomllib
from pathlib import Path

import pytest

import sandbox
from sandbox.script import load_script, parse_script
from sandbox.script_reader import ScriptError


def test_an_empty_script_has_the_documented_latencies() -> None:
    script = parse_script({})

    assert (script.stt.latency_ms, script.chat.first_token_ms, script.tts.first_byte_ms) == (
        50,
        100,
        80,
    )


def test_nested_lists_of_tables_become_dataclasses() -> None:
    script = parse_script({"stt": {"utterances": [{"text": "hello", "speech_ms": 400}]}})

    assert script.stt.utterances[0].text == "hello"
    assert script.stt.utterances[0].speech_ms == 400


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"sst": {}}, "sst: unknown key"),
        ({"stt": {"latency": 5}}, "stt.latency: unknown key"),
        ({"stt": {"latency_ms": "fast"}}, "stt.latency_ms: expected int, got str"),
        ({"stt": {"latency_ms": True}}, "stt.latency_ms: expected int, got bool"),
        ({"stt": {"latency_ms": -1}}, "stt.latency_ms: -1 is below 0"),
        ({"stt": {"utterances": [{"speech_ms": 3}]}}, r"stt.utterances\[0\].text: missing"),
        ({"stt": {"utterances": {}}}, "stt.utterances: expected a list"),
        ({"chat": []}, "chat: expected a table"),
        ({"chat": {"faults": [{"kind": "sulk"}]}}, r"chat.faults\[0\].kind: 'sulk' is not one of"),
        ({"chat": {"rules": [{"match": "(", "reply": ""}]}}, "match: '\\(' is no regular"),
        ({"stt": {"faults": [{"close_code": 5000}]}}, r"close_code: 5000 is above 4999"),
    ],
)
def test_a_wrong_key_or_value_is_named(data: dict[str, object], key: str) -> None:
    with pytest.raises(ScriptError, match=key):
        parse_script(data)


def test_the_readmes_script_is_a_script() -> None:
    readme = Path(sandbox.__file__).with_name("README.md").read_text("utf-8")
    text = readme.partition("```toml\n")[2].partition("```")[0]
    script = parse_script(tomllib.loads(text))

    assert [entry.speech_ms for entry in script.stt.utterances] == [1800, None, 1400]
    assert [fault.kind for fault in script.chat.faults] == ["status", "mid_stream", "late", "empty"]


def test_a_whole_number_is_good_where_a_fraction_is_expected() -> None:
    assert parse_script({"tts": {"realtime_factor": 5}}).tts.realtime_factor == 5.0


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[stt\n")

    with pytest.raises(ScriptError, match=r"broken\.toml"):
        load_script(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"absent\.toml: No such file"):
        load_script(tmp_path / "absent.toml")


def test_a_call_is_read_with_its_rule() -> None:
    rule = {"match": "book", "reply": "Done.", "tool_calls": [{"name": "book"}]}

    script = parse_script({"chat": {"rules": [rule]}})

    (call,) = script.chat.rules[0].tool_calls
    assert (call.name, call.arguments) == ("book", "{}")
