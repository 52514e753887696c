"""From plain JSON to frozen dataclasses, with a sentence for each fault."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tapedeck.errors import InvalidConfiguration, quoted

T = TypeVar("T")

WORDS = {int: "a whole number", float: "a number", str: "text", tuple: "a list", types.NoneType: "null"}


def read_dataclass(kind: type[T], document: object, where: str = "") -> T:
    """An object of a dataclass whose fields are numbers, text, None, tuples and dataclasses of the same sort.

    Raises:
        InvalidConfiguration: a field is missing, unknown or of a wrong type, or the class refuses it.
    """
    at = where or "the specification"
    if not isinstance(document, Mapping):
        raise InvalidConfiguration(f"{at} must be an object, got {_short(document)}.", field=where or None)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := [name for name in document if name not in known]:
        raise InvalidConfiguration(
            f"{at} has no field {quoted(unknown[0])}; it has {', '.join(known)}.", field=where or None
        )
    hints = get_type_hints(kind)
    values = {}
    for name, field in known.items():
        inner = f"{where}.{name}" if where else name
        if name in document:
            values[name] = _read(hints[name], document[name], inner)
        elif field.default is MISSING:
            raise InvalidConfiguration(f"{at} must have the field {quoted(name)}.", field=inner)
    try:
        return kind(**values)
    except InvalidConfiguration as error:
        raise InvalidConfiguration(f"{where}: {error.detail}" if where else error.detail, field=error.field) from error


def _read(hint: Any, value: object, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        kinds = get_args(hint)
        if value is None and types.NoneType in kinds:
            return None
        return _read(next(kind for kind in kinds if kind is not types.NoneType), value, where)
    if origin is Literal:
        return value  # the class itself says which words there are
    if is_dataclass(hint):
        return read_dataclass(typing.cast("type[Any]", hint), value, where)
    return _read_list(hint, value, where) if origin is tuple else _read_plain(hint, value, where)


def _read_list(hint: Any, value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(tuple, value, where)
    return tuple(_read(get_args(hint)[0], each, f"{where}.{place}") for place, each in enumerate(value))


def _read_plain(hint: type, value: object, where: str) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise _wrong(hint, value, where)
    return value


def _wrong(kind: type, value: object, where: str) -> InvalidConfiguration:
    return InvalidConfiguration(f"{where} must be {WORDS[kind]}, got {_short(value)}.", field=where)


def _short(value: object) -> str:
    return quoted(value)[:60]
