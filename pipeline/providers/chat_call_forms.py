"""The forms in which templates write calls down, each with its reader.

A reader yields what it finds of its form: a name, arguments as a JSON text or as values by their
names, and an id, empty where the form has none.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from pipeline.ports import Tool

_NAME_KEYS: Final = ("name", "tool_name", "function_name", "function", "tool", "action")
_ARGUMENT_KEYS: Final = (
    "arguments",
    "parameters",
    "args",
    "input",
    "action_input",
    "params",
    "kwargs",
)
_PREFIXES: Final = ("functions.", "function.", "default_api.", "tools.", "call:")
_COUNTED: Final = re.compile(r"(?P<name>[\w.\-]+):\d+$")
_KIMI: Final = re.compile(
    r"(?P<id>[^\s<>{]{1,128})\s*<\|tool_call_argument_begin\|>(?P<arguments>.*?)(?=<\|tool_call_|$)",
    re.S,
)
_BARE_KIMI: Final = re.compile(r"\s*(?P<id>functions\.[\w\-]+:\d+)\s*(?P<arguments>.*)$", re.S)
_DEEPSEEK: Final = re.compile(
    r"(?:<｜tool▁call▁begin｜>)?(?:\s*function<｜tool▁sep｜>)?\s*(?P<name>[\w.\-]+)\s*"
    r"(?:<｜tool▁sep｜>|\n\s*```(?:json)?)(?P<arguments>.*?)(?=<｜tool▁call▁end｜>|<｜tool▁call▁begin｜>|$)",
    re.S,
)
_FUNCTION: Final = re.compile(
    r"<(?:function=|function\s+name=|invoke\s+name=)[\"']?(?P<name>[\w.\-:]+)[\"']?\s*>"
    r"(?P<body>.*?)(?:</(?:function|invoke)>|(?=<(?:function=|invoke ))|$)",
    re.S,
)
_PARAMETER: Final = re.compile(
    r"<parameter(?:=|\s+name=)[\"']?(?P<key>[\w.\-]+)[\"']?[^>]*>(?P<value>.*?)"
    r"(?:</parameter>|(?=<parameter)|$)",
    re.S,
)
_GLM: Final = re.compile(r"\s*(?P<name>[\w.\-]+)\s*(?P<body>(?:<arg_key>.*)?)$", re.S)
_GLM_PAIR: Final = re.compile(
    r"<arg_key>(?P<key>.*?)</arg_key>\s*<arg_value>(?P<value>.*?)(?:</arg_value>|$)", re.S
)
_K3: Final = re.compile(
    r"call\s+tool=\"(?P<name>[^\"]+)\"[^<]*<\|sep\|>(?P<body>.*?)<\|close\|>call", re.S
)
_K3_PAIR: Final = re.compile(
    r"argument\s+key=\"(?P<key>[^\"]+)\"[^<]*<\|sep\|>(?P<value>.*?)(?:<\|close\|>)?argument<\|sep\|>",
    re.S,
)
_NAMED: Final = re.compile(
    r"(?:\[TOOL_CALLS\])?\s*(?P<name>[\w.\-:]+?)(?:\[CALL_ID\](?P<id>[\w\-]+))?(?:\[ARGS\]|\s*(?=\{))"
)
_GEMMA: Final = re.compile(r"call:(?P<name>[\w.\-]+)\s*(?=\{)")
_GEMMA_QUOTES: Final = re.compile(r"<escape>(.*?)<escape>|<\|\"\|>(.*?)<\|\"\|>", re.S)
_BARE_KEY: Final = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
_DECODER: Final = json.JSONDecoder(strict=False)
_FENCE: Final = re.compile(r"^\s*```[\w-]*|```\s*$")
Found = tuple[str, Any, str]
"""A name, arguments (JSON text, or values by their names), an id."""


def known_name(name: str, tools: Sequence[Tool]) -> str:
    """A tool's name without what templates put around it."""
    name = name.strip().partition("<")[0].strip(" \t\r\n\"'")
    names = {tool.name for tool in tools}
    for prefix in _PREFIXES:
        if name not in names:
            name = name.removeprefix(prefix)
    counted = _COUNTED.match(name)
    return counted["name"] if counted and name not in names else name


def _kimi(text: str, _: Sequence[Tool]) -> Iterator[Found]:
    for found in _KIMI.finditer(text):
        yield found["id"], found["arguments"], found["id"]
    if bare := _BARE_KIMI.match(text):
        yield bare["id"], bare["arguments"], bare["id"]


def _deepseek(text: str, _: Sequence[Tool]) -> Iterator[Found]:
    if "<｜tool▁sep｜>" not in text:
        return
    for found in _DEEPSEEK.finditer(text):
        yield found["name"], re.sub(r"```(?:json)?", "", found["arguments"]), ""


def _k3(text: str, tools: Sequence[Tool]) -> Iterator[Found]:
    for found in _K3.finditer(text):
        yield found["name"], _pairs(_K3_PAIR, found, tools), ""


