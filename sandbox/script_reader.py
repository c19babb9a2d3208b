"""Reads plain data (a TOML table) into frozen dataclasses, naming the key of every mistake."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ScriptError(ValueError):
    """The data does not describe a script; the message names the key and the rule."""


@dataclass(frozen=True)
class Rule:
    """What a field's value must satisfy, kept in the field's metadata under ``rule``."""

    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Any, key: str) -> None:
        if self.choices and value not in self.choices:
            raise ScriptError(f"{key}: {value!r} is not one of {', '.join(self.choices)}")
        if self.least is not None and value < self.least:
            raise ScriptError(f"{key}: {value} is below {self.least:g}")
        if self.most is not None and value > self.most:
            raise ScriptError(f"{key}: {value} is above {self.most:g}")


def read_table(cls: type[T], data: object, key: str = "") -> T:
    """Build ``cls`` (a dataclass of scalars, tuples and dataclasses) from one table.

    Raises:
        ScriptError: an unknown key, a missing one, a wrong type or a broken rule.
    """
    if not isinstance(data, Mapping):
        raise ScriptError(f"{key or 'the script'}: expected a table")
    hints = get_type_hints(cls)
    known: dict[str, Field[Any]] = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise ScriptError(f"{_join(key, str(name))}: unknown key; known: {', '.join(known)}")
    values = {}
    for name, field in known.items():
        path = _join(key, name)
        if name in data:
            values[name] = _read_value(hints[name], data[name], path)
            rule = field.metadata.get("rule")
            if rule is not None and values[name] is not None:
                rule.check(values[name], path)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ScriptError(f"{path}: missing")
    return cls(**values)


def _read_value(hint: Any, value: object, key: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        return _read_value(inner, value, key)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ScriptError(f"{key}: expected a list")
        item = get_args(hint)[0]
        return tuple(_read_value(item, v, f"{key}[{i}]") for i, v in enumerate(value))
    if is_dataclass(hint):
        return read_table(hint, value, key)  # type: ignore[arg-type]
    return _read_scalar(hint, value, key)


def _read_scalar(hint: type, value: object, key: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ScriptError(f"{key}: expected {hint.__name__}, got {type(value).__name__}")
    return value


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
