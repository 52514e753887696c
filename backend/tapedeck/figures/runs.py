"""The runs that figures show: random examples, the same for the same seed and size."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor

import numpy as np
import torch
from torch import Generator, Tensor

from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import InvalidRequest
from tapedeck.executing import in_order, outcomes
from tapedeck.ntm.threads import one_thread
from tapedeck.tasks import bits_of, task_as_heard
from tapedeck.tasks.task import Size
from tapedeck.tracing import Run, Trace, prepare

MOST_LOCATIONS = 4096

Example = tuple[Checkpoint, Size, int | None, int]
"""A machine, the size of an example, N or None, and the seed of its bits: as `random_run` takes them."""


def traces(examples: Iterable[Example], executor: Executor | None = None) -> list[Trace]:
    """What becomes of random examples, in their order.

    Args:
        examples: which ones.
        executor: where they are run; here, where it is None.

    Raises:
        NonFinite: the numbers of a machine overflow.
        WorkerLost, ClusterError: whoever ran one died, or the cluster was lost.
    """
    return [outcome.result() for outcome in in_order(outcomes(executor, _trace, examples))]


def _trace(example: Example) -> Trace:
    with one_thread():  # the machines are too small for more to help
        return random_run(*example).trace()


def random_run(checkpoint: Checkpoint, size: int | Size, locations: int | None, seed: int) -> Run:
    """A run on fair, independent bits that is ready to start.

    Args:
        checkpoint: the machine.
        size: of the example, each number by its name; a number alone is the length of a copy.
        locations: N; None for the machine's own.
        seed: of the bits, which depend on nothing but it, the size and the machine's bits a vector.

    Raises:
        InvalidRequest: a size, a number of locations or a seed that no figure can have.
    """
    task = task_as_heard(checkpoint.info.spec, checkpoint.info.task)
    size = {task.sizes[0].name: size} if isinstance(size, int) else size
    for each in task.sizes:  # beyond the most, a time step would be finer than print
        if not each.least <= size[each.name] <= each.most:
            raise InvalidRequest(_wrong(each.of, each.least, each.most, size[each.name]))
    if locations is not None and locations > MOST_LOCATIONS:
        raise InvalidRequest(f"There can be at most {MOST_LOCATIONS:,} locations, got {locations:,}.")
    if seed < 0:
        raise InvalidRequest(f"A seed must be 0 or more, got {seed}.")
    random = np.random.default_rng((seed, *(size[each.name] for each in task.sizes)))

    def draw(_: Generator, length: int, count: int, bits: int) -> Tensor:
        return torch.from_numpy(random.integers(2, size=(length, count, bits))).float()

    examples = task.sample(Generator().manual_seed(seed), size, 1, bits_of(checkpoint.info.spec, task), draw)
    return prepare(checkpoint.machine, task.name, task.document(task.part(examples, 0)), locations)


def _wrong(of: str, least: int, most: int, got: int) -> str:
    what = "A sequence" if of == "vectors" else "An example"
    return f"{what} must have {least:,} to {most:,} {of}, got {got:,}."
