"""What stands beside the tensors in a checkpoint: one JSON document, validated when it is read."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from tapedeck.checkpoints.assembly import MOST_OF_A_SIZE
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, quoted
from tapedeck.ntm import MIN_LOCATIONS, MachineSpec, NTMConfig

FORMAT_VERSION = 2
"""Goes up when a file of the new kind would mislead a reader of the old one."""

Size = Annotated[int, Field(ge=1, le=MOST_OF_A_SIZE)]
Count = Annotated[int, Field(ge=0, lt=2**53)]  # beyond it JavaScript's numbers are not exact
Document = dict[str, JsonValue]


class Sizes(BaseModel):
    """The fields of `NTMConfig`, as format 1 has them."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    locations: Annotated[int, Field(ge=MIN_LOCATIONS, le=MOST_OF_A_SIZE)]
    width: Size
    bits: Size
    controller_size: Size


class Metadata(BaseModel):
    """The document. What each field means: see `CheckpointInfo`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format_version: int = FORMAT_VERSION
    name: Annotated[str, Field(min_length=1, max_length=200)]
    task: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
    sequences_seen: Count | None
    seed: Count | None
    metrics: Document
    origin: Document

    @property
    def spec(self) -> MachineSpec:
        """What the machine is.

        Raises:
            CheckpointUnreadable: no machine can be that.
        """
        raise NotImplementedError


class FirstMetadata(Metadata):
    """Format 1: a machine built as the reference's, by its sizes."""

    config: Sizes

    @property
    def spec(self) -> MachineSpec:
        """The reference's, of these sizes."""
        return NTMConfig(**self.config.model_dump()).spec


class SecondMetadata(Metadata):
    """Format 2: any machine, by its specification."""

    machine: Document

    @property
    def spec(self) -> MachineSpec:
        """As it stands there."""
        try:
            return MachineSpec.from_document(self.machine)
        except InvalidConfiguration as error:
            raise CheckpointUnreadable(f"it does not describe a machine: {error.detail}") from error


READERS: dict[int, type[Metadata]] = {1: FirstMetadata, 2: SecondMetadata}


def parse(text: str) -> Metadata:
    """The document from its JSON.

    Raises:
        CheckpointUnreadable: not JSON, of another format version, or a field is missing, unknown or of a wrong type.
    """
    try:
        document = orjson.loads(text)
        orjson.dumps(document)  # what was nested too deeply to be sent on must not break the list of all the others
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise CheckpointUnreadable(f"its metadata is not valid JSON: {error}.") from error
    version = document.get("format_version") if isinstance(document, dict) else None
    if isinstance(version, int) and version not in READERS:
        raise CheckpointUnreadable(
            f"it is of format version {version}; this version of Tapedeck reads {' and '.join(map(str, READERS))}."
        )
    reader = READERS[version] if isinstance(version, int) else SecondMetadata
    try:
        return reader.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:80]
        raise CheckpointUnreadable(
            f"its metadata is wrong at {quoted(where) if where else 'the top'}: {first['msg']}."
        ) from error
