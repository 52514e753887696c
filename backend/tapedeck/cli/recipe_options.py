"""A recipe as it is said on the command line: a TOML file, `--set`, and options of their own for what is changed most.

The command line beats the file, and the file beats the defaults.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.training.recipes import AnyRecipe, default_recipe


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
        InvalidConfiguration: there is no such task or field, the file cannot be read or is not TOML, or a setting is
            none.
    """
    recipe = default_recipe(task)
    fields = {} if file is None else _read(file, recipe)
    fields |= _settings(settings, recipe)
    fields |= {name: value for name, value in options.items() if value is not None}
    return fields | {"task": task}


def _read(file: Path, recipe: AnyRecipe) -> dict[str, Any]:
    try:
        fields = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidConfiguration(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise InvalidConfiguration(f"{file} is not valid TOML: {error}.") from error
    try:
        recipe.check_names(fields)
    except InvalidConfiguration as error:
        raise InvalidConfiguration(f"{file}: {error.detail}", field=error.field) from error
    return fields


def _settings(settings: Sequence[str], recipe: AnyRecipe) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for setting in settings:
        try:
            fields |= tomllib.loads(setting)
        except tomllib.TOMLDecodeError as error:
            raise InvalidConfiguration(
                f"--set takes a field and a value as in TOML, such as steepness=4; got {quoted(setting)}."
            ) from error
    recipe.check_names(fields)
    return fields
