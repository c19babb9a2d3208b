"""As much of PromQL as tells which metrics an expression reads, and by which labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TEXT: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_COMMENT: Final = re.compile(r"#[^\n]*")
_RANGE: Final = re.compile(r"\[[^\]]*\]")
_GROUPED: Final = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_NAME: Final = re.compile(r"(?<![\w.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?")
_MATCHED: Final = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_WORDS: Final = frozenset({"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric, with the labels that are matched."""

    metric: str
    labels: frozenset[str]


def readings(expression: str) -> Iterator[Reading]:
    """Every metric that is read."""
    bare = _RANGE.sub("", _TEXT.sub("", _COMMENT.sub("", expression)))
    for name, matched, call in _NAME.findall(_GROUPED.sub("", bare)):
        if not call and name.lower() not in _WORDS:
            yield Reading(name, frozenset(_MATCHED.findall(matched)))


def grouped_by(expression: str) -> frozenset[str]:
    """Every label by which something is summed up or joined."""
    bare = _TEXT.sub("", _COMMENT.sub("", expression))
    listed = ",".join(labels for _, labels in _GROUPED.findall(bare))
    return frozenset(one.strip() for one in listed.split(",") if one.strip())
