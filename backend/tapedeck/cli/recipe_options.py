"""A recipe as it is said on the command line: a TOML file, `--set`, and options of their own for what is changed most.

The command line beats the file, and the file beats the defaults.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tapedeck.errors import InvalidConfiguration
from tapedeck.training.recipe import Recipe


def recipe_fields(
    task: str, file: Path | None, settings: Sequence[str], options: Mapping[str, object | None]
) -> dict[str, Any]:
    """The fields of a recipe that somebody has set.

    Args:
        task: of the recipe.
        file: a TOML file of fields.
        settings: such as "steepness=4", the value as in TOML.
        options: fields with options of their own; None where one was not given.

    Raises:
        InvalidConfiguration: the file cannot be read or is no TOML, a setting is none, or there is no such field.
    """
    fields = {} if file is None else _read(file)
    fields |= _settings(settings)
    fields |= {name: value for name, value in options.items() if value is not None}
    return fields | {"task": task}


def _read(file: Path) -> dict[str, Any]:
    try:
        fields = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidConfiguration(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise InvalidConfiguration(f"{file} is no TOML: {error}.") from error
    try:
        Recipe.check_names(fields)
    except InvalidConfiguration as error:
        raise InvalidConfiguration(f"{file}: {error.detail}", field=error.field) from error
    return fields


def _settings(settings: Sequence[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for setting in settings:
        try:
            fields |= tomllib.loads(setting)
        except tomllib.TOMLDecodeError as error:
            raise InvalidConfiguration(
                f"--set takes a field and a value as in TOML, such as steepness=4; got {setting!r}."
            ) from error
    Recipe.check_names(fields)
    return fields
