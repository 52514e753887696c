"""What can be set about the engine, from the environment, for a service, the command line and the library alike."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tapedeck.errors import InvalidConfiguration, quoted

ENGINE, ENGINE_CACHE = "TAPEDECK_ENGINE", "TAPEDECK_ENGINE_CACHE"


class EngineChoice(StrEnum):
    """Which engine computes runs: compiled as soon as that is ready; torch alone; compiled, and waited for."""

    AUTO = "auto"
    TORCH = "torch"
    COMPILED = "compiled"


class EngineSettings(BaseSettings):
    """Settings of the engine; each is read from TAPEDECK_<NAME>.

    Attributes:
        engine: what computes runs: `auto`, compiled as soon as that is ready, and until then torch; `torch` alone;
            `compiled`, for which the first run waits. Machines that amplify rounding stay with torch.
        engine_cache: the folder in which compiled kernels are kept, which nobody else may write to; `tapedeck` in the
            user's folder of caches where it is empty.
    """

    model_config = SettingsConfigDict(env_prefix="TAPEDECK_", frozen=True, env_ignore_empty=True)

    engine: EngineChoice = EngineChoice.AUTO
    engine_cache: Path | None = None


def read() -> EngineSettings:
    """As the environment is now.

    Raises:
        InvalidConfiguration: it names an engine that there is not.
    """
    return _read(os.environ.get(ENGINE), os.environ.get(ENGINE_CACHE))


@cache
def _read(engine: str | None, _cache: str | None) -> EngineSettings:
    """Looked at anew when either changes: a run asks each time."""
    try:
        return EngineSettings()
    except ValidationError as error:
        choices = [*EngineChoice]
        raise InvalidConfiguration(
            f"{ENGINE} is {quoted(engine or '')}; it must be {', '.join(choices[:-1])} or {choices[-1]}."
        ) from error
