"""What both recognition sockets and the REST call check in the same way."""

import json

MODES = ("transcribe", "translate", "verbatim", "translit", "codemix")
_KEYTERMS_MODEL = "saaras:v4"
_MAX_KEYTERMS = 50
_MAX_KEYTERM_CHARS = 64


class ConfigError(ValueError):
    """A value that the provider refuses; the message is what it says to the client."""


def check_keyterms(text: str, model: str) -> None:
    """``text`` is the JSON array of a query or form field. Raises ConfigError."""
    if _parse_keyterms(text) and model != _KEYTERMS_MODEL:
        raise ConfigError(f"keyterms need model {_KEYTERMS_MODEL}")


def _parse_keyterms(text: str) -> list[str]:
    try:
        terms = json.loads(text)
    except ValueError as exc:
        raise ConfigError("keyterms must be a JSON array") from exc
    if terms is None:  # the SDK's form of "none given"
        return []
    if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
        raise ConfigError("keyterms must be a JSON array of strings")
    if len(terms) > _MAX_KEYTERMS or any(len(term) > _MAX_KEYTERM_CHARS for term in terms):
        raise ConfigError(
            f"keyterms takes at most {_MAX_KEYTERMS} terms of {_MAX_KEYTERM_CHARS} characters"
        )
    return terms


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ConfigError(f"{name} must be one of {', '.join(choices)}")
    return value
