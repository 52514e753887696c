"""Whether the compiled engine may stand in for a machine: measured, on inputs of its task, against the torch module.

Both round in float32, and neither is nearer to what exact numbers would give. Most machines do not amplify that: from
step to step their numbers stay within 1e-6 of one another. One that is half trained may: there the engines agree in
every single step and come apart over a run. For such a machine the definition counts, which is torch's.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import torch
from torch import Generator

from tapedeck.compiled.kept import KEPT, Answer
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.made import MadeOf
from tapedeck.compiled.running import CompiledBatch
from tapedeck.errors import TapedeckError
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.tasks import bits_of, task_as_heard

TOLERANCE = 1e-5
"""Of an output, relative to the largest of its run, or to 1 where that is less."""

SAMPLES = 64
"""Of each of the two smallest sizes that the task names."""

MOST_BEYOND = 0.07
"""The share of the samples that may come out beyond the tolerance, for a rare one does of any machine."""

SEED = 1410_5401

ILL_CONDITIONED = "this machine amplifies the rounding of its numbers, so that only the definition can speak for it"


class Measured(NamedTuple):
    """What was measured of a machine: why it may not run compiled, if so, and whether every sampled run agreed."""

    problem: str | None
    steady: bool = False


class Fitness:
    """What was measured of machines, by their parameters."""

    def __init__(self) -> None:
        self._found: dict[bytes, Measured] = {}
        self._digests: MadeOf[bytes] = MadeOf()
        self._asked: set[bytes] = set()

    def found(self, machine: NeuralTM) -> Measured | None:
        """What was measured of it; None where it was not."""
        return self._found.get(self._digest(machine))

    def measure(self, machine: NeuralTM, task: str) -> Measured:
        """Measures a machine, once; some 0.1 s, where no process before has. The kernels must be ready."""
        digest = self._digest(machine)
        if digest not in self._found:
            try:
                self._found[digest] = _measured_once(machine, task, digest)
            except TapedeckError as error:  # its task cannot be asked of it, or its numbers overflow
                self._found[digest] = Measured(f"it could not be compared with the compiled engine: {error.detail}")
        return self._found[digest]

    def measure_soon(self, machine: NeuralTM, task: str) -> None:
        """The same in the background, once the kernels are ready."""
        digest = self._digest(machine)
        if digest not in self._asked and digest not in self._found:
            self._asked.add(digest)
            KERNELS.in_background(lambda: self._measure_after_all(machine, task))

    def _measure_after_all(self, machine: NeuralTM, task: str) -> None:
        if KERNELS.ready:
            self.measure(machine, task)
        else:
            self._asked.discard(self._digest(machine))

    def _digest(self, machine: NeuralTM) -> bytes:
        return self._digests.get(machine, None, lambda: _digested(machine))


def _digested(machine: NeuralTM) -> bytes:
    found = hashlib.sha256(repr(machine.spec).encode())
    for value in (*machine.state_dict().values(), *machine.initial_state().tensors()):
        found.update(value.detach().contiguous().numpy().tobytes())
    return found.digest()


def _measured_once(machine: NeuralTM, task: str, digest: bytes) -> Measured:
    key = hashlib.sha256(repr((digest, task, TOLERANCE, SAMPLES, MOST_BEYOND, SEED)).encode()).hexdigest()
    known = KEPT.get(key)
    if known is not None:
        return Measured(None if known.fits else ILL_CONDITIONED, known.steady)
    found = measured(machine, task)
    KEPT.put(key, Answer(found.problem is None, found.steady))
    return found


FITNESS = Fitness()
"""This process's."""


def uncovered(machine: NeuralTM) -> str | None:
    """Why the kernels do not know such a machine; None where they do."""
    weight = machine.output_layer.weight
    if weight.dtype != torch.float32:
        return f"the numbers of this machine are {str(weight.dtype).removeprefix('torch.')}"
    return None if weight.device.type == "cpu" else f"this machine is on {weight.device.type}"


def measured(machine: NeuralTM, task: str) -> Measured:
    """Runs both engines on samples of its task; few enough of them may come out beyond the tolerance."""
    beyond, count = 0, 0
    for inputs in _samples(machine, task):
        start = machine.initial_state()
        with torch.inference_mode():
            expected = machine(inputs, machine.initial_state(inputs.shape[1]))[2]
            unclamped = torch.stack([step.unclamped_output for step in expected])
        found, _ = CompiledBatch(machine, start, inputs.shape[1], 1).advance(inputs)
        one, other = map(ACTIVATIONS[machine.spec.output.activation].function, (unclamped, found))
        scale = one.abs().amax(dim=(0, 2)).clamp_min(1)
        apart = (one - other).abs().amax(dim=(0, 2)) / scale
        beyond += int((~(apart <= TOLERANCE)).sum())
        count += inputs.shape[1]
    return Measured(None if beyond <= MOST_BEYOND * count else ILL_CONDITIONED, steady=not beyond)


def _samples(machine: NeuralTM, task: str) -> Any:
    known = task_as_heard(machine.spec, task)
    bits = bits_of(machine.spec, known)
    for place in range(2):
        size = {each.name: each.values[min(place, len(each.values) - 1)] for each in known.sizes}
        examples = known.sample(Generator().manual_seed(SEED + place), size, SAMPLES, bits)
        yield known.episode(examples).inputs.to(torch.float32)
