"""`tapedeck warm`: the compiled engine, made ready ahead."""

from __future__ import annotations

from time import perf_counter

import typer

from tapedeck.compiled import cache, settings
from tapedeck.compiled.loading import KERNELS
from tapedeck.errors import InvalidConfiguration


def warm() -> None:
    """Compile the engine now, so that no process has to later, and say where it is kept."""
    kept, began = KERNELS.kept(), perf_counter()
    if not KERNELS.load():
        raise InvalidConfiguration(f"There is no compiled engine: {KERNELS.problem}.")
    made = f"{KERNELS.about['version']} for {KERNELS.about['cpu']}"
    place = cache.folder()
    if place is None:
        raise InvalidConfiguration(
            f"It compiled, with {made}, but cannot be kept in {cache.said()}: that folder must be one that nobody else "
            f"may write to. Name another with {settings.ENGINE_CACHE}."
        )
    said = "It was compiled already" if kept else f"Compiled in {perf_counter() - began:.1f} s"
    typer.echo(f"{said}, with {made}. It is kept in {place}.")