def _functions(text: str, tools: Sequence[Tool]) -> Iterator[Found]:
    for found in _FUNCTION.finditer(text.replace("｜DSML｜", "")):
        body = found["body"].strip()
        is_json = body.startswith("{")
        yield found["name"], body if is_json else _pairs(_PARAMETER, found, tools), ""


def _objects(text: str, _: Sequence[Tool]) -> Iterator[Found]:
    for value in json_values(text):
        yield from _of_value(value)


def _of_value(value: Any) -> Iterator[Found]:
    if isinstance(value, list):
        for one in value:
            yield from _of_value(one)
    if not isinstance(value, Mapping):
        return
    for key in ("tool_calls", "tool_call", "function_call", "function"):
        if isinstance(value.get(key), list | Mapping):
            yield from _of_value(value[key])
            return
    name = next((value[key] for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
    arguments = next((value[key] for key in _ARGUMENT_KEYS if key in value), None)
    if name is not None and (arguments is not None or len(value) == 1):
        yield name, {} if arguments is None else arguments, str(value.get("id") or "")


def _named_objects(text: str, _: Sequence[Tool]) -> Iterator[Found]:
    at = 0
    while found := _NAMED.match(text, at):
        parsed = _decoded(text, found.end())
        if parsed is None or not isinstance(parsed[0], dict):
            return
        yield found["name"], parsed[0], found["id"] or ""
        at = parsed[1]


def _gemma(text: str, _: Sequence[Tool]) -> Iterator[Found]:
    for found in _GEMMA.finditer(text):
        quoted: list[str] = []

        def keep(match: re.Match[str], quoted: list[str] = quoted) -> str:
            quoted.append(match[1] if match[1] is not None else match[2])
            return f'"\0{len(quoted) - 1}"'

        rest = _BARE_KEY.sub(r'\1"\2":', _GEMMA_QUOTES.sub(keep, text[found.end() :]))
        parsed = _decoded(rest.replace('"\0', '"\\u0000'), 0)
        if parsed is not None and isinstance(parsed[0], dict):
            yield found["name"], _unquoted(parsed[0], quoted), ""


def _unquoted(value: Any, quoted: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _unquoted(one, quoted) for key, one in value.items()}
    if isinstance(value, list):
        return [_unquoted(one, quoted) for one in value]
    if isinstance(value, str) and value.startswith("\0"):
        return quoted[int(value[1:])]
    return value


def unfenced(text: str) -> str:
    """What is within a code fence, or the text where there is none."""
    return _FENCE.sub("", text.strip()).strip()


def _python(text: str, tools: Sequence[Tool]) -> Iterator[Found]:
    source = unfenced(text)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if known_name(name, tools) in {tool.name for tool in tools}:
                with suppress(ValueError, TypeError, SyntaxError):
                    yield name, _arguments(node, known_name(name, tools), tools), ""


def _arguments(node: ast.Call, name: str, tools: Sequence[Tool]) -> dict[str, Any]:
    values = {one.arg: ast.literal_eval(one.value) for one in node.keywords if one.arg}
    unnamed = zip(_schema(name, tools), node.args, strict=False)
    return {key: ast.literal_eval(value) for key, value in unnamed} | values


def _glm(text: str, tools: Sequence[Tool]) -> Iterator[Found]:
    found = _GLM.match(text)
    if found and (found["body"] or known_name(found["name"], tools) in {t.name for t in tools}):
        yield found["name"], _pairs(_GLM_PAIR, found, tools), ""


FORMS: Final[tuple[Callable[[str, Sequence[Tool]], Iterator[Found]], ...]] = (
    _kimi,
    _deepseek,
    _k3,
    _functions,
    _gemma,
    _objects,
    _named_objects,
    _python,
    _glm,
)


# Their parts


def _pairs(pair: re.Pattern[str], found: re.Match[str], tools: Sequence[Tool]) -> dict[str, Any]:
    """Arguments that are written as text each, of the types that the tool's schema names."""
    schema = _schema(known_name(found["name"], tools), tools)
    return {
        one["key"].strip(): _typed(one["value"].strip("\n"), schema.get(one["key"].strip()))
        for one in pair.finditer(found["body"])
    }


def _schema(name: str, tools: Sequence[Tool]) -> Mapping[str, Any]:
    for tool in tools:
        if tool.name == name:
            properties = tool.parameters.get("properties")
            return properties if isinstance(properties, Mapping) else {}
    return {}


def _typed(text: str, schema: Any) -> Any:
    if isinstance(schema, Mapping) and schema.get("type") == "string":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def json_values(text: str) -> Iterator[Any]:
    """The objects and lists that stand in a text, one after the other."""
    at = 0
    while (begins := re.compile(r"[{\[]").search(text, at)) is not None:
        try:
            value, at = _DECODER.raw_decode(text, begins.start())
        except ValueError:
            at = begins.start() + 1
        except RecursionError:  # nor can what is within it be read, in any time
            return
        else:
            yield value


def _decoded(text: str, at: int) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
