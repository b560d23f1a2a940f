"""Parameters say what they accept in their annotation; one function checks them all."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from adapters.errors import DataError

if TYPE_CHECKING:
    from adapters.base import Adapter


@dataclass(frozen=True)
class Range:
    """Smallest and largest value of a number, both allowed."""

    low: float
    high: float = math.inf


Count = Annotated[int, Range(1)]
_PLAIN: dict[Any, tuple[tuple[type, ...], str]] = {
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    str: ((str,), "a string"),
    NoneType: ((NoneType,), "none"),
}


def check_parameters(adapter: Adapter) -> None:
    """Compare every parameter with its annotation.

    Parameters
    ----------
    adapter : Adapter
        Its fields may be annotated ``bool``, ``int``, ``float``, ``str``, ``Literal``,
        a union of these with ``None``, or ``Annotated[number, Range(low, high)]``.

    Raises
    ------
    DataError
        At the first parameter that does not fit.

    Examples
    --------
    >>> from adapters.image import Image
    >>> check_parameters(Image(height=16))
    """
    hints = get_type_hints(type(adapter), include_extras=True)
    for parameter in fields(adapter):
        value, hint = getattr(adapter, parameter.name), hints[parameter.name]
        if not _fits(value, hint):
            raise DataError(f"{adapter.name}: expected {parameter.name} to be {_words(hint)}, got {value!r}")


def _fits(value: Any, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in args
    if origin in (Union, UnionType):
        return any(_fits(value, arg) for arg in args)
    if origin is Annotated:
        return _fits(value, args[0]) and bool(args[1].low <= value <= args[1].high)
    if isinstance(value, bool) and hint is not bool:
        return False
    return isinstance(value, _PLAIN[hint][0]) and (not isinstance(value, float) or math.isfinite(value))


def _words(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(repr(arg) for arg in args)
    if origin in (Union, UnionType):
        return " or ".join(_words(arg) for arg in args)
    if origin is Annotated:
        low, high = args[1].low, args[1].high
        return f"{_words(args[0])} of at least {low:g}" + (f" and at most {high:g}" if math.isfinite(high) else "")
    return _PLAIN[hint][1]
