"""What every group of settings is made of."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr


def setting(name: str, default: Any, meaning: str, **rules: Any) -> Any:
    """A field: its environment name, its default, what `.env.example` says of it."""
    return Field(default=default, alias=name, description=meaning, **rules)


def secret(name: str, default: str, meaning: str) -> Any:
    """A field that hides itself."""
    return Field(default=SecretStr(default), alias=name, description=meaning)


class Group(BaseModel):
    """A frozen group of settings whose aliases are environment names."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, allow_inf_nan=False)
