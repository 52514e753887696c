"""Machines that others trained, from their own files, against traces of their own programs.

The files do not ship with this project; FOLDER is where they are.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from tapedeck.checkpoints.importers import Chosen, Imported, family_c, import_file
from tapedeck.checkpoints.importers.finding import find
from tapedeck.checkpoints.importers.playing import play_all
from tapedeck.checkpoints.importers.reading import read_tensors
from tapedeck.checkpoints.importers.starting import read_start
from tapedeck.tracing import prepare

VARIABLE = "TAPEDECK_FOREIGN_CHECKPOINTS"
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).parents[4] / "shared" / "foreign-checkpoints")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"machines of others are not here ({VARIABLE} names their folder): skipped"
)

EXPECTED = {
    "clemkoa-copy.pt": ("C", "1", "copy", 160, 0),
    "geektoni-prioritysort-8-16.model": ("A", "3", "priority_sort", 512, 12),
    "oza15015-copy-mysoft+cos.model": ("A", "3", "copy", 160, 0),
    "vlgiitr-copy_500000.pt": ("B", "1", "copy", 160, 0),
    "vlgiitr-associative_100000.pt": ("B", "1", "associative_recall", 180, 0),
    "vlgiitr-prioritysort_100000.pt": ("B", "1", "priority_sort", 512, 5),
}
"""Family, variant, task, bits, and how many of them may be wrong."""


@cache
def imported_as_recorded(name: str) -> Imported:
    """From the first reads of the trace, where its program drew them."""
    path = FOLDER / f"{Path(name).stem}.trace.npz"
    drawn = path.exists() and "initial_reads" in np.load(path)
    return import_file(FOLDER / name, Chosen(start=read_start(path) if drawn else None))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_public_machine_plays_as_in_its_own_program(name: str) -> None:
    family, variant, task, bits, most = EXPECTED[name]
    path = FOLDER / f"{Path(name).stem}.trace.npz"
    recorded = np.load(path) if path.exists() else None
    imported = imported_as_recorded(name)
    played = imported.played
    assert (played.family.name, played.variant.name, played.hears.task) == (family, variant, task)
    assert (played.bits, imported.unknown) == (bits, [])
    assert played.wrong <= most
    assert not imported.invented
    if recorded is None:
        return
    with torch.inference_mode():
        outputs, state, traces = imported.machine(torch.from_numpy(recorded["input"]))
    weightings = np.stack([[head.addressing.weighting.numpy() for head in step.heads] for step in traces])
    np.testing.assert_allclose(outputs.numpy(), recorded["output"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(weightings, recorded["weightings"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(state.memory.numpy(), recorded["memory"][-1], rtol=0, atol=3e-5)


def test_what_is_typed_is_laid_out_as_the_program_did() -> None:
    """The inputs of a run are those of its program's own trace, step by step."""
    for name, bits, delimiters in (("clemkoa-copy.pt", 8, slice(0, 6)), ("vlgiitr-copy_500000.pt", 8, slice(1, 7))):
        recorded = np.load(FOLDER / f"{Path(name).stem}.trace.npz")
        machine = imported_as_recorded(name).machine
        run = prepare(machine, "copy", recorded["input"][delimiters, :bits].astype(int).tolist())
        np.testing.assert_array_equal(run.episode.inputs.numpy(), recorded["input"])
    recorded = np.load(FOLDER / "geektoni-prioritysort-8-16.trace.npz")
    heard = recorded["input"][:16]
    machine = imported_as_recorded("geektoni-prioritysort-8-16.model").machine
    given = {"vectors": heard[:, :8].astype(int).tolist(), "priorities": [float(each) for each in heard[:, 8]]}
    run = prepare(machine, "priority_sort", given)
    np.testing.assert_array_equal(run.episode.inputs.numpy()[:29], recorded["input"])


def test_a_run_of_a_public_machine_gives_what_its_program_gave() -> None:
    """Through the engine that the page and the service use."""
    recorded = np.load(FOLDER / "clemkoa-copy.trace.npz")
    machine = imported_as_recorded("clemkoa-copy.pt").machine
    trace = prepare(machine, "copy", recorded["input"][:6, :8].astype(int).tolist()).trace()
    np.testing.assert_allclose(trace.arrays["outputs"], recorded["output"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(trace.arrays["read.weighting"], recorded["weightings"][:, 0], rtol=0, atol=1e-5)
    np.testing.assert_allclose(trace.memories(), recorded["memory"], rtol=0, atol=3e-5)
    assert trace.bit_errors == 0


def test_the_wrong_variant_plays_noise() -> None:
    family = family_c.FAMILY
    found = find(read_tensors(FOLDER / "clemkoa-copy.pt")[0], family.keys[0])
    assert found is not None
    mended = [each for each in play_all(family, found, family.hears[:1], Chosen()) if each.variant.name == "2"]
    assert min(each.share for each in mended) > 0.2
