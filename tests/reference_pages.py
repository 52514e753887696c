"""The pages of docs/ that are made from the code: commands from their parsers, settings from their classes.

`python -m tests.reference_pages` (`make docs`) writes them anew; a test holds them to the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import COMMANDS, command
from tapedeck.compiled.settings import EngineSettings
from tapedeck_page.settings import PageSettings

DOCS = Path(__file__).parents[1] / "docs"
SETTINGS: dict[str, type[BaseSettings]] = {
    "The service": ApiSettings,
    "The engine": EngineSettings,
    "The page on a server of its own": PageSettings,
}

MADE = "<!-- Made by `make docs` from the code; not written by hand. -->"


def pages() -> dict[Path, str]:
    """Each page by its file."""
    return {
        DOCS / "commands.md": "\n".join([MADE, *_commands()]) + "\n",
        DOCS / "settings.md": "\n".join([MADE, *_settings()]) + "\n",
    }


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "`tapedeck --help` and `tapedeck COMMAND --help` say the same. `tapedeck --install-completion` lets the shell"
    yield "complete commands and options. What goes wrong in a way that the project knows is one sentence on standard"
    yield "error and exit code 2."
    for name in COMMANDS:
        yield from _command(name, command(name))


def _command(name: str, declared: Any) -> Iterator[str]:
    parameters = sorted(declared.params, key=lambda each: each.param_type_name != "argument")
    spelled = {each.name: _spelled(each, typer.Context(declared)) for each in parameters}
    needed = " ".join(spelled[each.name].replace("`", "") for each in parameters if each.required)
    yield ""
    yield f"## tapedeck {name}"
    yield ""
    yield inspect.cleandoc(declared.help or "")
    yield ""
    yield f"    tapedeck {name} {needed} [OPTIONS]".replace("  [", " [")
    if parameters:
        yield ""
        yield "| | | default |"
        yield "| --- | --- | --- |"
    for each in parameters:
        yield f"| {spelled[each.name]} | {_cell(each.help or '')} | {_default(each)} |"


def _spelled(parameter: Any, context: typer.Context) -> str:
    kind = _cell(parameter.metavar or parameter.display_type(context))
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} `{kind}`"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "must be given"
    shown = [f"`{parameter.envvar}`"] if parameter.envvar else []
    given = parameter.default() if callable(parameter.default) else parameter.default
    if isinstance(given, str | int | float | Path) and not isinstance(given, bool):
        shown.append(_value(getattr(given, "value", given)))
    return ", or ".join(shown)


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "All are read from the environment when a server starts; those of the engine in every process."
    for heading, settings in SETTINGS.items():
        said = _attributes(settings)
        prefix = settings.model_config["env_prefix"]
        yield ""
        yield f"## {heading}"
        yield ""
        yield "| setting | default | what it is |"
        yield "| --- | --- | --- |"
        for name, field in settings.model_fields.items():
            default = "" if field.default is PydanticUndefined else _value(field.default)
            yield f"| `{prefix}{name.upper()}` | {default} | {_cell(said[name])} |"


def _attributes(settings: type[BaseSettings]) -> dict[str, str]:
    """What the class says of each of its fields."""
    _, _, attributes = inspect.cleandoc(settings.__doc__ or "").partition("Attributes:\n")
    said = {}
    for entry in re.split(r"\n(?=    \S)", attributes.rstrip()):
        name, _, text = entry.strip().partition(":")
        said[name] = " ".join(text.split())
    return said


def _value(value: Any) -> str:
    if value == SHIPPED_CHECKPOINTS:
        return "those that ship"
    if value in ((), ""):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{getattr(value, 'value', value)}`"


def _cell(text: str) -> str:
    """Fit for a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)
