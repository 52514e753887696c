"""What a deployment can set about the service, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tapedeck.api.root_path import RootPathSetting
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.ntm import MIN_LOCATIONS
from tapedeck.training.compiling import Compilation


class ApiSettings(BaseSettings):
    """Settings of the service; each is read from TAPEDECK_<NAME>.

    Attributes:
        checkpoints: the folder of the machines.
        max_sequence_length: vectors of one run.
        min_locations: N of one run, from here …
        max_locations: … to here.
        max_body_bytes: of a request body, and of a WebSocket message.
        max_concurrent_runs: on all connections together; others wait for their turn.
        max_waiting_runs: that wait at once; more are refused.
        max_wait: seconds that one waits before it is refused.
        max_work: of one request: steps · sequences · (N · W + H + C), and a share for the parameters. A unit takes 3 to
            5 ns.
        max_run_bytes: that everything being computed may take up in memory together.
        max_connections: at once; fewer where the limit of open files is lower.
        max_messages_per_second: on one WebSocket connection.
        send_timeout: seconds after which a client that reads nothing of its run or answer loses it.
        max_send_time: seconds that the service waits for a client to read a run or an answer, all in all: who reads a
            little now and then keeps no place for ever.
        workers: threads that run machines. The compiled engine runs beside the interpreter, so that two cores take two;
            torch's steps share it: ten runs take longer on two than on one.
        allowed_origins: of pages beside the service's own that may call it from a browser, with commas between;
            `*` allows every page.
        allowed_hosts: names, without a port, by which its own page is opened, with commas between; `*` for any. Not
            needed for addresses and localhost. Others are refused: whoever owns a name can have it lead here.
        root_path: the sub-path that a proxy serves page and service under, such as /tapedeck, whether or not it
            takes it off; empty leaves it to the proxy's X-Forwarded-Prefix.
        max_evaluation_vectors: of all sequences of one evaluation together.
        training: whether machines may be trained here. Off for everybody's use: a training takes a core for minutes.
        runs: the folder of what is trained here; made when it is needed.
        more_runs: folders of machines trained elsewhere, with commas between, listed after it and never written to.
        training_compilation: whether the steps are compiled for each training: auto where that works, always, never.
        max_training_jobs: that train or wait.
        max_training_sequences: of one training.
        max_training_bytes: that one update of a training may take up in memory.
    """

    model_config = SettingsConfigDict(env_prefix="TAPEDECK_", frozen=True)

    checkpoints: Path = SHIPPED_CHECKPOINTS
    max_sequence_length: PositiveInt = 1000
    min_locations: Annotated[int, Field(ge=MIN_LOCATIONS)] = MIN_LOCATIONS
    max_locations: Annotated[int, Field(ge=MIN_LOCATIONS)] = 4096
    max_body_bytes: PositiveInt = 256 * 1024
    max_concurrent_runs: PositiveInt = 32
    max_waiting_runs: NonNegativeInt = 256
    max_wait: PositiveFloat = 10
    max_work: PositiveInt = 20_000_000_000
    max_run_bytes: PositiveInt = 1024**3
    max_connections: PositiveInt = 1000
    max_messages_per_second: PositiveFloat = 50
    send_timeout: PositiveFloat = 30
    max_send_time: PositiveFloat = 300
    workers: PositiveInt = 1
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    root_path: RootPathSetting = ""
    max_evaluation_vectors: PositiveInt = 1_000_000
    training: bool = True
    runs: Path = Path("runs")
    more_runs: Annotated[tuple[Path, ...], NoDecode] = ()
    training_compilation: Compilation = Compilation.AUTO
    max_training_jobs: PositiveInt = 20
    max_training_sequences: PositiveInt = 10_000_000
    max_training_bytes: PositiveInt = 1024**3

    @field_validator("allowed_hosts")
    @classmethod
    def _as_browsers_send(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.lower() for name in given)

    @field_validator("more_runs", mode="before")
    @classmethod
    def _split_folders(cls, given: object) -> object:
        return tuple(filter(None, map(str.strip, given.split(",")))) if isinstance(given, str) else given

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        return tuple(origin.strip().rstrip("/") for origin in given.split(",") if origin.strip())
