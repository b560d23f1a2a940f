"""Strict reading of plain data into dataclasses: unknown keys and wrong types are named."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from training.errors import ExperimentError, nearest

T = TypeVar("T")


def build(cls: type[T], data: Mapping[str, Any], where: str) -> T:
    """Make ``cls``, a dataclass, from plain data.

    Parameters
    ----------
    cls : type
        A dataclass whose fields are plain types, tuples of them, or dataclasses.
    data : mapping
        Keys are field names.
    where : str
        Where the data comes from, for the error.

    Raises
    ------
    ExperimentError
        On an unknown key (it names the nearest) or a value of the wrong type.
    """
    if not isinstance(data, Mapping):
        raise ExperimentError(f"{where}: expected a table of settings, got {data!r}")
    known = [field.name for field in fields(cls)]  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            raise ExperimentError(f"{where}: unknown key {key!r}; {nearest(str(key), known)}")
    hints = get_type_hints(cls)
    return cls(**{key: _convert(hints[key], value, f"{where}: {key}") for key, value in data.items()})


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(arguments, value, where)
    if origin in (Union, types.UnionType):
        return _union(arguments, value, where)
    if origin is tuple:
        values = value if isinstance(value, (list, tuple)) else [value]
        return tuple(_convert(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(values))
    if hasattr(hint, "__dataclass_fields__"):
        return value if isinstance(value, hint) else build(hint, value, where)
    return _plain(origin or hint, value, where)


def _literal(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in choices:
        raise ExperimentError(f"{where}: got {value!r}; {nearest(str(value), map(str, choices))}")
    return value


def _union(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in choices:
        return None
    reasons = []
    for choice in choices:
        if choice is type(None):
            continue
        try:
            return _convert(choice, value, where)
        except ExperimentError as error:
            reasons.append(str(error))
    raise ExperimentError(reasons[-1])


def _plain(kind: type, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ExperimentError(f"{where}: expected {kind.__name__}, got {value!r}")
    return value
